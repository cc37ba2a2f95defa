/** Asks an engine: one in a worker, or one on this thread. A reply a request, matched by number. */
import { Engine } from './core/engine.ts';
import { TaggramError } from './errors.ts';
import type { Answer, Envelope, Replies, ReplyTo, Request } from './messages.ts';

export interface Bridge {
  ask<R extends Request>(request: R, transfer?: Transferable[]): Promise<ReplyTo<R>>;
  dispose(): void;
}

/** On the calling thread: for Node and for tests. */
export class InlineBridge implements Bridge {
  private readonly engine = new Engine();

  ask<R extends Request>(request: R): Promise<ReplyTo<R>> {
    return this.engine.answer(request);
  }

  dispose(): void {}
}

interface Waiting {
  resolve(reply: Replies[keyof Replies]): void;
  reject(error: Error): void;
}

export class WorkerBridge implements Bridge {
  private readonly worker = new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module' });
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;
  private broken: TaggramError | undefined;

  constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<Answer>) => this.settle(data);
    this.worker.onerror = () =>
      this.break(
        new TaggramError('load', 'The tagging worker could not start. Reload the page and try again.'),
      );
  }

  ask<R extends Request>(request: R, transfer: Transferable[] = []): Promise<ReplyTo<R>> {
    if (this.broken) return Promise.reject(this.broken);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: (reply) => resolve(reply as ReplyTo<R>), reject });
      this.worker.postMessage({ id, request } satisfies Envelope, transfer);
    });
  }

  dispose(): void {
    this.worker.terminate();
    this.break(new TaggramError('engine', 'The tagger was disposed of.'));
  }

  private settle(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(new TaggramError(answer.error.code, answer.error.message));
    else waiting?.resolve(answer.reply);
  }

  private break(error: TaggramError): void {
    this.broken = error;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
