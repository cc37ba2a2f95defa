/**
 * Audacity's label track: start, end (seconds) and a text for each segment, with tabs between them; before them a label
 * at 0 that says how they were made.
 */
import { rankTags, type TaggedFile } from '../../taggram.ts';

const NAMED = 3;

export function* toLabels({ model, version, hop, tags, segments, taggram }: TaggedFile): Generator<string> {
  yield `0.000\t0.000\tTaggram ${version}, ${model}, hop ${hop.toFixed(3)} s\n`;
  for (const [index, { start, end, silent }] of segments.entries()) {
    const text = silent ? 'silent' : strongest(tags, taggram[index]!);
    yield `${start.toFixed(3)}\t${end.toFixed(3)}\t${text}\n`;
  }
}

/** "guitar 0.62, slow 0.31, piano 0.30" */
function strongest(tags: readonly string[], scores: readonly number[]): string {
  return rankTags(scores)
    .slice(0, NAMED)
    .map((tag) => `${tags[tag]} ${scores[tag]!.toFixed(2)}`)
    .join(', ');
}
