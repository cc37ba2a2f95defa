/**
 * Audacity's label track: start, end (seconds) and a text for each segment, with tabs between them; before them a label
 * at 0 that says how they were made.
 */
import { rankTags, type TaggedFile } from '../../taggram.ts';

const NAMED = 3;

/** "guitar 0.62, slow 0.31, piano 0.30" */
export function toLabels({ model, version, hop, tags, segments, taggram }: TaggedFile): string {
  const origin = `0.000\t0.000\tTaggram ${version}, ${model}, hop ${hop.toFixed(3)} s\n`;
  const labels = segments
    .map(({ start, end, silent }, index) => {
      const text = silent ? 'silent' : strongest(tags, taggram[index]!);
      return `${start.toFixed(3)}\t${end.toFixed(3)}\t${text}\n`;
    })
    .join('');
  return origin + labels;
}

function strongest(tags: readonly string[], scores: readonly number[]): string {
  return rankTags(scores)
    .slice(0, NAMED)
    .map((tag) => `${tags[tag]} ${scores[tag]!.toFixed(2)}`)
    .join(', ');
}
