/**
 * JAMS, the JSON of music research (Humphrey et al., ISMIR 2014): the whole song's tags and every segment's, as two
 * annotations of the namespace tag_open. Silent segments have no tags.
 */
import { rankTags, type TaggedFile } from '../../taggram.ts';
import { shortened, timed } from './digits.ts';
import { separated } from './pieces.ts';

/** Of the schema that this follows. */
const JAMS_VERSION = '0.3.5';

interface Observation {
  time: number;
  duration: number;
  value: string;
  confidence: number;
}

/** `means[tag]` over the segments that are not silent; null when all are. */
export function* toJams(result: TaggedFile, means: ArrayLike<number> | null): Generator<string> {
  const { file, duration } = result;
  const facts = {
    file_metadata: {
      title: file,
      artist: '',
      release: '',
      duration,
      identifiers: { file },
      jams_version: JAMS_VERSION,
    },
    sandbox: {},
  };
  yield `${opened(facts)},"annotations":[`;
  yield* annotation(
    result,
    'Tags of the whole song; confidence is the mean score of the segments that are not silent.',
    means ? [wholeSong(result, means)] : [],
  );
  yield ',';
  yield* annotation(
    result,
    'Tags of each segment that is not silent; confidence is the score.',
    everySegment(result),
  );
  yield ']}\n';
}

function* annotation(
  { model, version, hop, length, duration }: TaggedFile,
  rule: string,
  data: Iterable<Observation[]>,
): Generator<string> {
  const facts = {
    namespace: 'tag_open',
    annotation_metadata: {
      curator: { name: '', email: '' },
      annotator: {},
      version,
      corpus: '',
      annotation_tools: `taggram ${version}, model ${model}, segments of ${length} s, one every ${hop} s`,
      annotation_rules: rule,
      validation: '',
      data_source: 'program',
    },
    sandbox: { model, version, hop, length },
    time: 0,
    duration,
  };
  yield `${opened(facts)},"data":[`;
  yield* separated(listed(data), ',');
  yield ']}';
}

/** JSON of an object that more members follow in. */
function opened(facts: object): string {
  return JSON.stringify(facts).slice(0, -1);
}

/** JSON of each list's items, without its brackets. */
function* listed(lists: Iterable<unknown[]>): Generator<string> {
  for (const list of lists) yield JSON.stringify(list).slice(1, -1);
}

function wholeSong({ tags, duration }: TaggedFile, means: ArrayLike<number>): Observation[] {
  return rankTags(means).map((tag) => ({
    time: 0,
    duration,
    value: tags[tag]!,
    confidence: shortened(means[tag]!),
  }));
}

function* everySegment({ tags, segments, taggram, duration }: TaggedFile): Generator<Observation[]> {
  for (const [index, { start, end, silent }] of segments.entries()) {
    if (silent) continue;
    const heard = timed(Math.min(end, duration) - start); // repeated audio goes on beyond the song
    yield tags.map((value, tag) => ({
      time: timed(start),
      duration: heard,
      value,
      confidence: shortened(taggram[index]![tag]!),
    }));
  }
}
