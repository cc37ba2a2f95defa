import { describe, expect, it } from 'vitest';
import { Peaks } from '../../../web/page/peaks.ts';

const RATE = 1000;

/** Loud from 1 to 2 s and quiet around it, 4 s long. */
const SOUND = Float32Array.from({ length: 4 * RATE }, (_, i) => {
  const amplitude = i >= RATE && i < 2 * RATE ? 0.8 : 0.2;
  return amplitude * (i % 2 === 0 ? 1 : -0.5);
});

function given(pieces: Float32Array[], mostSteps?: number): Peaks {
  const peaks = new Peaks(RATE, mostSteps);
  for (const piece of pieces) peaks.add([piece]);
  return peaks;
}

const rounded = (values: Float32Array) => Array.from(values, (value) => Math.round(value * 20) / 20);

/** How far it reaches to both sides in the middle of each second. */
function everySecond(peaks: Peaks, seconds: number): [low: number, high: number][] {
  return Array.from({ length: seconds }, (_, second) => {
    const { low, high } = peaks.columns({ from: second + 0.5, to: second + 0.51, width: 1 });
    return [rounded(low)[0]!, rounded(high)[0]!];
  });
}

describe('peaks', () => {
  it('reach as far as the sound, as parts of the loudest', () => {
    const [quiet, loud] = [
      [-0.15, 0.25],
      [-0.5, 1],
    ];
    expect(everySecond(given([SOUND]), 4)).toEqual([quiet, loud, quiet, quiet]);
  });

  it('hide nothing loud from afar', () => {
    const { high } = given([SOUND]).columns({ from: 0, to: 4, width: 2 });
    expect(rounded(high)[0]).toBe(1);
  });

  it('have nothing to tell of what has not come', () => {
    const highs = everySecond(given([SOUND.subarray(0, 2 * RATE)]), 4).map(([, high]) => high);
    expect(highs).toEqual([0.25, 1, NaN, NaN]);
  });

  it.each([1, 7, 997])('are the same in pieces of %d', (length) => {
    const pieces = Array.from({ length: Math.ceil(SOUND.length / length) }, (_, i) =>
      SOUND.subarray(i * length, (i + 1) * length),
    );
    for (const window of [
      { from: 0, to: 4, width: 40 },
      { from: 0.9, to: 1.1, width: 300 },
    ])
      expect(given(pieces).columns(window)).toEqual(given([SOUND]).columns(window));
  });

  it('are of all channels', () => {
    const peaks = new Peaks(RATE);
    peaks.add([new Float32Array(RATE).fill(0.5), new Float32Array(RATE).fill(-1)]);
    const { low, high } = peaks.columns({ from: 0, to: 1, width: 1 });
    expect([rounded(low), rounded(high)]).toEqual([[-1], [0.5]]);
  });

  it.each([
    [NaN, 0],
    [Infinity, 1],
    [-Infinity, -1],
  ])('take %d for %d', (bad, good) => {
    const withSome = (value: number) => SOUND.map((sample, i) => (i % 1003 < 2 ? value : sample));
    const window = { from: 0, to: 4, width: 400 };
    expect(given([withSome(bad)]).columns(window)).toEqual(given([withSome(good)]).columns(window));
  });

  it('grow coarse rather than many', () => {
    const sounds = [SOUND, SOUND, SOUND];
    const coarse = given(sounds, 128); // steps of 0.16 s instead of 0.01
    expect(everySecond(coarse, 12)).toEqual(everySecond(given(sounds), 12));
    const justBefore = { from: 0.97, to: 0.98, width: 1 };
    expect(rounded(given(sounds).columns(justBefore).high)).toEqual([0.25]);
    expect(rounded(coarse.columns(justBefore).high)).toEqual([1]);
  });

  it('are what they were when their outline comes back', () => {
    const peaks = given([SOUND]);
    for (const window of [
      { from: 0, to: 4, width: 40 },
      { from: 0.9, to: 1.1, width: 300 },
    ])
      expect(Peaks.of(peaks.outline()).columns(window)).toEqual(peaks.columns(window));
    expect(everySecond(Peaks.of(peaks.outline(128)), 4)).toEqual(everySecond(peaks, 4));
    expect(peaks.outline(128).ends.length).toBe(200); // 0.04 s each
  });
});
