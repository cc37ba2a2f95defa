/**
 * Audacity's label track: start, end (seconds) and a text for each segment, with tabs between them; before them a label
 * at 0 that says how they were made.
 */
import { rankTags, type TaggedFile } from '../../taggram.ts';

const NAMED = 3;

export function* toLabels(result: TaggedFile): Generator<string> {
  const { model, version, hop, length, duration, tags, segments, taggram } = result;
  const made = `Taggram ${version}, ${model}, hop ${hop.toFixed(3)} s, length ${length.toFixed(3)} s`;
  yield `0.000	0.000	${made}
`;
  for (const [index, { start, end, silent }] of segments.entries()) {
    const text = silent ? 'silent' : strongest(tags, taggram[index]!);
    const heard = Math.min(end, duration); // repeated audio goes on beyond the song
    yield `${start.toFixed(3)}	${heard.toFixed(3)}	${text}
`;
  }
}

/** "guitar 0.62, slow 0.31, piano 0.30" */
function strongest(tags: readonly string[], scores: readonly number[]): string {
  return rankTags(scores)
    .slice(0, NAMED)
    .map((tag) => `${tags[tag]} ${scores[tag]!.toFixed(2)}`)
    .join(', ');
}
