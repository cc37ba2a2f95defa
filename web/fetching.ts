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

export async function fetchModel(
  model: string | URL | Blob | Uint8Array,
  onLoad?: OnLoad,
): Promise<Uint8Array> {
  if (model instanceof Uint8Array) return model;
  if (model instanceof Blob) return readBlob(model);
  if (typeof model !== 'string' && !(model instanceof URL))
    throw refusal(`The model is ${String(model)}; give a name, an address, a Blob or a Uint8Array.`);
  const what = 'The model';
  const response = await fetchFile(typeof model === 'string' ? modelAddress(model) : model, what);
  return new Response(counted(response, onLoad)).arrayBuffer().then(
    (bytes) => new Uint8Array(bytes),
    () => Promise.reject(unloadable(what)), // the connection broke while it came
  );
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

async function fetchFile(address: URL | string, what: string): Promise<Response> {
  const response = await (String(address).startsWith('file:') ? readFile(address) : fetch(address)).catch(
    () => undefined,
  );
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
