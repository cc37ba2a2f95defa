/** One recording on its way through a bridge. */
import type { Bridge } from './bridge.ts';
import { checkPlanes, refusal } from './checks.ts';
import type { Scored } from './messages.ts';
import type { TagStream } from './taggram.ts';
import { buffersOf } from './transfer.ts';

export class BridgedStream implements TagStream {
  private state: 'open' | 'finished' | 'closed' = 'open';

  constructor(
    private readonly bridge: Bridge,
    private readonly id: number,
    private readonly channels: number,
    private readonly onClose: () => void,
  ) {}

  async push(planes: Float32Array[]): Promise<Scored> {
    this.expectOpen();
    checkPlanes(planes, this.channels);
    return this.bridge.ask({ kind: 'push', stream: this.id, planes }, buffersOf(planes));
  }

  async finish(): Promise<Scored> {
    this.expectOpen();
    this.state = 'finished';
    return this.bridge.ask({ kind: 'finish', stream: this.id });
  }

  async close(): Promise<void> {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.onClose();
    await this.bridge.ask({ kind: 'close', stream: this.id });
  }

  private expectOpen(): void {
    if (this.state !== 'open') throw refusal(`The stream is ${this.state}; open another for more audio.`);
  }
}
