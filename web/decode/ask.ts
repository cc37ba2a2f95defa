/**
 * Asks the decoding worker, one worker a question. What takes files apart may lose itself in a damaged one, even in a
 * loop without end; a worker that no longer gets on is given up.
 */
import { TaggramError, type ErrorCode } from '../errors.ts';
import { unloadable } from '../fetching.ts';
import type { Pcm } from '../pcm.ts';
import type { AudioFacts } from './facts.ts';

export type Question = { kind: 'facts'; file: Blob; name: string } | { kind: 'pcm'; file: Blob };

export interface Answers {
  facts: AudioFacts;
  pcm: Pcm;
}

export type Told =
  | { kind: 'progress' }
  | { kind: 'answer'; answer: Answers[Question['kind']] }
  /** `code` is missing where a library failed: its words are not for people. */
  | { kind: 'error'; code?: ErrorCode; message: string };

/** Longest time without a packet, or for a header; a header is a few reads, unless the file is of no known kind. */
const PATIENCE_MS = { facts: 20_000, pcm: 5_000 };

export async function askDecoder<Q extends Question>(
  question: Q,
  signal?: AbortSignal,
): Promise<Answers[Q['kind']]> {
  signal?.throwIfAborted();
  const worker = launch();
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout>;
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      worker.terminate();
    };
    const fail = (error: unknown) => {
      end();
      reject(error);
    };
    const cancel = () => fail(signal!.reason);
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => fail(new Error('The decoder makes no progress.')), PATIENCE_MS[question.kind]);
    };
    worker.onmessage = ({ data }: MessageEvent<Told>) => {
      if (data.kind === 'progress') return wait();
      if (data.kind === 'error')
        return fail(data.code ? new TaggramError(data.code, data.message) : new Error(data.message));
      end();
      resolve(data.answer as Answers[Q['kind']]);
    };
    worker.onerror = () => fail(unloadable('The audio decoder'));
    signal?.addEventListener('abort', cancel);
    wait();
    worker.postMessage(question);
  });
}

function launch(): Worker {
  try {
    return new Worker(new URL('../worker/decoder.ts', import.meta.url), { type: 'module' });
  } catch {
    throw unloadable('The audio decoder'); // browsers start no worker from another origin
  }
}
