import { describe, expect, it } from 'vitest';
import { FRAME_SECONDS, framesToSeconds, hopFrames } from '../../web/frames.ts';

describe('hopFrames', () => {
  it.each([
    [2.992, 187],
    [1.5, 94],
    [1, 63], // 62.5 rounds up
    [0.1, 6],
    [0.001, 1],
  ])('%d s', (seconds, frames) => expect(hopFrames(seconds, 187)).toBe(frames));

  it.each([0, -0.5, NaN, Infinity, 3.01])('refuses %d s', (seconds) => {
    expect(() => hopFrames(seconds, 187)).toThrowError(/2\.992/);
  });
});

it('frames are exact in seconds', () => {
  expect(framesToSeconds(187)).toBe(2.992);
  expect(framesToSeconds(1)).toBe(FRAME_SECONDS);
});
