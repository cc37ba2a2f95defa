import { describe, expect, it } from 'vitest';
import { frameCount, GatheredFrames, joinFrames, sliceFrames } from '../../web/made-frames.ts';
import type { Frames } from '../../web/messages.ts';

/** Frames whose values tell their places. */
function made(count: number, width: number): Frames {
  return {
    rows: Float32Array.from({ length: count * width }, (_, i) => i),
    loudness: Float64Array.from({ length: count * 2 }, (_, i) => -i),
  };
}

describe.each([96, 256])('frames of %d values', (width) => {
  it('come back whole from their pieces', () => {
    const whole = made(10, width);
    const pieces = [sliceFrames(whole, 0, 3), sliceFrames(whole, 3, 3), sliceFrames(whole, 3, 12)];
    expect(pieces.map(frameCount)).toEqual([3, 0, 7]);
    expect(joinFrames(pieces)).toEqual(whole);
  });

  it.each([0, 4, 10, 12])('are gathered where %d were expected', (expected) => {
    const whole = made(10, width);
    const gathered = new GatheredFrames(width, expected);
    for (const [from, to] of [[0, 3] as const, [3, 3] as const, [3, 10] as const])
      gathered.add(sliceFrames(whole, from, to));
    expect(gathered.all).toEqual(whole);
    const isFitting = expected >= 10;
    expect(gathered.all.rows.buffer.byteLength / (4 * width)).toBe(isFitting ? expected : 10);
  });

  it('are none where there are none', () => {
    expect(frameCount(sliceFrames(made(0, width), 0, 5))).toBe(0);
    expect(joinFrames([])).toEqual(made(0, width));
  });
});
