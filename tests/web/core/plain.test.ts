/** The engine for browsers without SIMD. */
import { expect, it } from 'vitest';
import { Core } from '../../../web/core/core.ts';
import { compiledEngine, modelBytes, plainEngine } from '../support/built.ts';
import { golden, largestDifference } from '../support/npy.ts';
import { asFloat } from '../support/signals.ts';

const SEGMENT = 187 * 256;
/** Its beginning: this engine is slow. */
const MUSIC = asFloat(golden('example/pcm.npy').values as Int16Array).subarray(0, 3 * SEGMENT);

async function scoresOf(module: Promise<WebAssembly.Module>, name: string): Promise<Float32Array> {
  const core = await Core.instantiate(await module);
  const format = { sampleRate: 16000, channels: 1, hopFrames: 187, keepTail: false };
  return core.loadModel(modelBytes(name)).openStream(format).push([MUSIC]).scores;
}

it.each(['MTT_musicnn', 'MSD_musicnn', 'MTT_vgg', 'MSD_vgg'])(
  'gives the scores of the goldens by %s',
  async (name) => {
    const scores = await scoresOf(plainEngine(), name);
    expect(scores.length).toBeGreaterThanOrEqual(2 * 50);
    const expected = golden(`example/${name}/tags_hop187.npy`).values.subarray(0, scores.length);
    const worst = largestDifference(scores, expected);
    console.log(`${name} without SIMD: largest difference ${worst}`);
    expect(worst).toBeLessThan(2e-4);
  },
);

it.each(['waveform', 'spectrogram'])('gives the scores of the other engine by %s', async (name) => {
  const scores = await scoresOf(plainEngine(), name);
  expect(scores.length).toBeGreaterThanOrEqual(2 * 100);
  const worst = largestDifference(scores, await scoresOf(compiledEngine(), name));
  console.log(`${name} without SIMD: largest difference ${worst}`);
  expect(worst).toBeLessThan(1e-5);
});
