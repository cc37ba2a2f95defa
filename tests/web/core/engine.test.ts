import { describe, expect, it, vi } from 'vitest';
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

describe.each(['MTT_musicnn', 'MSD_musicnn', 'MTT_vgg', 'MSD_vgg'])('%s', (name) => {
  it('takes less than 32 MB, with a part in two songs at once', async () => {
    const instantiate = vi.spyOn(Core, 'instantiate');
    const engine = new Engine();
    await engine.answer({ kind: 'load', wasm: await compiledEngine(), model: modelBytes(name) });
    const { exports } = await instantiate.mock.results.at(-1)!.value;
    const options = { sampleRate: 44100, channels: 2, hopFrames: 6, keepTail: true };
    const planes = [new Float32Array(44100 * 4), new Float32Array(44100 * 4)];
    const songs: Request[][] = [0, 1].map((song) => [
      { kind: 'openMaker', stream: 2 * song, options },
      { kind: 'make', stream: 2 * song, planes },
      { kind: 'openRange', stream: 2 * song + 1, options },
    ]);
    const frames: Frames = { rows: new Float32Array(200 * 96), loudness: new Float64Array(200 * 2) };
    for (const request of songs.flat()) await engine.answer(request);
    for (const stream of [1, 3]) await engine.answer({ kind: 'pushFrames', stream, frames });
    console.log(`${name}: ${exports.memory.buffer.byteLength / 1e6} MB`);
    expect(exports.memory.buffer.byteLength).toBeLessThan(32e6);
  });
});
