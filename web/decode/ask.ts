/**
 * Asks the header worker or the decoding worker, one worker a question. What takes files apart may lose itself in a damaged one, even in a
 * loop without end; a worker that no longer gets on is given up.
 */
import { TaggramError, unloadable, type ErrorCode } from '../errors.ts';
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
  /** The planes of the file's first piece; asked again, of the next one; undefined when there are no more. */
  piece: Float32Array[] | undefined;
}

export type Told =
  | { kind: 'progress' }
  | { kind: 'answer'; answer: Answers[keyof Answers] }
  /** `code` is missing where a library failed: its words are not for people. */
  | { kind: 'error'; code?: ErrorCode; message: string };

/** Longest time without a packet, or for a header; a header is a few reads, unless the file is of no known kind. */
const PATIENCE_MS = { commonFacts: 20_000, facts: 20_000, piece: 5_000 };

/** A header worker that was started before its question. */
let ready: Worker | undefined;

/** Starts the header worker, so that the next file that wants it need not wait. */
export function prepareHeaderWorker(): void {
  if (ready) return;
  try {
    ready = launch('commonFacts');
  } catch {
    return; // whoever asks is told
  }
  ready.onerror = () => (ready = undefined);
}

export async function askDecoder<Kind extends keyof Answers>(
  question: Question & { kind: Kind },
  signal?: AbortSignal,
): Promise<Answers[Kind]> {
  signal?.throwIfAborted();
  const worker = (question.kind === 'commonFacts' && takeReady()) || launch(question.kind);
  try {
    return await answerOf(worker, question, signal);
  } finally {
    worker.terminate();
  }
}

/** Decodes a file packet by packet, one piece ahead of who takes them. */
export async function* packetsOf(
  file: Blob,
  name: string,
  signal?: AbortSignal,
): AsyncGenerator<Float32Array[], void> {
  const worker = launch('piece');
  const ask = () => {
    const piece = answerOf(worker, { kind: 'piece', file, name }, signal);
    piece.catch(() => {}); // seen when its turn comes
    return piece;
  };
  try {
    let coming = ask();
    for (let piece; (piece = await coming);) {
      coming = ask();
      yield piece;
    }
  } finally {
    worker.terminate();
  }
}

function answerOf<Kind extends keyof Answers>(
  worker: Worker,
  question: Question & { kind: Kind },
  signal?: AbortSignal,
): Promise<Answers[Kind]> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout>;
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    };
    const fail = (error: unknown) => {
      end();
      worker.terminate();
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

function takeReady(): Worker | undefined {
  const worker = ready;
  ready = undefined;
  return worker;
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
