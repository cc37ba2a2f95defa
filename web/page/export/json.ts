/** JSON as the native program writes it for one file: a member a line, a segment a line. */
import type { TaggedFile } from '../../taggram.ts';
import { shortened, timed } from './digits.ts';
import { separated } from './pieces.ts';

export function* toJson(result: TaggedFile): Generator<string> {
  const { duration, hop, length, segments, taggram, top } = result;
  const laidOut: Record<string, Iterable<string>> = {
    segments: rows(segments, ({ start, end, ...marks }) => ({
      start: timed(start),
      end: timed(end),
      ...marks,
    })),
    taggram: rows(taggram, (row) => row.map(shortened)),
  };
  const members = {
    ...result,
    duration: timed(duration),
    hop: timed(hop),
    length: timed(length),
    top: top.map(({ tag, score }) => ({ tag, score: shortened(score) })),
  };
  let before = '{';
  for (const [name, value] of Object.entries(members)) {
    yield `${before}\n  "${name}": `;
    yield* laidOut[name] ?? [JSON.stringify(value)];
    before = ',';
  }
  yield '\n}\n';
}

function* rows<T>(items: readonly T[], written: (item: T) => unknown): Generator<string> {
  yield '[';
  yield* separated(lines(items, written), ',');
  yield '\n  ]';
}

function* lines<T>(items: readonly T[], written: (item: T) => unknown): Generator<string> {
  for (const item of items) yield `\n    ${JSON.stringify(written(item))}`;
}
