/** Brings the engine and models: over the network in browsers, from the disk in Node. */
import { modelAddress } from './bundled.ts';
import { refusal } from './checks.ts';
import { TaggramError, unloadable } from './errors.ts';

/** Told while a file comes, with the part of it that is here: 0 .. 1, or null where its size is unknown. */
export type OnLoad = (fraction: number | null) => void;

/** Engines by their address: each comes once, however many taggers it serves. */
const engines = new Map<string, Promise<WebAssembly.Module>>();

export async function compileEngine(wasm: WebAssembly.Module | URL | string): Promise<WebAssembly.Module> {
  if (wasm instanceof WebAssembly.Module) return wasm;
  const address = String(wasm);
  let engine = engines.get(address);
  if (!engine) {
    engine = fetchEngine(address);
    engines.set(address, engine);
    engine.catch(() => engines.delete(address)); // it may be asked for again
  }
  return engine;
}

async function fetchEngine(address: string): Promise<WebAssembly.Module> {
  const what = 'The tagging engine';
  const response = await fetchFile(address, what);
  // Compiling while it streams needs the type application/wasm, which not every host sends.
  const streams = response.headers.get('content-type') === 'application/wasm';
  const compiled = streams
    ? WebAssembly.compileStreaming(response)
    : response.arrayBuffer().then((bytes) => WebAssembly.compile(bytes));
  return compiled.catch(() => Promise.reject(unloadable(what)));
}

/** What comes over the network may be had once more, past whatever kept it, when it turns out to be damaged. */
export interface ModelFile {
  bytes: Uint8Array;
  again?: () => Promise<Uint8Array>;
}

export async function fetchModel(
  model: string | URL | Blob | Uint8Array,
  onLoad?: OnLoad,
): Promise<ModelFile> {
  if (model instanceof Uint8Array) return { bytes: model };
  if (model instanceof Blob) return { bytes: await readBlob(model) };
  if (typeof model !== 'string' && !(model instanceof URL))
    throw refusal(`The model is ${String(model)}; give a name, an address, a Blob or a Uint8Array.`);
  const address = typeof model === 'string' ? modelAddress(model) : model;
  const again = () => download(address, onLoad, 'reload').catch(() => Promise.reject(unloadable(MODEL)));
  try {
    return { bytes: await download(address, onLoad), again };
  } catch (error) {
    if (error instanceof TaggramError) throw error;
    return { bytes: await again() }; // the connection broke while it came
  }
}

const MODEL = 'The model';

async function download(address: URL | string, onLoad?: OnLoad, cache?: RequestCache): Promise<Uint8Array> {
  const response = await fetchFile(address, MODEL, cache);
  return new Uint8Array(await new Response(counted(response, onLoad)).arrayBuffer());
}

async function readBlob(model: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await model.arrayBuffer());
  } catch {
    throw new TaggramError(
      'unreadable',
      "The model's file could not be read: it was moved or deleted. Choose another.",
    );
  }
}

/** The response's bytes, counted as they come. */
function counted({ body, headers }: Response, onLoad?: OnLoad): ReadableStream | null {
  if (!body || !onLoad) return body;
  const size = headers.get('content-encoding') ? NaN : Number(headers.get('content-length') ?? NaN);
  let loaded = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      loaded += piece.length;
      onLoad(size > 0 ? Math.min(1, loaded / size) : null);
      controller.enqueue(piece);
    },
  });
  return body.pipeThrough(count);
}

async function fetchFile(address: URL | string, what: string, cache?: RequestCache): Promise<Response> {
  const isOnDisk = String(address).startsWith('file:');
  const response = await (isOnDisk ? readFile(address) : fetch(address, { cache })).catch(() => undefined);
  if (!response?.ok) throw unloadable(what);
  return response;
}

interface FileReader {
  readFile(path: URL): Promise<Uint8Array<ArrayBuffer>>;
}

/** Node's fetch knows no files; browsers fetch none. */
async function readFile(address: URL | string): Promise<Response> {
  const { process } = globalThis as { process?: { getBuiltinModule(name: 'node:fs/promises'): FileReader } };
  if (!process) throw new Error('not in Node');
  return new Response(await process.getBuiltinModule('node:fs/promises').readFile(new URL(address)));
}
