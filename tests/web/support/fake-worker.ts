/** In place of the browser's Worker: it answers only when told to. */
export class FakeWorker {
  static made: FakeWorker[] = [];
  /** Copies of what it was sent. */
  readonly asked: unknown[] = [];
  onmessage: ((event: { data: unknown }) => void) | undefined;
  onerror: (() => void) | undefined;
  terminated = false;

  constructor() {
    FakeWorker.made.push(this);
  }

  postMessage(message: unknown, transfer: ArrayBuffer[] = []): void {
    this.asked.push(structuredClone(message, { transfer }));
  }

  say(data: unknown): void {
    this.onmessage!({ data });
  }

  terminate(): void {
    this.terminated = true;
  }
}
