/** What a taggram on the page is of: a model's scores, or what two models' scores differ by. */
import { say } from './language.ts';
import { Difference } from './difference.ts';
import { theme } from './dom.ts';
import { score, signed } from './format.ts';
import type { Grounds, ScaleWords } from './grounds.ts';
import { differenceScale, LINE_COLOURS, scoreScale, type Scale } from './palette.ts';
import { Scores } from './raster.ts';
import type { Part } from './part.ts';
import type { Selection } from './selection.ts';
import type { Line } from './traces.ts';

export interface Subject {
  title: string;
  /** The models and the hop, in words. */
  source: string;
  tags: readonly string[];
  /** The lists that the tags are of, in equal parts; of most models there are none. */
  lists: readonly string[];
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

export function scoresOf(part: Part): Subject {
  const { listening, tags, lists, song } = part;
  const { model, hop, length } = listening;
  const none = new Scores(tags.length, hop);
  const scores = () => (song && part.song!.scores) ?? none;
  const isHeard = () => song !== undefined && part.song!.counted > 0;
  return {
    title: model.name,
    source: `${model.name}, Taggram ${model.version}, hop ${hop} s`,
    tags,
    lists,
    get duration() {
      return song?.duration ?? 0;
    },
    hop,
    length: song ? length : 0,
    scores,
    strengths: () => (isHeard() ? song!.means : null),
    numbers: () => (isHeard() ? Array.from(song!.means, score) : []),
    scale: () => scoreScale(theme()),
    words: { name: say`score`, from: '0', to: '1' },
    grounds: () => ({
      silent: song?.hasSilence ?? false,
      padded: song?.isPadded ?? false,
      unheard: listening.result !== undefined && song!.unheard >= WORTH_TELLING,
    }),
    lines: (selection) => linesOf(selection, tags, scores(), false, part),
    answer: (tag, segment) => score(song!.score(segment, tag)),
  };
}

/** The second's scores less the first's. */
export function differenceOf(first: Part, second: Part): Subject {
  const [a, b] = [scoresOf(first), scoresOf(second)];
  const difference = new Difference(
    { tags: a.tags, scores: () => a.scores() },
    { tags: b.tags, scores: () => b.scores() },
  );
  const { tags } = difference;
  const [one, two] = [first, second].map(({ listening }) => listening.model.name) as [string, string];
  const { from, to } = differenceScale(theme());
  const cell = (part: Part, tag: number, segment: number) =>
    `${part.listening.model.name} ${score(part.song!.score(segment, part.tags.indexOf(tags[tag]!)))}`;
  return {
    ...a,
    get duration() {
      return a.duration;
    },
    title: say`${two} less ${one}`,
    source: `${two} less ${one}, Taggram ${first.listening.model.version}, hop ${first.listening.hop} s`,
    tags,
    lists: tags.length === a.tags.length ? a.lists : [],
    scores: () => difference.scores,
    strengths: () => (difference.counted > 0 ? difference.distances() : null),
    numbers: () => (difference.counted > 0 ? difference.distances().map(score) : []),
    scale: () => differenceScale(theme()),
    words: {
      name: say`difference`,
      from: say`${signed(from)} or less, ${one} higher`,
      to: say`${signed(to)} or more, ${two} higher`,
    },
    lines: (selection) => [
      ...linesOf(selection, tags, a.scores(), false, first),
      ...linesOf(selection, tags, b.scores(), true, second),
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
  part: Part,
): Line[] {
  return selection.names
    .filter((tag) => shown.includes(tag))
    .map((tag) => ({
      tag,
      model: part.listening.model.name,
      colour: LINE_COLOURS[theme()][selection.slot(tag)!]!,
      dashed,
      scores,
      column: part.tags.indexOf(tag),
    }));
}
