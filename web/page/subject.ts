/** What a taggram on the page is of: a model's scores, or what two models' scores differ by. */
import type { BundledModel } from '../taggram.ts';
import { Difference } from './difference.ts';
import { theme } from './dom.ts';
import { score, signed } from './format.ts';
import type { Grounds, ScaleWords } from './grounds.ts';
import { differenceScale, LINE_COLOURS, scoreScale, type Scale } from './palette.ts';
import type { Scores } from './raster.ts';
import type { Listening } from './run.ts';
import type { Selection } from './selection.ts';
import type { Line } from './traces.ts';

export interface Subject {
  title: string;
  /** The models and the hop, in words. */
  source: string;
  tags: readonly string[];
  /** Seconds: of the audio, from answer to answer, and that one answer is about. */
  duration: number;
  hop: number;
  length: number;
  scores(): Scores;
  /** What rows are sorted by; null while nothing is known. */
  strengths(): ArrayLike<number> | null;
  /** A number for each row's end. */
  numbers(): string[];
  scale(): Scale;
  words: ScaleWords;
  grounds(): Grounds;
  lines(selection: Selection): Line[];
  /** A cell's number in words. */
  answer(tag: number, segment: number): string;
}

/** A rest at the song's end below this many seconds is not worth a word. */
export const WORTH_TELLING = 0.1;

export function scoresOf(listening: Listening): Subject {
  const { model, song, hop, length } = listening;
  const tags = model.tags;
  const scores = (): Scores => song?.scores ?? { segments: [], rows: [], tagCount: tags.length, hop };
  const isHeard = () => song !== undefined && song.counted > 0;
  return {
    title: model.name,
    source: `${model.name}, Taggram ${model.version}, hop ${hop} s`,
    tags,
    duration: song?.duration ?? 0,
    hop,
    length: song ? length : 0,
    scores,
    strengths: () => (isHeard() ? song!.means : null),
    numbers: () => (isHeard() ? Array.from(song!.means, score) : []),
    scale: () => scoreScale(theme()),
    words: { name: 'score', from: '0', to: '1' },
    grounds: () => ({
      silent: song?.hasSilence ?? false,
      padded: song?.isPadded ?? false,
      unheard: listening.result !== undefined && song!.unheard >= WORTH_TELLING,
    }),
    lines: (selection) => linesOf(selection, tags, scores(), false, model),
    answer: (tag, segment) => score(song!.score(segment, tag)),
  };
}

/** The second's scores less the first's. */
export function differenceOf(first: Listening, second: Listening): Subject {
  const [a, b] = [scoresOf(first), scoresOf(second)];
  const difference = new Difference(
    { tags: a.tags, scores: () => a.scores() },
    { tags: b.tags, scores: () => b.scores() },
  );
  const { tags } = difference;
  const [one, two] = [first.model.name, second.model.name];
  const { from, to } = differenceScale(theme());
  const cell = ({ model, song }: Listening, tag: number, segment: number) =>
    `${model.name} ${score(song!.score(segment, model.tags.indexOf(tags[tag]!)))}`;
  return {
    ...a,
    title: `${two} less ${one}`,
    source: `${two} less ${one}, Taggram ${first.model.version}, hop ${first.hop} s`,
    tags,
    scores: () => difference.scores,
    strengths: () => (difference.counted > 0 ? difference.distances() : null),
    numbers: () => (difference.counted > 0 ? difference.distances().map(score) : []),
    scale: () => differenceScale(theme()),
    words: {
      name: 'difference',
      from: `${signed(from)} or less, ${one} higher`,
      to: `${signed(to)} or more, ${two} higher`,
    },
    lines: (selection) => [
      ...linesOf(selection, tags, a.scores(), false, first.model),
      ...linesOf(selection, tags, b.scores(), true, second.model),
    ],
    answer: (tag, segment) =>
      `${signed(difference.scores.rows[segment]![tag]!)} (${cell(first, tag, segment)}, ${cell(second, tag, segment)})`,
  };
}

/** A line for each chosen tag that is shown, in the order in which they were chosen. */
function linesOf(
  selection: Selection,
  shown: readonly string[],
  scores: Scores,
  dashed: boolean,
  model: BundledModel,
): Line[] {
  return selection.names
    .filter((tag) => shown.includes(tag))
    .map((tag) => ({
      tag,
      model: model.name,
      colour: LINE_COLOURS[theme()][selection.slot(tag)!]!,
      dashed,
      scores,
      column: model.tags.indexOf(tag),
    }));
}
