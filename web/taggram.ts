/**
 * Music tagging in JavaScript: which tags hold when in a recording.
 *
 *     const tagger = await createTagger({ model: 'MTT_musicnn' });
 *     const result = await tagger.tag(file, { hop: 1, features: ['penultimate'] });
 *     console.log(result.top, result.features.penultimate.shape);
 *     tagger.dispose();
 *
 * Runs in browsers (workers do the computing) and, given PCM and `workers: 0`, in Node.
 * What fails rejects with a TaggramError; what was cancelled, with the signal's reason; what onProgress throws is
 * passed on.
 */
import { InlineBridge, WorkerBridge, type Bridge } from './bridge.ts';
import { DEFAULT_MODEL, ENGINE } from './bundled.ts';
import { checkOptions, checkWorkers } from './checks.ts';
import { compileEngine, fetchModel, type OnLoad } from './fetching.ts';
import { TaggramError } from './errors.ts';
import type { ModelFacts, Scored } from './messages.ts';
import type { Pcm, PcmSource } from './pcm.ts';
import type { DecodeOptions, DecodeProgress } from './recording.ts';
import type { TagResult } from './result.ts';
import { BridgedTagger } from './tagger.ts';

export { DEFAULT_MODEL, ENGINE, ENGINES, HAS_SIMD, MODELS, type BundledModel } from './bundled.ts';
export { TaggramError, type ErrorCode } from './errors.ts';
export { framesToSeconds, hopFrames } from './frames.ts';
export type { Feature, Features, ModelFacts, Scored, Segment } from './messages.ts';
export type { AudioFacts } from './decode/decode.ts';
export type { Pcm, PcmSource } from './pcm.ts';
export {
  decodeFile,
  expectFile,
  inspectFile,
  openFile,
  type DecodeOptions,
  type Recording,
} from './recording.ts';
export { rankTags, type TaggedFile, type TagResult, type TagScore } from './result.ts';

export interface TaggerOptions {
  /** The name of a bundled model (MODELS lists them), a model file, or its address. */
  model?: string | URL | Blob | Uint8Array;
  /** Of a model with several lists of tags (`model.lists`): the one that it shall answer alone. All by default. */
  list?: string;
  /** The compiled engine or its address; when not given the bundled one, with SIMD where that is. */
  wasm?: WebAssembly.Module | URL | string;
  /**
   * How many workers share the work, also that of one recording; 0 works on the calling thread. Default: as many as the
   * processor has cores, at most 8.
   */
  workers?: number;
  /** Called while the model comes, with the part of it that is here: 0 .. 1, or null where its size is unknown. */
  onLoad?: OnLoad;
}

export interface StreamFormat {
  /** Hz */
  sampleRate: number;
  channels: number;
}

export interface StreamSettings {
  /**
   * Seconds that one answer is about, floor((16000 s - 256) / 256) + 1 frames of 16 ms; the model's own by default.
   * vgg models take no other.
   */
  length?: number;
  /** Seconds from one segment's start to the next, rounded to frames of 16 ms; a segment's length by default. */
  hop?: number;
  /** One more segment that ends where the audio ends, if the hop leaves a rest. */
  keepTail?: boolean;
  /** Intermediates to tell with each segment, by the names in `model.features`. */
  features?: readonly string[];
}

export interface TagOptions extends StreamSettings, Omit<DecodeOptions, 'onProgress'> {
  onProgress?: (progress: Progress) => void;
  /** How many of the strongest tags the result's `top` lists. Default 3. */
  top?: number;
}

export type Progress =
  | DecodeProgress
  | {
      stage: 'tagging';
      /** Segments done, and how many there will be: about, until all of a file is decoded. */
      done: number;
      total: number;
      /** Seconds of audio in the whole recording: about, until all of a file is decoded. */
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
  /** Seconds that one answer is about, if nothing else is asked for. */
  readonly length: number;
  tag(source: Blob | AudioBuffer | Pcm | PcmSource, options?: TagOptions): Promise<TagResult>;
  stream(format: StreamFormat, settings?: StreamSettings): Promise<TagStream>;
  /** Bytes that each engine has of memory. */
  memory(): Promise<number[]>;
  dispose(): void;
}

export async function createTagger(options: TaggerOptions = {}): Promise<Tagger> {
  checkOptions(options);
  const count = options.workers ?? defaultWorkers();
  checkWorkers(count);
  const bridges: Bridge[] = count === 0 ? [new InlineBridge()] : [];
  try {
    for (let worker = 0; worker < count; worker++) bridges.push(startedBridge());
    const [wasm, file] = await Promise.all([
      compileEngine(options.wasm ?? ENGINE),
      fetchModel(options.model ?? DEFAULT_MODEL, options.onLoad),
    ]);
    const { list } = options;
    const load = (model: Uint8Array) =>
      Promise.all(bridges.map((bridge) => bridge.ask({ kind: 'load', wasm, model, list })));
    const facts = await load(file.bytes).catch(async (error: unknown) => {
      const isDamaged = error instanceof TaggramError && error.code === 'bad-model';
      if (isDamaged && file.again) return load(await file.again());
      throw error;
    });
    return new BridgedTagger(facts[0]!, bridges);
  } catch (error) {
    bridges.forEach((bridge) => bridge.dispose());
    throw error;
  }
}

function startedBridge(): Bridge {
  const bridge = new WorkerBridge();
  bridge.start();
  return bridge;
}

/** More gain little for a song, and each takes memory. */
const MOST_WORKERS = 8;

function defaultWorkers(): number {
  const cores = globalThis.navigator?.hardwareConcurrency ?? 1; // some browsers don't tell
  return Math.min(Math.max(cores, 1), MOST_WORKERS);
}
