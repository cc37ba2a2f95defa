/** The engine for browsers without SIMD. */
import { expect, it } from 'vitest';
import { Core } from '../../../web/core/core.ts';
import { modelBytes, plainEngine } from '../support/built.ts';
import { golden, largestDifference } from '../support/npy.ts';
import { asFloat } from '../support/signals.ts';

it.each(['MTT_musicnn', 'MSD_vgg'])('gives the scores of the goldens by %s', async (name) => {
  const core = await Core.instantiate(await plainEngine());
  const stream = core
    .loadModel(modelBytes(name))
    .openStream({ sampleRate: 16000, channels: 1, hopFrames: 187, keepTail: false });
  const { scores } = stream.push([asFloat(golden('example/pcm.npy').values as Int16Array)]);
  expect(scores).toHaveLength(10 * 50);
  const worst = largestDifference(scores, golden(`example/${name}/tags_hop187.npy`).values);
  console.log(`${name} without SIMD: largest difference ${worst}`);
  expect(worst).toBeLessThan(2e-4);
});
