/** How the engine and models come over the network. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compileEngine, fetchModel } from '../../web/fetching.ts';
import { createTagger } from '../../web/taggram.ts';
import { compiledEngine, modelBytes } from './support/built.ts';

const EMPTY_MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

afterEach(() => vi.unstubAllGlobals());

/** In place of the network: a reply for each request, in order. */
function network(...replies: (() => Response)[]) {
  const fetch = vi.fn(async () => replies.shift()!());
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

function pieces(headers: Record<string, string>, ...sizes: number[]): Response {
  const body = new ReadableStream({
    start(controller) {
      for (const size of sizes) controller.enqueue(new Uint8Array(size));
      controller.close();
    },
  });
  return new Response(body, { headers });
}

it('the engine comes once, and is asked for again when it did not come', async () => {
  const fetch = network(
    () => new Response('', { status: 404 }),
    () => new Response(EMPTY_MODULE),
  );
  const address = 'https://somewhere/engine.wasm';
  await expect(compileEngine(address)).rejects.toMatchObject({
    code: 'load',
    message: 'The tagging engine could not be loaded. Check the connection and try again.',
  });
  const both = await Promise.all([compileEngine(address), compileEngine(new URL(address))]);
  expect(both[0]).toBeInstanceOf(WebAssembly.Module);
  expect(both[1]).toBe(both[0]);
  expect(await compileEngine(address)).toBe(both[0]);
  expect(fetch).toHaveBeenCalledTimes(2);
});

it.each([
  ['application/wasm', 1],
  ['application/octet-stream', 0],
])(
  'an engine that comes as %s is compiled all the same, while it comes where that can be',
  async (type, streams) => {
    const compileStreaming = vi.spyOn(WebAssembly, 'compileStreaming');
    network(() => new Response(EMPTY_MODULE, { headers: { 'content-type': type } }));
    const engine = await compileEngine(`https://somewhere/engine.wasm?as=${type}`);
    expect(engine).toBeInstanceOf(WebAssembly.Module);
    expect(compileStreaming).toHaveBeenCalledTimes(streams);
    compileStreaming.mockRestore();
  },
);

it.each([
  ['a known size', { 'content-length': '8' }, [0.25, 1]],
  ['an unknown size', {}, [null, null]],
  ['the size of what it was packed to', { 'content-length': '8', 'content-encoding': 'gzip' }, [null, null]],
])('a model of %s tells how much of it is here', async (_, headers, told) => {
  network(() => pieces(headers, 2, 6));
  const fractions: (number | null)[] = [];
  const { bytes } = await fetchModel('https://somewhere/model.gguf', (part) => fractions.push(part));
  expect(bytes).toHaveLength(8);
  expect(fractions).toEqual(told);
});

function broken(): Response {
  return new Response(
    new ReadableStream({ pull: (controller) => controller.error(new TypeError('network')) }),
  );
}

it('a model whose connection breaks is asked for once more', async () => {
  const fetch = network(broken, () => pieces({}, 8));
  expect((await fetchModel('https://somewhere/model.gguf')).bytes).toHaveLength(8);
  expect(fetch).toHaveBeenLastCalledWith('https://somewhere/model.gguf', { cache: 'reload' });
});

it('a model whose connection breaks again is not loaded', async () => {
  const fetch = network(broken, broken);
  await expect(fetchModel('https://somewhere/model.gguf')).rejects.toMatchObject({
    name: 'TaggramError',
    code: 'load',
  });
  expect(fetch).toHaveBeenCalledTimes(2);
});

it('a model that is not there is asked for once', async () => {
  const fetch = network(() => new Response('', { status: 404 }));
  await expect(fetchModel('https://somewhere/model.gguf')).rejects.toMatchObject({ code: 'load' });
  expect(fetch).toHaveBeenCalledTimes(1);
});

describe('a model that is damaged', () => {
  const whole = modelBytes().slice();
  const damaged = whole.with(whole.length - 1, whole[whole.length - 1]! ^ 1);
  const address = 'https://somewhere/model.gguf';

  it('is asked for once more, past what keeps it', async () => {
    const fetch = network(
      () => new Response(damaged),
      () => new Response(whole),
    );
    const tagger = await createTagger({ model: address, wasm: await compiledEngine(), workers: 0 });
    expect(tagger.model.name).toBe('MTT_musicnn');
    expect(fetch).toHaveBeenLastCalledWith(address, { cache: 'reload' });
    tagger.dispose();
  });

  it('is refused when it is damaged again', async () => {
    const fetch = network(
      () => new Response(damaged),
      () => new Response(damaged),
    );
    const creating = createTagger({ model: address, wasm: await compiledEngine(), workers: 0 });
    await expect(creating).rejects.toMatchObject({ code: 'bad-model' });
    expect(fetch).toHaveBeenCalledTimes(2);
  });
});

it('a file that cannot be read is not loaded', async () => {
  const moved = new Blob();
  moved.arrayBuffer = () => Promise.reject(new DOMException('moved', 'NotReadableError'));
  await expect(fetchModel(moved)).rejects.toMatchObject({ name: 'TaggramError', code: 'unreadable' });
});
