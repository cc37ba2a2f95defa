import { describe, expect, it } from 'vitest';
import { cellSpan, labels, segmentAt, ticks } from '../../../web/page/timeline.ts';

function segments(count: number, hop: number, length: number) {
  return Array.from({ length: count }, (_, i) => ({
    start: i * hop,
    end: i * hop + length,
    silent: false,
    padded: false,
  }));
}

describe('cellSpan', () => {
  it('is the segment itself when segments lie side by side', () => {
    expect(cellSpan(segments(3, 3, 3), 1, 3)).toEqual({ from: 3, to: 6 });
  });

  it('is one hop around the middle when they overlap, and the ends reach out', () => {
    const overlapping = segments(4, 1, 3);
    expect(cellSpan(overlapping, 0, 1)).toEqual({ from: 0, to: 2 });
    expect(cellSpan(overlapping, 1, 1)).toEqual({ from: 2, to: 3 });
    expect(cellSpan(overlapping, 3, 1)).toEqual({ from: 4, to: 6 });
  });
});

describe('segmentAt', () => {
  it.each([
    [3, 3],
    [1, 3],
    [0.096, 2.992],
  ])('finds each cell by its middle at a hop of %d s', (hop, length) => {
    const all = segments(20, hop, length);
    all.forEach((_, index) => {
      const { from, to } = cellSpan(all, index, hop);
      expect(segmentAt(all, (from + to) / 2, hop)).toBe(index);
    });
  });

  it('covers the first and last cell to their ends', () => {
    const all = segments(20, 0.096, 2.992);
    expect(segmentAt(all, 0, 0.096)).toBe(0);
    expect(segmentAt(all, all[19]!.end - 0.001, 0.096)).toBe(19);
  });

  it('finds nothing outside', () => {
    expect(segmentAt(segments(2, 3, 3), 6, 3)).toBeUndefined();
    expect(segmentAt(segments(2, 3, 3), -1, 3)).toBeUndefined();
    expect(segmentAt([], 1, 3)).toBeUndefined();
  });
});

describe('labels', () => {
  const written = (...given: Parameters<typeof labels>) =>
    labels(...given).map(({ seconds, isLeftward }) => [seconds, isLeftward]);

  it('stand to the left where there is no room to the right', () => {
    expect(written({ from: 0, to: 20 }, 600)).toEqual(
      [0, 5, 10, 15].map((at) => [at, false]).concat([[20, true]]),
    );
  });

  it('leave out the last where it would meet its neighbour', () => {
    expect(written({ from: 0, to: 30 }, 982).at(-1)).toEqual([28, false]);
    expect(written({ from: 0, to: 30 }, 1620).at(-1)).toEqual([30, true]);
    expect(written({ from: 0, to: 30 }, 1620, 1.25).at(-1)).toEqual([28, false]); // which are larger
  });

  it.each([200, 470, 600, 960, 982, 2600])('neither meet nor reach beyond %i pixels', (width) => {
    const placed = labels({ from: 0, to: 30 }, width).map(({ x, isLeftward }) =>
      isLeftward ? [x - 44, x] : [x, x + 44],
    );
    expect(placed.length).toBeGreaterThan(1);
    placed.forEach(([from, to], i) => {
      expect(from).toBeGreaterThanOrEqual(i === 0 ? 0 : placed[i - 1]![1]!);
      expect(to).toBeLessThanOrEqual(width);
    });
  });

  it('tell where they stand', () => {
    expect(labels({ from: 10, to: 20 }, 300).map(({ x }) => x)).toEqual([0, 150, 300]);
  });
});

describe('ticks', () => {
  it('keeps labels apart', () => {
    expect(ticks({ from: 0, to: 30 }, 600, 60)).toEqual([0, 5, 10, 15, 20, 25, 30]);
    expect(ticks({ from: 0, to: 240 }, 200, 60)).toEqual([0, 120, 240]);
    expect(ticks({ from: 0, to: 100 * 3600 }, 100, 60)).toEqual([0, 60 * 3600]);
  });

  it('labels what is seen alone', () => {
    expect(ticks({ from: 61, to: 66.5 }, 600, 60)).toEqual([61, 62, 63, 64, 65, 66]);
  });

  it('has none without a length or room', () => {
    expect(ticks({ from: 0, to: 0 }, 600, 60)).toEqual([]);
    expect(ticks({ from: 0, to: 30 }, 0, 60)).toEqual([]);
  });
});
