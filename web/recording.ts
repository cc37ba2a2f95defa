/** From a file to decoded audio. */
import { untilAborted } from './abort.ts';
import { prepareHeaderWorker } from './decode/ask.ts';
import { open, readHeader, type AudioFacts } from './decode/decode.ts';
import { checkFile, checkOptions } from './checks.ts';
import { joinPieces, type Pcm, type PcmSource } from './pcm.ts';

export type DecodeProgress = { stage: 'reading' } | { stage: 'decoding'; facts: AudioFacts };

export interface DecodeOptions {
  signal?: AbortSignal;
  onProgress?: (progress: DecodeProgress) => void;
  /** In the result and in messages; a File brings its own. */
  name?: string;
  /** What inspectFile said of it, where it was asked: then the header is not read again. */
  facts?: AudioFacts;
}

/** Decoded audio that knows where it is from: it may be tagged many times. */
export type Recording = Required<Pcm>;

/** Begins to load what inspectFile wants for most files that are no mp3: a page that expects a file may call it. */
export function expectFile(): void {
  prepareHeaderWorker();
}

/** What a file's header says; rejects when it certainly holds no audio that can be decoded here. */
export async function inspectFile(file: Blob, givenName?: string): Promise<AudioFacts> {
  checkFile(file);
  const name = givenName ?? nameOf(file);
  const facts = await readHeader(file, name);
  if (facts.sampleRate === null) await open(file, name, facts); // only the browser itself may know it
  return facts;
}

/** Decodes a file at its own sample rate, piece by piece as they are asked for. */
export async function openFile(file: Blob, options: DecodeOptions = {}): Promise<Required<PcmSource>> {
  checkOptions(options);
  checkFile(file);
  const { signal, onProgress, name = nameOf(file) } = options;
  signal?.throwIfAborted();
  if (!options.facts) onProgress?.({ stage: 'reading' });
  const facts = options.facts ?? (await readHeader(file, name, signal));
  onProgress?.({ stage: 'decoding', facts });
  return open(file, name, facts, signal);
}

/** Decodes a whole file at its own sample rate. */
export async function decodeFile(file: Blob, options: DecodeOptions = {}): Promise<Recording> {
  const source = await openFile(file, options);
  const planes = await untilAborted(joinPieces(source), options.signal);
  const { sampleRate, name, warnings } = source;
  return { sampleRate, planes, name, warnings };
}

export function nameOf(source: Blob | Pcm | PcmSource | AudioBuffer): string {
  return ('name' in source && String(source.name)) || 'The audio';
}
