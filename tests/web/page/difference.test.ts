import { expect, it } from 'vitest';
import { Difference, sharedTags } from '../../../web/page/difference.ts';
import { Scores } from '../../../web/page/raster.ts';

function answers(tags: string[], rows: number[][], silent: number[] = []) {
  const scores = new Scores(tags.length, 1);
  const add = (row: number[], i: number) =>
    scores.add({ start: i, end: i + 1, silent: silent.includes(i), padded: false }, row);
  rows.forEach(add);
  return { tags, scores: () => scores, add };
}

it('is of the tags that both know by the same name', () => {
  expect(sharedTags(['rock', 'pop', 'guitar'], ['guitar', 'Rock', 'pop'])).toEqual(['pop', 'guitar']);
});

it('is the second less the first, where both have answered', () => {
  const first = answers(
    ['rock', 'pop'],
    [
      [0.25, 0.5],
      [0.75, 0],
    ],
  );
  const second = answers(['pop', 'jazz', 'rock'], [[1, 0.1, 0.5]]);
  const difference = new Difference(first, second);
  expect(difference.scores.rows.map((row) => [...(row as Float32Array)])).toEqual([[0.25, 0.5]]);
  second.add([0, 0.1, 0.25], 1);
  expect([...(difference.scores.rows[1] as Float32Array)], 'it grows with them').toEqual([-0.5, 0]);
  expect(difference.distances(), 'whichever is higher').toEqual([0.375, 0.25]);
});

it('leaves silence out of the distances', () => {
  const first = answers(['rock'], [[0], [0]]);
  const second = answers(['rock'], [[0.5], [1]], [1]);
  const difference = new Difference(first, second);
  expect(difference.scores.segments.map(({ silent }) => silent)).toEqual([false, true]);
  expect([difference.counted, difference.distances()]).toEqual([1, [0.5]]);
});
