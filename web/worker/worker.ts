/** The tagging worker: an Engine behind messages. It knows nothing of the page. */
import { Engine } from '../core/engine.ts';
import { TaggramError } from '../errors.ts';
import { buffersOf } from '../transfer.ts';
import type { Answer, Envelope, Made, ModelFacts, Scored } from '../messages.ts';

declare const self: DedicatedWorkerGlobalScope;

const engine = new Engine();

self.onmessage = async ({ data }: MessageEvent<Envelope>) => {
  const { id, request } = data;
  try {
    const reply = await engine.answer(request);
    const transfer = typeof reply === 'object' ? buffersOf(arraysOf(reply)) : [];
    self.postMessage({ id, reply } satisfies Answer, transfer);
  } catch (error) {
    // Anything else is a crash of the engine, after which it can't be trusted: the bridge hears of it.
    if (!(error instanceof TaggramError)) return reportError(error);
    self.postMessage({ id, error: { code: error.code, message: error.message } } satisfies Answer);
  }
};

function arraysOf(reply: Scored | Made | ModelFacts): (Float32Array | Float64Array)[] {
  if ('frames' in reply) return Object.values(reply.frames);
  if (!('scores' in reply)) return [];
  const { scores, means, features = {} } = reply;
  return [scores, means, ...Object.values(features).map(({ data }) => data)];
}
