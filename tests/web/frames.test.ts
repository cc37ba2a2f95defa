import { describe, expect, it } from 'vitest';
import { FRAME_SECONDS, framesToSeconds, hopFrames, lengthFrames } from '../../web/frames.ts';

const SEGMENT = 187;
const musicnn = { name: 'MTT_musicnn', segmentFrames: SEGMENT, leastFrames: 1, anyLength: true };
const vgg = { name: 'MTT_vgg', segmentFrames: SEGMENT, leastFrames: SEGMENT, anyLength: false };

describe('hopFrames', () => {
  it.each([
    [3, 187], // 188 frames: side by side is meant
    [2.992, 187],
    [1.5, 94],
    [1, 63], // 62.5 rounds up
    [0.1, 6],
    [0.001, 1],
  ])('%d s', (seconds, frames) => expect(hopFrames(seconds, SEGMENT)).toBe(frames));

  it.each([0, -0.5, NaN, Infinity, 3.02])('refuses %d s', (seconds) => {
    expect(() => hopFrames(seconds, SEGMENT)).toThrowError(/2\.992/);
  });
});

describe('lengthFrames', () => {
  it.each([
    [3, 187],
    [1, 62],
    [0.016, 1],
    [600, 37500],
  ])('%d s', (seconds, frames) => expect(lengthFrames(seconds, musicnn)).toBe(frames));

  it('takes back what framesToSeconds says', () => {
    for (let frames = 1; frames <= 1000; frames++)
      expect(lengthFrames(framesToSeconds(frames), musicnn)).toBe(frames);
  });

  it('leaves a model of one length its own', () => {
    expect(lengthFrames(3, vgg)).toBe(SEGMENT);
    expect(() => lengthFrames(2, vgg)).toThrowError(/MTT_vgg takes segments of 2\.992 seconds only/);
  });

  it.each([0, -1, NaN, 601])('refuses %d s', (seconds) => {
    expect(() => lengthFrames(seconds, musicnn)).toThrowError(/from 0\.016 to 600/);
  });
});

it('a length is at least what the model needs', () => {
  const waveform = { name: 'waveform', segmentFrames: SEGMENT, leastFrames: 77, anyLength: true };
  expect(lengthFrames(1.232, waveform)).toBe(77);
  expect(() => lengthFrames(1.216, waveform)).toThrowError(/from 1\.232 to 600/);
});

it('frames are exact in seconds', () => {
  expect(framesToSeconds(187)).toBe(2.992);
  expect(framesToSeconds(1)).toBe(FRAME_SECONDS);
});
