/** The tagging worker: an Engine behind messages. It knows nothing of the page. */
import { Engine } from '../core/engine.ts';
import { TaggramError } from '../errors.ts';
import type { Answer, Envelope, Scored } from '../messages.ts';

declare const self: DedicatedWorkerGlobalScope;

const engine = new Engine();

self.onmessage = async ({ data }: MessageEvent<Envelope>) => {
  const { id, request } = data;
  try {
    const reply = await engine.answer(request);
    const transfer = reply && 'scores' in reply ? buffersOf(reply) : [];
    self.postMessage({ id, reply } satisfies Answer, transfer);
  } catch (error) {
    // Anything else is a crash of the engine, after which it can't be trusted: the bridge hears of it.
    if (!(error instanceof TaggramError)) return reportError(error);
    self.postMessage({ id, error: { code: error.code, message: error.message } } satisfies Answer);
  }
};

function buffersOf({ scores, means, features = {} }: Scored): ArrayBuffer[] {
  const arrays = [scores, means, ...Object.values(features).map(({ data }) => data)];
  return arrays.map(({ buffer }) => buffer as ArrayBuffer);
}
