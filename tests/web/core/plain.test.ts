/** The engine for browsers without SIMD. */
import { expect, it } from 'vitest';
import { Core } from '../../../web/core/core.ts';
import { compiledEngine, modelBytes, plainEngine } from '../support/built.ts';
import { golden, largestDifference } from '../support/npy.ts';
import { asFloat } from '../support/signals.ts';

const EXAMPLE = asFloat(golden('example/pcm.npy').values as Int16Array);
const SEGMENT = 187 * 256;

async function scoresOf(
  module: Promise<WebAssembly.Module>,
  name: string,
  samples: Float32Array,
): Promise<Float32Array> {
  const core = await Core.instantiate(await module);
  const format = { sampleRate: 16000, channels: 1, hopFrames: 187, keepTail: false };
  return core.loadModel(modelBytes(name)).openStream(format).push([samples]).scores;
}

it.each(['MTT_musicnn', 'MSD_musicnn', 'MTT_vgg', 'MSD_vgg'])(
  'gives the scores of the goldens by %s',
  async (name) => {
    const scores = await scoresOf(plainEngine(), name, EXAMPLE);
    expect(scores).toHaveLength(10 * 50);
    const worst = largestDifference(scores, golden(`example/${name}/tags_hop187.npy`).values);
    console.log(`${name} without SIMD: largest difference ${worst}`);
    expect(worst).toBeLessThan(2e-4);
  },
);

it.each(['waveform', 'spectrogram'])('gives the scores of the other engine by %s', async (name) => {
  const begin = EXAMPLE.subarray(0, 3 * SEGMENT);
  const scores = await scoresOf(plainEngine(), name, begin);
  expect(scores.length).toBeGreaterThanOrEqual(2 * 100);
  const worst = largestDifference(scores, await scoresOf(compiledEngine(), name, begin));
  console.log(`${name} without SIMD: largest difference ${worst}`);
  expect(worst).toBeLessThan(1e-5);
});
