/** The decoding worker: takes one file apart and answers one question about it. */
import type { Question, Told } from '../decode/ask.ts';
import { readHeader } from '../decode/header.ts';
import { decodeByPacket } from '../decode/packets.ts';
import { TaggramError } from '../errors.ts';

declare const self: DedicatedWorkerGlobalScope;

/** Progress is told at most this often. */
const EVERY_MS = 200;

self.onmessage = async ({ data: question }: MessageEvent<Question>) => {
  try {
    if (question.kind === 'facts') {
      tell({ kind: 'answer', answer: await readHeader(question.file, question.name) });
    } else {
      const pcm = await decodeByPacket(question.file, tellProgress);
      tell(
        { kind: 'answer', answer: pcm },
        pcm.planes.map(({ buffer }) => buffer as ArrayBuffer),
      );
    }
  } catch (error) {
    const code = error instanceof TaggramError ? error.code : undefined;
    tell({ kind: 'error', ...(code && { code }), message: String((error as Error).message) });
  }
};

let toldAt = 0;

function tellProgress(): void {
  const now = performance.now();
  if (now - toldAt < EVERY_MS) return;
  toldAt = now;
  tell({ kind: 'progress' });
}

function tell(told: Told, transfer: Transferable[] = []): void {
  self.postMessage(told, transfer);
}
