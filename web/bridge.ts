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

/** In a worker. One that breaks down fails what it was asked, and a new one takes the next request. */
export class WorkerBridge implements Bridge {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;
  /** What a new worker has to be told first. */
  private loading: (Request & { kind: 'load' }) | undefined;
  private disposed = false;

  ask<R extends Request>(request: R, transfer: Transferable[] = []): Promise<ReplyTo<R>> {
    if (this.disposed) return Promise.reject(new TaggramError('engine', 'The tagger was disposed of.'));
    if (request.kind === 'load') this.loading = request;
    if (!this.worker) {
      if (request.kind === 'close') return Promise.resolve(undefined as ReplyTo<R>); // it went with its worker
      this.worker = this.start();
      if (this.loading && request.kind !== 'load') this.post(this.loading, []).catch(() => {});
    }
    return this.post(request, transfer);
  }

  dispose(): void {
    this.disposed = true;
    this.stop(new TaggramError('engine', 'The tagger was disposed of.'));
  }

  private start(): Worker {
    const worker = new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module' });
    let answered = false;
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (this.worker !== worker) return; // it was given up
      answered = true;
      this.settle(data);
    };
    worker.onerror = () => {
      if (this.worker !== worker) return;
      this.stop(
        answered
          ? new TaggramError('engine', 'The tagging engine broke down. Try again, or another file.')
          : new TaggramError('load', 'The tagging worker could not start. Reload the page and try again.'),
      );
    };
    return worker;
  }

  private post<R extends Request>(request: R, transfer: Transferable[]): Promise<ReplyTo<R>> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: (reply) => resolve(reply as ReplyTo<R>), reject });
      this.worker!.postMessage({ id, request } satisfies Envelope, transfer);
    });
  }

  private settle(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(new TaggramError(answer.error.code, answer.error.message));
    else waiting?.resolve(answer.reply);
  }

  private stop(error: TaggramError): void {
    this.worker?.terminate();
    this.worker = undefined;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
