/**
 * JAMS, the JSON of music research (Humphrey et al., ISMIR 2014): the whole song's tags and every segment's, as two
 * annotations of the namespace tag_open. Silent segments have no tags.
 */
import { rankTags, type TaggedFile } from '../../taggram.ts';
import { shortened, timed } from './digits.ts';

/** Of the schema that this follows. */
const JAMS_VERSION = '0.3.5';

interface Observation {
  time: number;
  duration: number;
  value: string;
  confidence: number;
}

/** `means[tag]` over the segments that are not silent; null when all are. */
export function toJams(result: TaggedFile, means: ArrayLike<number> | null): string {
  const { file, duration } = result;
  const jams = {
    file_metadata: {
      title: file,
      artist: '',
      release: '',
      duration,
      identifiers: { file },
      jams_version: JAMS_VERSION,
    },
    sandbox: {},
    annotations: [
      annotation(
        result,
        'Tags of the whole song; confidence is the mean score of the segments that are not silent.',
        means ? wholeSong(result, means) : [],
      ),
      annotation(
        result,
        'Tags of each segment that is not silent; confidence is the score.',
        everySegment(result),
      ),
    ],
  };
  return `${JSON.stringify(jams)}\n`;
}

function annotation(
  { model, version, hop, length, duration }: TaggedFile,
  rule: string,
  data: Observation[],
) {
  return {
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
    data,
  };
}

function wholeSong({ tags, duration }: TaggedFile, means: ArrayLike<number>): Observation[] {
  return rankTags(means).map((tag) => ({
    time: 0,
    duration,
    value: tags[tag]!,
    confidence: shortened(means[tag]!),
  }));
}

function everySegment({ tags, segments, taggram, duration }: TaggedFile): Observation[] {
  return segments.flatMap(({ start, end, silent }, index) => {
    if (silent) return [];
    const heard = timed(Math.min(end, duration) - start); // repeated audio goes on beyond the song
    return tags.map((value, tag) => ({
      time: timed(start),
      duration: heard,
      value,
      confidence: shortened(taggram[index]![tag]!),
    }));
  });
}
