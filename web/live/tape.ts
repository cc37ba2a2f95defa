/** What was heard, in 16 bits: all of it as a WAVE file, and the latest of it at hand for those who listen. */
import { waveHead, waveFormat } from '../decode/slices/wave.ts';

/** Seconds that are at hand. */
const AT_HAND_SECONDS = 30;

/** Samples are put away by so many seconds; browsers move what is put away to the disk when it is much. */
const PART_SECONDS = 10;

const FULL = 2 ** 15;
const BYTES = 2;

interface Block {
  /** The number of its first sample. */
  at: number;
  planes: Float32Array[];
}

export class Tape {
  /** Samples of each channel. */
  length = 0;
  isOver = false;
  private blocks: Block[] = [];
  private readonly parts: Blob[] = [];
  private pending: Int16Array<ArrayBuffer>[] = [];
  private pendingLength = 0;
  private waiting: (() => void)[] = [];

  constructor(
    readonly sampleRate: number,
    readonly channels: number,
  ) {}

  get seconds(): number {
    return this.length / this.sampleRate;
  }

  /** Takes the next block, and rounds it: what is heard is what the file holds. */
  add(planes: Float32Array[]): void {
    const count = planes[0]?.length ?? 0;
    const samples = new Int16Array(count * this.channels);
    planes.forEach((plane, channel) => {
      for (let i = 0; i < count; i++) {
        const sample = Math.max(-FULL, Math.min(FULL - 1, Math.round(plane[i]! * FULL)));
        samples[i * this.channels + channel] = sample;
        plane[i] = sample / FULL;
      }
    });
    this.blocks.push({ at: this.length, planes });
    this.length += count;
    const least = this.length - AT_HAND_SECONDS * this.sampleRate;
    while (this.blocks.length > 1 && this.blocks[1]!.at <= least) this.blocks.shift();
    this.pending.push(samples);
    this.pendingLength += count;
    if (this.pendingLength >= PART_SECONDS * this.sampleRate) this.putAway();
    this.wake();
  }

  /** Resolves when there is more, or no more will come. */
  more(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** A copy of what is at hand of this stretch. */
  copy(from: number, to: number): Float32Array[] {
    return Array.from({ length: this.channels }, (_, channel) => {
      const copied = new Float32Array(to - from);
      for (const { at, planes } of this.blocks) {
        const plane = planes[channel]!;
        const part = plane.subarray(Math.max(0, from - at), Math.max(0, to - at));
        if (part.length > 0) copied.set(part, Math.max(0, at - from));
      }
      return copied;
    });
  }

  /** No more will come. */
  end(): void {
    this.isOver = true;
    this.wake();
  }

  /** All of it so far. It is made of what is put away, of which nothing is copied. */
  file(name: string): File {
    if (this.pendingLength > 0) this.putAway();
    const { sampleRate, channels } = this;
    const format = waveFormat({ sampleRate, channels, sampleBytes: BYTES, isFloat: false });
    const size = this.parts.reduce((bytes, part) => bytes + part.size, 0);
    return new File([waveHead(format, size), ...this.parts], name, { type: 'audio/wav' });
  }

  private putAway(): void {
    this.parts.push(new Blob(this.pending));
    this.pending = [];
    this.pendingLength = 0;
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    waiting.forEach((resolve) => resolve());
  }
}
