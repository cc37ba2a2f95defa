/** What becomes of requests when the worker breaks down. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WorkerBridge } from '../../web/bridge.ts';
import type { Envelope, Request } from '../../web/messages.ts';

/** A worker that answers only when told to. */
class FakeWorker {
  static made: FakeWorker[] = [];
  readonly asked: Envelope[] = [];
  onmessage: ((event: { data: unknown }) => void) | undefined;
  onerror: (() => void) | undefined;
  terminated = false;

  constructor() {
    FakeWorker.made.push(this);
  }

  postMessage(envelope: Envelope): void {
    this.asked.push(envelope);
  }

  answer(index: number, reply: unknown): void {
    this.onmessage!({ data: { id: this.asked[index]!.id, reply } });
  }

  terminate(): void {
    this.terminated = true;
  }
}

const LOAD = { kind: 'load' } as Request & { kind: 'load' };
const CLOSE: Request = { kind: 'close', stream: 0 };
const OPEN = { kind: 'open', stream: 1 } as Request;

beforeEach(() => vi.stubGlobal('Worker', FakeWorker));
afterEach(() => {
  vi.unstubAllGlobals();
  FakeWorker.made = [];
});

it('says that a worker could not start', async () => {
  const answer = new WorkerBridge().ask(LOAD);
  FakeWorker.made[0]!.onerror!();
  await expect(answer).rejects.toMatchObject({ code: 'load', message: /could not start/ });
});

it('replaces a worker that broke down, and loads the model anew', async () => {
  const bridge = new WorkerBridge();
  const loaded = bridge.ask(LOAD);
  FakeWorker.made[0]!.answer(0, 'facts');
  await loaded;
  const lost = bridge.ask(CLOSE);
  FakeWorker.made[0]!.onerror!();
  await expect(lost).rejects.toMatchObject({ code: 'engine', message: /broke down/ });
  expect(FakeWorker.made[0]!.terminated).toBe(true);
  await bridge.ask(CLOSE); // the stream is gone with its worker
  expect(FakeWorker.made).toHaveLength(1);
  const next = bridge.ask(OPEN);
  const [first, second] = FakeWorker.made;
  expect(second!.asked.map(({ request }) => request)).toEqual([LOAD, OPEN]);
  first!.onerror!(); // late, of another request
  second!.answer(1, undefined);
  await next;
});

it('answers nothing more once it is disposed of', async () => {
  const bridge = new WorkerBridge();
  const waiting = bridge.ask(LOAD);
  bridge.dispose();
  await expect(waiting).rejects.toMatchObject({ code: 'engine' });
  await expect(bridge.ask(CLOSE)).rejects.toMatchObject({ code: 'engine' });
  expect(FakeWorker.made[0]!.terminated).toBe(true);
});
