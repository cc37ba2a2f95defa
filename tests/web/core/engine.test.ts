import { expect, it, vi } from 'vitest';
import { Core } from '../../../web/core/core.ts';
import { Engine } from '../../../web/core/engine.ts';
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
