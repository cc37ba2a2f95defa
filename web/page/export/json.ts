/** JSON as the native program writes it for one file: a member a line, a segment a line. */
import type { TaggedFile } from '../../taggram.ts';
import { shortened, timed } from './digits.ts';

export function toJson(result: TaggedFile): string {
  const { duration, hop, length, segments, taggram, top } = result;
  const members = {
    ...written(result),
    duration: JSON.stringify(timed(duration)),
    hop: JSON.stringify(timed(hop)),
    length: JSON.stringify(timed(length)),
    segments: rows(
      segments.map(({ start, end, ...marks }) => ({ start: timed(start), end: timed(end), ...marks })),
    ),
    taggram: rows(taggram.map((row) => row.map(shortened))),
    top: JSON.stringify(top.map(({ tag, score }) => ({ tag, score: shortened(score) }))),
  };
  return `{\n${Object.entries(members)
    .map(([name, value]) => `  "${name}": ${value}`)
    .join(',\n')}\n}\n`;
}

function written(result: TaggedFile): Record<string, string> {
  return Object.fromEntries(Object.entries(result).map(([name, value]) => [name, JSON.stringify(value)]));
}

function rows(items: readonly unknown[]): string {
  return `[${items.map((item) => `\n    ${JSON.stringify(item)}`).join(',')}\n  ]`;
}
