import { describe, expect, it } from 'vitest';
import { scoreScale } from '../../../web/page/palette.ts';
import { columnsOf, isSilent, rasterise, type Scores } from '../../../web/page/raster.ts';

const scale = scoreScale('light');
const { colours } = scale;

function scores(rows: number[][], silent: boolean[] = []): Scores {
  const segments = rows.map((_, i) => ({ start: i, end: i + 1, silent: silent[i] ?? false, padded: false }));
  return { segments, rows, tagCount: rows[0]!.length, hop: 1 };
}

function pixel(pixels: Uint8ClampedArray, width: number, x: number, tag: number): number[] {
  return [...pixels.subarray((tag * width + x) * 4, (tag * width + x) * 4 + 4)];
}

describe('columnsOf', () => {
  it('gives each segment its share of a wide plot', () => {
    const columns = columnsOf(scores([[0], [1]]), 6, 3);
    expect(columns.map(({ first, end }) => [first, end])).toEqual([
      [0, 1],
      [0, 1],
      [1, 2],
      [1, 2],
      [0, 0],
      [0, 0],
    ]);
  });

  it('loses no segment on a plot narrower than there are segments', () => {
    const columns = columnsOf(scores(Array.from({ length: 100 }, () => [0])), 7, 100);
    const shown = new Set(
      columns.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, i) => first + i)),
    );
    expect(shown.size).toBe(100);
  });
});

describe('rasterise', () => {
  it('paints scores in their colours, and nothing where nothing was heard', () => {
    const given = scores([[0, 1]]);
    const pixels = rasterise(given, columnsOf(given, 2, 2), scale);
    expect(pixel(pixels, 2, 0, 0)).toEqual([...colours[0]!, 255]);
    expect(pixel(pixels, 2, 0, 1)).toEqual([...colours[255]!, 255]);
    expect(pixel(pixels, 2, 1, 0)[3]).toBe(0);
  });

  it('shows the mean where several segments share a pixel, without the silent ones', () => {
    const given = scores([[0], [1], [0.3]], [false, false, true]);
    const pixels = rasterise(given, columnsOf(given, 1, 3), scale);
    expect(pixel(pixels, 1, 0, 0)).toEqual([...colours[128]!, 255]);
  });

  it('paints no score where all was silent', () => {
    const given = scores([[0.9]], [true]);
    const [column] = columnsOf(given, 1, 1);
    expect(pixel(rasterise(given, [column!], scale), 1, 0, 0)[3]).toBe(0);
    expect(isSilent(given, column!)).toBe(true);
    expect(isSilent(given, { first: 0, end: 0 })).toBe(false);
  });
});
