/**
 * Asks the header worker or the decoding worker, one worker a question. What takes files apart may lose itself in a damaged one, even in a
 * loop without end; a worker that no longer gets on is given up.
 */
import { TaggramError, unloadable, type ErrorCode } from '../errors.ts';
import type { Pcm } from '../pcm.ts';
import type { AudioFacts } from './facts.ts';

export interface Question {
  kind: keyof Answers;
  file: Blob;
  name: string;
}

export interface Answers {
  /** Undefined where the file is of none of the common kinds: then it is a question for the decoding worker. */
  commonFacts: AudioFacts | undefined;
  facts: AudioFacts;
  pcm: Pcm;
}

export type Told =
  | { kind: 'progress' }
  | { kind: 'answer'; answer: Answers[keyof Answers] }
  /** `code` is missing where a library failed: its words are not for people. */
  | { kind: 'error'; code?: ErrorCode; message: string };

/** Longest time without a packet, or for a header; a header is a few reads, unless the file is of no known kind. */
const PATIENCE_MS = { commonFacts: 20_000, facts: 20_000, pcm: 5_000 };

export async function askDecoder<Kind extends keyof Answers>(
  question: Question & { kind: Kind },
  signal?: AbortSignal,
): Promise<Answers[Kind]> {
  signal?.throwIfAborted();
  const worker = launch(question.kind);
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
      resolve(data.answer as Answers[Kind]);
    };
    worker.onerror = () => fail(unloadable('The audio decoder'));
    signal?.addEventListener('abort', cancel);
    wait();
    worker.postMessage(question);
  });
}

function launch(kind: keyof Answers): Worker {
  try {
    return kind === 'commonFacts'
      ? new Worker(new URL('../worker/header.ts', import.meta.url), { type: 'module' })
      : new Worker(new URL('../worker/decoder.ts', import.meta.url), { type: 'module' });
  } catch {
    throw unloadable('The audio decoder'); // browsers start no worker from another origin
  }
}
