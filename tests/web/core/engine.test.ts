import { expect, it, vi } from 'vitest';
import { Core } from '../../../web/core/core.ts';
import { Engine } from '../../../web/core/engine.ts';
import type { Frames, Request } from '../../../web/messages.ts';
import { compiledEngine, modelBytes } from '../support/built.ts';

it('a stream that is closed gives its memory back', async () => {
  const instantiate = vi.spyOn(Core, 'instantiate');
  const engine = new Engine();
  await engine.answer({ kind: 'load', wasm: await compiledEngine(), model: modelBytes() });
  const { exports } = await instantiate.mock.results[0]!.value;
  const options = { sampleRate: 44100, channels: 64, hopFrames: 187, keepTail: false };
  const openAndClose = async (stream: number) => {
    await engine.answer({ kind: 'open', stream, options });
    await engine.answer({ kind: 'close', stream });
  };
  await openAndClose(0);
  const { byteLength } = exports.memory.buffer;
  for (let stream = 1; stream < 20; stream++) await openAndClose(stream);
  expect(exports.memory.buffer.byteLength).toBe(byteLength);
  await expect(engine.answer({ kind: 'finish', stream: 0 })).rejects.toMatchObject({ code: 'engine' });
});

const MB = 1e6;
const RELEASED = ['MTT_musicnn', 'MSD_musicnn', 'MTT_vgg', 'MSD_vgg'];

/** Values of a back-end's kernels: seven frames of `features`, and twice of 512, by 512 filters. */
const backEnd = (features: number) => 7 * 512 * (features + 2 * 512);
/** Of its dense layers. */
const DENSE = 1024 * 500 + 500 * 100;

/**
 * Bytes of the paper's models once their kernels are factors of minimal filtering: ten for seven taps, or twelve, and
 * eight for three.
 */
const PREPARED = {
  waveform: 4 * ((10 / 7) * backEnd(256) + 8 * (2 * 64 * 64 + 64 * 128 + 2 * 128 * 128 + 128 * 256) + DENSE),
  spectrogram: 4 * ((12 / 7) * backEnd(464) + DENSE),
};

const LIMITS: [string, number][] = [
  ...RELEASED.map((name): [string, number] => [name, 32 * MB]),
  ...Object.entries(PREPARED).map(([name, bytes]): [string, number] => [name, bytes + 16 * MB]),
];

it.each(LIMITS)('%s takes less than %i bytes, with a part in two songs at once', async (name, limit) => {
  const instantiate = vi.spyOn(Core, 'instantiate');
  const engine = new Engine();
  const { frameWidth, segmentFrames } = await engine.answer({
    kind: 'load',
    wasm: await compiledEngine(),
    model: modelBytes(name),
  });
  const { exports } = await instantiate.mock.results.at(-1)!.value;
  const options = { sampleRate: 44100, channels: 2, hopFrames: 6, keepTail: true };
  const planes = [new Float32Array(44100 * 4), new Float32Array(44100 * 4)];
  const songs: Request[][] = [0, 1].map((song) => [
    { kind: 'openMaker', stream: 2 * song, options },
    { kind: 'make', stream: 2 * song, planes },
    { kind: 'openRange', stream: 2 * song + 1, options },
  ]);
  const count = segmentFrames + 13;
  const frames: Frames = {
    rows: new Float32Array(count * frameWidth),
    loudness: new Float64Array(count * 2),
  };
  for (const request of songs.flat()) await engine.answer(request);
  for (const stream of [1, 3]) await engine.answer({ kind: 'pushFrames', stream, frames });
  console.log(`${name}: ${exports.memory.buffer.byteLength / MB} MB`);
  expect(exports.memory.buffer.byteLength).toBeLessThan(limit);
});
