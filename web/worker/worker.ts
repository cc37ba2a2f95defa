/** The tagging worker: an Engine behind messages. It knows nothing of the page. */
import { Engine } from '../core/engine.ts';
import { TaggramError } from '../errors.ts';
import type { Answer, Envelope } from '../messages.ts';

declare const self: DedicatedWorkerGlobalScope;

const engine = new Engine();

self.onmessage = async ({ data }: MessageEvent<Envelope>) => {
  const { id, request } = data;
  try {
    const reply = await engine.answer(request);
    const transfer = reply && 'scores' in reply ? [reply.scores.buffer, reply.means.buffer] : [];
    self.postMessage({ id, reply } satisfies Answer, transfer as Transferable[]);
  } catch (error) {
    const { code, message } =
      error instanceof TaggramError
        ? error
        : { code: 'engine' as const, message: `The tagging engine failed: ${error}` };
    self.postMessage({ id, error: { code, message } } satisfies Answer);
  }
};
