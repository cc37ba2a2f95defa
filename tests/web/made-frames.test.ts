import { describe, expect, it } from 'vitest';
import { frameCount, joinFrames, sliceFrames } from '../../web/made-frames.ts';
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

  it('are none where there are none', () => {
    expect(frameCount(sliceFrames(made(0, width), 0, 5))).toBe(0);
    expect(joinFrames([])).toEqual(made(0, width));
  });
});
