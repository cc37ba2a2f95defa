import { describe, expect, it } from 'vitest';
import { scoreScale } from '../../../web/page/palette.ts';
import {
  columnsOf,
  isSilent,
  rasterise,
  Scores,
  strongestIn,
  strongestWithin,
  type Columns,
  type Window,
} from '../../../web/page/raster.ts';
import { Viewport } from '../../../web/page/viewport.ts';

const scale = scoreScale('light');
const { colours } = scale;

function scores(rows: number[][], silent: boolean[] = [], hop = 1): Scores {
  const all = new Scores(rows[0]!.length, hop);
  rows.forEach((row, i) =>
    all.add({ start: i * hop, end: (i + 1) * hop, silent: silent[i] ?? false, padded: false }, row),
  );
  return all;
}

function window(width: number, to: number): Window {
  return { from: 0, to, width };
}

function pixel(pixels: Uint8ClampedArray, width: number, x: number, tag: number): number[] {
  return [...pixels.subarray((tag * width + x) * 4, (tag * width + x) * 4 + 4)];
}

/** First and last segment that each column shows. */
function ends({ level, first, end }: Columns): [number, number][] {
  return Array.from(first, (block, x) => [block << level, end[x]! << level]);
}

describe('columnsOf', () => {
  it('gives each segment its share of a wide plot', () => {
    expect(ends(columnsOf(scores([[0], [1]]), window(6, 3)))).toEqual([
      [0, 1],
      [0, 1],
      [1, 2],
      [1, 2],
      [0, 0],
      [0, 0],
    ]);
  });

  it('shows what lies in the window alone', () => {
    const ten = scores(Array.from({ length: 10 }, () => [0]));
    expect(ends(columnsOf(ten, { from: 4, to: 6, width: 4 }))).toEqual([
      [4, 5],
      [4, 5],
      [5, 6],
      [5, 6],
    ]);
  });

  it.each([1, 2, 7, 33, 100])('loses no segment on a plot of %d pixels', (width) => {
    const columns = columnsOf(scores(Array.from({ length: 100 }, () => [0])), window(width, 100));
    const shown = new Set(
      ends(columns).flatMap(([first, end]) => Array.from({ length: end - first }, (_, i) => first + i)),
    );
    for (let segment = 0; segment < 100; segment++) expect(shown).toContain(segment);
  });
});

describe('rasterise', () => {
  it('paints scores in their colours, and nothing where nothing was heard', () => {
    const given = scores([[0, 1]]);
    const pixels = rasterise(given, columnsOf(given, window(2, 2)), scale);
    expect(pixel(pixels, 2, 0, 0)).toEqual([...colours[0]!, 255]);
    expect(pixel(pixels, 2, 0, 1)).toEqual([...colours[255]!, 255]);
    expect(pixel(pixels, 2, 1, 0)[3]).toBe(0);
  });

  it('shows the strongest where several segments share a pixel, without the silent ones', () => {
    const given = scores([[0], [0.5], [1]], [false, false, true]);
    const pixels = rasterise(given, columnsOf(given, window(1, 3)), scale);
    expect(pixel(pixels, 1, 0, 0)).toEqual([...colours[128]!, 255]);
  });

  it('takes for the strongest difference what is furthest from 0', () => {
    const given = scores([[0.1], [-0.4], [0.3]]);
    expect(strongestIn(given, columnsOf(given, window(1, 3)), 0, 0)).toBeCloseTo(-0.4);
  });

  it('paints no score where all was silent', () => {
    const given = scores([[0.9]], [true]);
    const columns = columnsOf(given, window(2, 2));
    expect(pixel(rasterise(given, columns, scale), 2, 0, 0)[3]).toBe(0);
    expect(isSilent(given, columns, 0)).toBe(true);
    expect(isSilent(given, columns, 1)).toBe(false);
  });
});

describe('ten hours at half a second', () => {
  const SEGMENTS = 72_000;
  const TAGS = 50;
  const HOP = 0.5;
  const LOUD = 54_321;
  const quiet = new Float32Array(TAGS).fill(0.1);
  const loud = new Float32Array(TAGS).fill(0.1).fill(0.9, 7, 8);
  const long = scores(
    Array.from({ length: SEGMENTS }, (_, i) => (i === LOUD ? loud : quiet) as unknown as number[]),
    [],
    HOP,
  );
  const viewport = new Viewport();
  viewport.begin(SEGMENTS * HOP);

  /** How many cells are looked at for one frame. */
  function work(part: Window): number {
    let cells = 0;
    const counted = new Proxy(long, {
      get(target, name) {
        if (name !== 'merge') return target[name as keyof Scores];
        return (level: number, block: number, into: Float32Array) => {
          cells += TAGS;
          target.merge(level, block, into);
        };
      },
    });
    rasterise(counted, columnsOf(counted, part), scale);
    return cells;
  }

  it.each([1, 1.3, 2, 10, 99, 1000, 5000, 18_000])('draws few cells a frame, %d times as close', (factor) => {
    for (const width of [300, 1920]) {
      viewport.showAll();
      viewport.zoom(factor, 0.7);
      const { from, to } = viewport;
      expect(work({ from, to, width })).toBeLessThanOrEqual(4 * width * TAGS);
    }
  });

  it('shows one loud segment from afar', () => {
    const columns = columnsOf(long, window(360, SEGMENTS * HOP));
    const strong = Array.from({ length: 360 }, (_, x) => x).filter(
      (x) => strongestIn(long, columns, x, 7) > 0.8,
    );
    expect(strong).toContain(Math.floor((LOUD / SEGMENTS) * 360));
    expect(strong.length).toBeLessThanOrEqual(2);
  });

  it('points at the segment that gives a pixel its colour', () => {
    const found = strongestWithin(long, 7, { from: 27_100, to: 27_200 })!;
    expect(found.segment).toBe(LOUD);
    expect(found.among).toBeGreaterThan(190);
    expect(strongestWithin(long, 7, { from: 10, to: 10.1 })).toEqual({ segment: 20, among: 1 });
    expect(strongestWithin(long, 7, { from: -9, to: -8 })).toBeUndefined();
  });
});
