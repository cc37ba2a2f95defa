import { describe, expect, it } from 'vitest';
import { Scores } from '../../../web/page/raster.ts';
import { heightOf, keysOf, trace, type Line } from '../../../web/page/traces.ts';

function scores(values: number[], hop = 1, silent: number[] = []): Scores {
  const all = new Scores(1, hop);
  values.forEach((value, i) =>
    all.add({ start: i * hop, end: (i + 1) * hop, silent: silent.includes(i), padded: false }, [value]),
  );
  return all;
}

function window(width: number, to: number) {
  return { from: 0, to, width };
}

describe('trace', () => {
  it('runs through the middle of each cell, from end to end', () => {
    expect(trace(scores([0.1, 0.9, 0.5]), 0, window(300, 3))).toEqual([
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
    const pieces = trace(scores([0.1, 0.2, 0.3], 1, [1]), 0, window(30, 3));
    expect(pieces.map((piece) => piece.map(({ x }) => x))).toEqual([
      [0, 5, 10],
      [20, 25, 30],
    ]);
  });

  it('tells the strongest of each pixel where segments are many', () => {
    const values = Array.from({ length: 4000 }, (_, i) => (i === 1234 ? 1 : 0.25));
    const [piece] = trace(scores(values, 0.01), 0, window(100, 40));
    expect(piece).toHaveLength(100);
    expect(piece!.filter(({ value }) => value === 1).map(({ x }) => Math.floor(x))).toContain(30);
    expect(piece!.filter(({ value }) => value === 1).length).toBeLessThanOrEqual(2);
  });

  it('goes on to the edges of what is seen', () => {
    const [piece] = trace(scores(Array.from({ length: 1000 }, (_, i) => i / 1000)), 0, {
      from: 500,
      to: 510,
      width: 100,
    });
    expect(piece![0]!.x).toBeLessThanOrEqual(0);
    expect(piece![piece!.length - 1]!.x).toBeGreaterThanOrEqual(100);
    expect(piece!.length).toBeLessThan(15);
  });

  it('has nothing where nothing was heard', () => {
    expect(trace(scores([]), 0, window(100, 3))).toEqual([]);
    expect(trace(scores([0.5], 3, [0]), 0, window(100, 3))).toEqual([]);
  });
});

it('places values between its margins, and what lies beyond at the edge', () => {
  const chart = { from: 0, to: 1, width: 1, height: 108, ratio: 1, range: { from: 0, to: 1 } };
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
