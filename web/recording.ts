/** From a file to decoded audio. */
import { decode, readHeader, type AudioFacts } from './decode/decode.ts';
import { checkFile, checkOptions } from './checks.ts';
import type { Pcm } from './pcm.ts';

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

/** What a file's header says; rejects when it certainly holds no audio that can be decoded here. */
export async function inspectFile(file: Blob, givenName?: string): Promise<AudioFacts> {
  checkFile(file);
  const name = givenName ?? nameOf(file);
  const facts = await readHeader(file, name);
  if (facts.container === 'unknown') await decode(file, name, facts);
  return facts;
}

/** Decodes a file at its own sample rate. */
export async function decodeFile(file: Blob, options: DecodeOptions = {}): Promise<Recording> {
  checkOptions(options);
  checkFile(file);
  const { signal, onProgress, name = nameOf(file) } = options;
  signal?.throwIfAborted();
  if (!options.facts) onProgress?.({ stage: 'reading' });
  const facts = options.facts ?? (await readHeader(file, name, signal));
  onProgress?.({ stage: 'decoding', facts });
  const { pcm, warnings } = await decode(file, name, facts, signal);
  return { ...pcm, name, warnings };
}

export function nameOf(source: Blob | Pcm | AudioBuffer): string {
  return ('name' in source && String(source.name)) || 'The audio';
}
