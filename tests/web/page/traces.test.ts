import { describe, expect, it } from 'vitest';
import type { Scores } from '../../../web/page/raster.ts';
import { heightOf, keysOf, trace, type Line } from '../../../web/page/traces.ts';

function scores(values: number[], hop = 1, silent: number[] = []): Scores {
  const segments = values.map((_, i) => ({
    start: i * hop,
    end: (i + 1) * hop,
    silent: silent.includes(i),
    padded: false,
  }));
  return { segments, rows: values.map((value) => [value]), tagCount: 1, hop };
}

describe('trace', () => {
  it('runs through the middle of each cell, from end to end', () => {
    expect(trace(scores([0.1, 0.9, 0.5]), 0, 300, 3)).toEqual([
      [
        { x: 0, value: 0.1 },
        { x: 50, value: 0.1 },
        { x: 150, value: 0.9 },
        { x: 250, value: 0.5 },
        { x: 300, value: 0.5 },
      ],
    ]);
  });

  it('breaks at silence', () => {
    const pieces = trace(scores([0.1, 0.2, 0.3], 1, [1]), 0, 30, 3);
    expect(pieces.map((piece) => piece.map(({ x }) => x))).toEqual([
      [0, 5, 10],
      [20, 25, 30],
    ]);
  });

  it('tells the mean of each pixel where segments are many', () => {
    const values = Array.from({ length: 4000 }, (_, i) => (i % 2 === 0 ? 0 : 1));
    const [piece] = trace(scores(values, 0.01), 0, 100, 40);
    expect(piece).toHaveLength(100);
    for (const { value } of piece!) expect(Math.abs(value - 0.5)).toBeLessThan(0.05);
  });

  it('has nothing where nothing was heard', () => {
    expect(trace(scores([]), 0, 100, 3)).toEqual([]);
    expect(trace(scores([0.5], 3, [0]), 0, 100, 3)).toEqual([]);
  });
});

it('places values between its margins, and what lies beyond at the edge', () => {
  const chart = { duration: 1, width: 1, height: 108, ratio: 1, range: { from: 0, to: 1 } };
  expect([1, 0.5, 0, 2, -1].map((value) => heightOf(chart, value))).toEqual([4, 54, 104, 4, 104]);
});

it('has a key for each tag, and for models only where there are two', () => {
  const line = (tag: string, model: string, dashed: boolean): Line => {
    return { tag, model, colour: tag, dashed, scores: scores([]), column: 0 };
  };
  const one = [line('rock', 'A', false), line('pop', 'A', false)];
  expect(keysOf(one).models).toEqual([]);
  const both = keysOf([...one, line('rock', 'B', true), line('pop', 'B', true)]);
  expect(both.tags.map(({ text }) => text)).toEqual(['rock', 'pop']);
  expect(both.models).toEqual([
    { text: 'A', dashed: false },
    { text: 'B', dashed: true },
  ]);
});
