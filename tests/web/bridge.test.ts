/** What becomes of requests that an engine can't answer. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InlineBridge, WorkerBridge } from '../../web/bridge.ts';
import { Engine } from '../../web/core/engine.ts';
import { TaggramError } from '../../web/errors.ts';
import type { Envelope, Request } from '../../web/messages.ts';
import { FakeWorker } from './support/fake-worker.ts';

const LOAD = { kind: 'load' } as Request & { kind: 'load' };
const CLOSE: Request = { kind: 'close', stream: 0 };
const OPEN = { kind: 'open', stream: 1 } as Request;

/** The worker made as number `index`. */
function worker(index: number) {
  const fake = FakeWorker.made[index]!;
  const asked = () => fake.asked as Envelope[];
  return {
    fake,
    requests: () => asked().map(({ request }) => request),
    answer: (nth: number, reply: unknown) => fake.say({ id: asked()[nth]!.id, reply }),
  };
}

beforeEach(() => vi.stubGlobal('Worker', FakeWorker));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  FakeWorker.made = [];
});

describe('a worker', () => {
  it('that could not start is told of', async () => {
    const answer = new WorkerBridge().ask(LOAD);
    worker(0).fake.onerror!();
    await expect(answer).rejects.toMatchObject({
      code: 'load',
      message: expect.stringMatching(/could not start.*try again/),
    });
  });

  it('that the browser refuses to start is told of', async () => {
    vi.stubGlobal('Worker', function refuse() {
      throw new DOMException('from another origin', 'SecurityError');
    });
    await expect(new WorkerBridge().ask(LOAD)).rejects.toMatchObject({ name: 'TaggramError', code: 'load' });
  });

  it('that broke down is replaced, and loads the model anew', async () => {
    const bridge = new WorkerBridge();
    const loaded = bridge.ask(LOAD);
    worker(0).answer(0, 'facts');
    await loaded;
    const lost = bridge.ask(CLOSE);
    worker(0).fake.onerror!();
    await expect(lost).rejects.toMatchObject({
      code: 'engine',
      message: expect.stringMatching(/broke down/),
    });
    expect(worker(0).fake.terminated).toBe(true);
    await bridge.ask(CLOSE); // the stream is gone with its worker
    expect(FakeWorker.made).toHaveLength(1);
    const next = bridge.ask(OPEN);
    expect(worker(1).requests()).toEqual([LOAD, OPEN]);
    worker(0).fake.onerror!(); // late, of another request
    worker(1).answer(1, undefined);
    await next;
  });

  it('is not asked for what it cannot be handed, and answers the next request', async () => {
    const bridge = new WorkerBridge();
    const plane = new Float32Array(10);
    structuredClone(plane, { transfer: [plane.buffer] });
    const push: Request = { kind: 'push', stream: 1, planes: [plane] };
    await expect(bridge.ask(push, [plane.buffer])).rejects.toMatchObject({
      name: 'TaggramError',
      code: 'bad-option',
    });
    const next = bridge.ask(OPEN);
    expect(worker(0).requests()).toEqual([OPEN]);
    worker(0).answer(0, undefined);
    await next;
  });

  it('answers nothing more once it is disposed of', async () => {
    const bridge = new WorkerBridge();
    const waiting = bridge.ask(LOAD);
    bridge.dispose();
    await expect(waiting).rejects.toMatchObject({ code: 'engine' });
    await expect(bridge.ask(CLOSE)).rejects.toMatchObject({ code: 'engine' });
    expect(worker(0).fake.terminated).toBe(true);
  });
});

describe('the calling thread', () => {
  /** An engine that notes what it is asked, and takes so long for loading that others want their turn. */
  function noting(events: string[]) {
    vi.spyOn(Engine.prototype, 'answer').mockImplementation(async ({ kind }: Request) => {
      for (const begin = performance.now(); kind === 'load' && performance.now() - begin < 40;);
      events.push(kind);
      return undefined as never;
    });
  }

  it('lets timers have their turn', async () => {
    const events: string[] = [];
    noting(events);
    const bridge = new InlineBridge();
    setTimeout(() => events.push('timer'));
    await Promise.all([bridge.ask(LOAD), bridge.ask(LOAD), bridge.ask(LOAD)]);
    expect(events.indexOf('timer')).toBeLessThan(events.lastIndexOf('load'));
  });

  it('works on requests in their order, whoever had a turn between them', async () => {
    const events: string[] = [];
    noting(events);
    const bridge = new InlineBridge();
    await bridge.ask(LOAD);
    const opened = bridge.ask(OPEN);
    const closed = bridge.ask(CLOSE);
    await opened;
    await Promise.all([closed, bridge.ask({ kind: 'finish', stream: 1 })]);
    expect(events).toEqual(['load', 'open', 'close', 'finish']);
  });

  it('trusts no engine that broke down', async () => {
    const cause = new WebAssembly.RuntimeError('unreachable');
    const answer = vi.spyOn(Engine.prototype, 'answer').mockRejectedValue(cause);
    const bridge = new InlineBridge();
    await expect(bridge.ask(LOAD)).rejects.toMatchObject({ name: 'TaggramError', code: 'engine', cause });
    await expect(bridge.ask(OPEN)).rejects.toMatchObject({ code: 'engine' });
    expect(answer).toHaveBeenCalledTimes(1);
  });

  it('goes on after a refusal', async () => {
    const bridge = new InlineBridge();
    await expect(bridge.ask(OPEN)).rejects.toBeInstanceOf(TaggramError);
    const answer = vi.spyOn(Engine.prototype, 'answer').mockResolvedValue(undefined as never);
    await bridge.ask(OPEN);
    expect(answer).toHaveBeenCalled();
  });
});
