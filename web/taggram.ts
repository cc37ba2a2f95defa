/**
 * Music tagging in JavaScript: which tags hold when in a recording.
 *
 *     const tagger = await createTagger();
 *     const result = await tagger.tag(file, { onProgress: ({ stage }) => console.log(stage) });
 *     console.log(result.top.slice(0, 3));
 *     tagger.dispose();
 *
 * Runs in browsers (a worker does the computing) and, given PCM and `workers: 0`, in Node.
 * Everything that fails rejects with a TaggramError, or with the signal's reason when it was cancelled.
 */
import { BUNDLED } from './bundled.ts';
import { InlineBridge, WorkerBridge, type Bridge } from './bridge.ts';
import { TaggramError } from './errors.ts';
import { hopFrames, framesToSeconds } from './frames.ts';
import type { ModelFacts, Scored } from './messages.ts';
import { pcmOf, type Pcm } from './pcm.ts';
import { taggedFile, type TaggedFile } from './result.ts';
import type { AudioFacts } from './decode/decode.ts';

export { TaggramError, type ErrorCode } from './errors.ts';
export { BUNDLED } from './bundled.ts';
export type { ModelFacts, Scored, Segment } from './messages.ts';
export type { AudioFacts } from './decode/decode.ts';
export type { Pcm } from './pcm.ts';
export { rankTags, type TaggedFile, type TagScore } from './result.ts';

export interface TaggerOptions {
  /** A model file or its address; MTT_musicnn when not given. */
  model?: Uint8Array | URL | string;
  /** The compiled engine or its address; the bundled one when not given. */
  wasm?: WebAssembly.Module | URL | string;
  /** How many recordings are tagged at once, each in its own worker; 0 works on the calling thread. Default 1. */
  workers?: number;
  /** Called while the model comes, with the part of it that is here: 0 .. 1, or null where its size is unknown. */
  onLoad?: (fraction: number | null) => void;
}

export interface StreamSettings {
  /** Seconds from one segment's start to the next, rounded to frames of 16 ms; a segment's length by default. */
  hop?: number;
  /** One more segment that ends where the audio ends, if the hop leaves a rest. */
  keepTail?: boolean;
}

export interface TagOptions extends StreamSettings {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** Name in the result and in messages; a File brings its own. */
  name?: string;
  /** How many of the strongest tags the result's `top` lists. Default 3. */
  top?: number;
}

export type Progress =
  | { stage: 'reading' }
  | { stage: 'decoding'; facts: AudioFacts }
  | {
      stage: 'tagging';
      /** Segments done, and how many there will be. */
      done: number;
      total: number;
      /** Seconds of audio in the whole recording. */
      duration: number;
      hop: number;
      /** What came since the last report. */
      latest: Scored;
    };

export interface TagStream {
  /** planes[channel][frame]; they are handed over to the worker and must not be used afterwards. */
  push(planes: Float32Array[]): Promise<Scored>;
  finish(): Promise<Scored>;
  close(): Promise<void>;
}

export interface Tagger {
  readonly model: ModelFacts;
  readonly tags: readonly string[];
  /** Seconds that one answer is about. */
  readonly length: number;
  tag(source: Blob | AudioBuffer | Pcm, options?: TagOptions): Promise<TaggedFile>;
  stream(format: { sampleRate: number; channels: number }, settings?: StreamSettings): Promise<TagStream>;
  dispose(): void;
}

export async function createTagger(options: TaggerOptions = {}): Promise<Tagger> {
  const [wasm, model] = await Promise.all([
    compileEngine(options.wasm ?? BUNDLED.wasm),
    fetchModel(options.model ?? BUNDLED.models.MTT_musicnn, options.onLoad),
  ]);
  const count = options.workers ?? 1;
  const bridges: Bridge[] =
    count === 0 ? [new InlineBridge()] : Array.from({ length: count }, () => new WorkerBridge());
  try {
    const facts = await Promise.all(bridges.map((bridge) => bridge.ask({ kind: 'load', wasm, model })));
    return new BridgedTagger(facts[0]!, bridges);
  } catch (error) {
    bridges.forEach((bridge) => bridge.dispose());
    throw error;
  }
}

/** What a file's header says; rejects when it certainly holds no audio that can be decoded here. */
export async function inspectFile(file: Blob, name = nameOf(file)): Promise<AudioFacts> {
  const { readHeader, decode, UNKNOWN } = await decoder();
  const facts = await readHeader(file, name);
  if (facts === UNKNOWN) await decode(file, name, facts);
  return facts;
}

const DEFAULT_TOP = 3;

/** Pieces on their way to the engine, so that it need not wait while the page draws. */
const ASKED_AHEAD = 2;

class BridgedTagger implements Tagger {
  readonly tags: readonly string[];
  readonly length: number;
  /** Streams open on each bridge. */
  private readonly load: number[];
  private nextStream = 0;

  constructor(
    readonly model: ModelFacts,
    private readonly bridges: Bridge[],
  ) {
    this.tags = model.tags;
    this.length = framesToSeconds(model.segmentFrames);
    this.load = bridges.map(() => 0);
  }

  async stream(
    { sampleRate, channels }: { sampleRate: number; channels: number },
    { hop = this.length, keepTail = false }: StreamSettings = {},
  ): Promise<TagStream> {
    const options = { sampleRate, channels, hopFrames: hopFrames(hop, this.model.segmentFrames), keepTail };
    const least = this.load.indexOf(Math.min(...this.load));
    const bridge = this.bridges[least]!;
    const stream = this.nextStream++;
    this.load[least]!++;
    try {
      await bridge.ask({ kind: 'open', stream, options });
    } catch (error) {
      this.load[least]!--;
      throw error;
    }
    let open = true;
    return {
      push: (planes) => bridge.ask({ kind: 'push', stream, planes }, buffersOf(planes)),
      finish: () => bridge.ask({ kind: 'finish', stream }),
      close: async () => {
        if (!open) return;
        open = false;
        this.load[least]!--;
        await bridge.ask({ kind: 'close', stream });
      },
    };
  }

  async tag(source: Blob | AudioBuffer | Pcm, options: TagOptions = {}): Promise<TaggedFile> {
    const name = options.name ?? nameOf(source);
    const hop = hopFrames(options.hop ?? this.length, this.model.segmentFrames);
    options.signal?.throwIfAborted();
    const { pcm, warnings } =
      source instanceof Blob ? await readAudio(source, name, options) : { pcm: asPcm(source), warnings: [] };
    const parts = await this.run(pcm, framesToSeconds(hop), name, options);
    const bad = parts[parts.length - 1]!.heard.nonFinite;
    if (bad > 0) warnings.push(nonFiniteWarning(bad));
    const { top = DEFAULT_TOP } = options;
    return taggedFile(
      this.model,
      { file: name, sampleRate: pcm.sampleRate, hopFrames: hop, top, warnings },
      parts,
    );
  }

  /** Feeds the stream one hop of audio at a time, so that each reply brings about one segment. */
  private async run(pcm: Pcm, hop: number, name: string, options: TagOptions): Promise<Scored[]> {
    const { signal, onProgress, keepTail = false } = options;
    const frames = pcm.planes[0]?.length ?? 0;
    const duration = frames / pcm.sampleRate;
    const total = segmentCount(duration, hop, this.length, keepTail);
    const stream = await this.stream(
      { sampleRate: pcm.sampleRate, channels: pcm.planes.length },
      { hop, keepTail },
    );
    const parts: Scored[] = [];
    let done = 0;
    const report = (latest: Scored) => {
      signal?.throwIfAborted();
      parts.push(latest);
      done += latest.segments.length;
      onProgress?.({ stage: 'tagging', done, total, duration, hop, latest });
    };
    try {
      const step = Math.max(1, Math.ceil(hop * pcm.sampleRate));
      const asked: Promise<Scored>[] = [];
      for (let at = 0; at < frames; at += step) {
        signal?.throwIfAborted();
        const reply = stream.push(pcm.planes.map((plane) => plane.slice(at, at + step)));
        reply.catch(() => {}); // seen when its turn comes, unless an earlier one fails
        if (asked.push(reply) === ASKED_AHEAD) report(await asked.shift()!);
      }
      for (const reply of asked) report(await reply);
      report(await stream.finish());
      return parts;
    } catch (error) {
      throw named(error, name);
    } finally {
      await stream.close().catch(() => {}); // what matters has been said by then
    }
  }

  dispose(): void {
    this.bridges.forEach((bridge) => bridge.dispose());
  }
}

/** Large, so it comes when it is needed. */
async function decoder(): Promise<typeof import('./decode/decode.ts')> {
  try {
    return await import('./decode/decode.ts');
  } catch {
    throw unloadable('The audio decoder');
  }
}

async function readAudio(file: Blob, name: string, { signal, onProgress }: TagOptions) {
  onProgress?.({ stage: 'reading' });
  const { readHeader, decode } = await decoder();
  const facts = await readHeader(file, name);
  signal?.throwIfAborted();
  onProgress?.({ stage: 'decoding', facts });
  return decode(file, name, facts, signal);
}

/** An estimate for progress; the core has the last word. */
export function segmentCount(duration: number, hop: number, length: number, keepTail: boolean): number {
  if (duration <= length) return 1;
  const steps = (duration - length) / hop;
  return 1 + (keepTail ? Math.ceil(steps) : Math.floor(steps));
}

async function compileEngine(wasm: WebAssembly.Module | URL | string): Promise<WebAssembly.Module> {
  if (wasm instanceof WebAssembly.Module) return wasm;
  const response = await fetchFile(wasm, 'The tagging engine');
  // Compiling while it streams needs the type application/wasm, which not every host sends.
  if (response.headers.get('content-type') === 'application/wasm')
    return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

async function fetchModel(
  model: Uint8Array | URL | string,
  onLoad?: TaggerOptions['onLoad'],
): Promise<Uint8Array> {
  if (model instanceof Uint8Array) return model;
  const response = await fetchFile(model, 'The model');
  return new Uint8Array(await new Response(counted(response, onLoad)).arrayBuffer());
}

/** The response's bytes, counted as they come. */
function counted({ body, headers }: Response, onLoad?: TaggerOptions['onLoad']): ReadableStream | null {
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
  const response = await fetch(address).catch(() => undefined);
  if (!response?.ok) throw unloadable(what);
  return response;
}

function unloadable(what: string): TaggramError {
  return new TaggramError('load', `${what} could not be loaded. Check your connection and reload the page.`);
}

/** Planes may share a buffer, which can be handed over only once. */
function buffersOf(planes: Float32Array[]): ArrayBuffer[] {
  return [...new Set(planes.map((plane) => plane.buffer as ArrayBuffer))];
}

function nonFiniteWarning(count: number): string {
  return `${count} ${count === 1 ? 'sample was' : 'samples were'} not finite (NaN or infinity) and counted as 0.`;
}

/** The core does not know the file's name; people who dropped several need it. */
function named(error: unknown, name: string): unknown {
  if (!(error instanceof TaggramError) || error.message.includes(name)) return error;
  if (error.code === 'too-short')
    return new TaggramError(
      'too-short',
      `${name} lasts less than 0.1 seconds, too short to be tagged. Choose another file.`,
    );
  return new TaggramError(error.code, `${name}: ${error.message}`);
}

function nameOf(source: Blob | AudioBuffer | Pcm): string {
  return source instanceof Blob && 'name' in source ? String(source.name) : 'The audio';
}

function asPcm(source: AudioBuffer | Pcm): Pcm {
  return 'planes' in source ? source : pcmOf(source);
}
