/** Asks an engine: one in a worker, or one on this thread. A reply a request, matched by number. */
import { Engine } from './core/engine.ts';
import { TaggramError } from './errors.ts';
import type { Answer, Envelope, Replies, ReplyTo, Request } from './messages.ts';

export interface Bridge {
  ask<R extends Request>(request: R, transfer?: Transferable[]): Promise<ReplyTo<R>>;
  dispose(): void;
}

/** Longest work on the calling thread before others have their turn: timers, and through them whoever cancels. */
const TURN_MS = 30;

/** On the calling thread: for Node and for tests. */
export class InlineBridge implements Bridge {
  private readonly engine = new Engine();
  /** Why it answers no more. */
  private end: TaggramError | undefined;
  /** One request at a time, in order. */
  private last: Promise<unknown> = Promise.resolve();
  private turnBegan = performance.now();

  ask<R extends Request>(request: R): Promise<ReplyTo<R>> {
    const reply = this.last.then(() => this.answer(request));
    this.last = reply.catch(() => {});
    return reply;
  }

  dispose(): void {
    this.end = disposedOf();
  }

  private async answer<R extends Request>(request: R): Promise<ReplyTo<R>> {
    if (performance.now() - this.turnBegan > TURN_MS) await this.nextTurn();
    if (this.end) throw this.end;
    try {
      return await this.engine.answer(request);
    } catch (cause) {
      if (cause instanceof TaggramError) throw cause;
      this.end = new TaggramError(
        'engine',
        'The tagging engine broke down. Create another tagger and try again.',
        { cause },
      );
      throw this.end;
    }
  }

  private async nextTurn(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
    this.turnBegan = performance.now();
  }
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

  /** Starts the worker while what its first request needs is still on its way. */
  start(): void {
    this.worker ??= this.launch();
  }

  async ask<R extends Request>(request: R, transfer: Transferable[] = []): Promise<ReplyTo<R>> {
    if (this.disposed) throw disposedOf();
    if (request.kind === 'load') this.loading = request;
    if (!this.worker) {
      if (request.kind === 'close') return undefined as ReplyTo<R>; // it went with its worker
      this.start();
      if (this.loading && request.kind !== 'load') this.post(this.loading, []).catch(() => {});
    }
    return this.post(request, transfer);
  }

  dispose(): void {
    this.disposed = true;
    this.stop(disposedOf());
  }

  private launch(): Worker {
    const worker = launchWorker();
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
          : unstartable(),
      );
    };
    return worker;
  }

  private post<R extends Request>(request: R, transfer: Transferable[]): Promise<ReplyTo<R>> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      try {
        this.worker!.postMessage({ id, request } satisfies Envelope, transfer);
      } catch (cause) {
        return reject(untransferable(cause));
      }
      this.waiting.set(id, { resolve: (reply) => resolve(reply as ReplyTo<R>), reject });
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

/** Browsers start no worker from another origin. */
function launchWorker(): Worker {
  try {
    return new Worker(new URL('./worker/worker.ts', import.meta.url), { type: 'module' });
  } catch (cause) {
    throw unstartable(cause);
  }
}

function unstartable(cause?: unknown): TaggramError {
  return new TaggramError('load', 'The tagging worker could not start. Check the connection and try again.', {
    cause,
  });
}

function untransferable(cause: unknown): TaggramError {
  return new TaggramError(
    'bad-option',
    'The data could not be handed to the worker: their memory is shared, or was handed over before. Give a copy.',
    { cause },
  );
}

function disposedOf(): TaggramError {
  return new TaggramError('engine', 'The tagger was disposed of. Create another.');
}
