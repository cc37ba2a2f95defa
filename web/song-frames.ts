/**
 * A song's frames: made by one engine as they are wanted, and kept with the song where that is not too long, so that
 * another hop or model need not decode and hear it again.
 */
import { Ahead } from './ahead.ts';
import type { Bridge } from './bridge.ts';
import { FrameStore } from './frame-store.ts';
import { secondsToFrames } from './frames.ts';
import { LOUDNESS_WIDTH } from './made-frames.ts';
import type { Made, StreamOptions } from './messages.ts';
import { steps, type PcmSource } from './pcm.ts';
import { buffersOf } from './transfer.ts';

/** Bytes of frames that are kept of a song: an hour of log-mel. */
const MOST_KEPT = 100e6;

/** PCM given at a time to the engine that makes frames, at most: it should not hold up what else that is asked. */
const MAKING_SECONDS = 13;

export interface Maker {
  bridge: Bridge;
  /** A number for a stream that no other on this engine has. */
  stream: number;
  options: StreamOptions;
  /** Values of a frame. */
  frameWidth: number;
}

/** By what frames depend on. */
type Kept = Map<string, SongFrames>;

const keptOf = new WeakMap<PcmSource, Kept>();

/** Those that are kept of a song, or new ones of `maker`; whoever asks has to `leave` them. */
export function framesOf(source: PcmSource, maker: Maker): SongFrames {
  const { frameWidth, options } = maker;
  const bytes = frameWidth * Float32Array.BYTES_PER_ELEMENT + LOUDNESS_WIDTH * Float64Array.BYTES_PER_ELEMENT;
  if (secondsToFrames(source.duration) * bytes > MOST_KEPT) return new SongFrames(source, maker).join();
  const kept = keptOf.get(source) ?? new Map<string, SongFrames>();
  keptOf.set(source, kept);
  const key = `${frameWidth} values, repeated to ${options.segmentFrames}`;
  const frames: SongFrames =
    kept.get(key) ?? new SongFrames(source, maker, () => kept.get(key) === frames && kept.delete(key));
  kept.set(key, frames);
  return frames.join();
}

export class SongFrames {
  readonly store = new FrameStore();
  /** What is known of the audio so far. */
  made: Omit<Made, 'frames'> = { heard: { seconds: 0, nonFinite: 0 }, repeated: false };
  private readonly pcm: AsyncIterator<Float32Array[]>;
  private readonly making = new Ahead();
  private readonly opened: Promise<unknown>;
  /** What was asked for last: one thing at a time. */
  private last: Promise<boolean>;
  private users = 0;
  private isComplete = false;

  constructor(
    source: PcmSource,
    private readonly maker: Maker,
    /** They are of no use to others any more; absent: they are not kept. */
    private readonly onLost?: () => unknown,
  ) {
    const { bridge, stream, options } = maker;
    this.pcm = steps(source, MAKING_SECONDS);
    this.opened = bridge.ask({ kind: 'openMaker', stream, options });
    this.last = this.opened.then(() => true);
    this.last.catch(() => this.onLost?.());
  }

  join(): this {
    this.users++;
    return this;
  }

  /** When the last one leaves, what is not complete is given up. */
  leave(): void {
    if (--this.users > 0 || this.isComplete) return;
    this.onLost?.();
    this.close();
    void this.pcm.return?.();
  }

  /** Has some more made. Resolves with false when there are no more. */
  more(): Promise<boolean> {
    this.last = this.last.then((areMore) => areMore && this.make());
    this.last.catch(() => this.onLost?.());
    return this.last;
  }

  /** Nobody will want those before this one, unless all are kept. */
  forget(before: number): void {
    if (!this.onLost) this.store.forget(before);
  }

  private async make(): Promise<boolean> {
    const { bridge, stream } = this.maker;
    const { value: planes, done } = await this.pcm.next();
    if (!done) {
      const made = bridge.ask({ kind: 'make', stream, planes }, buffersOf(planes));
      await this.making.add(made.then((some) => this.add(some)));
      return true;
    }
    await this.making.all();
    this.add(await bridge.ask({ kind: 'makeLast', stream }));
    this.isComplete = true;
    this.store.end();
    this.close();
    return false;
  }

  private add({ frames, ...rest }: Made): void {
    this.made = rest;
    this.store.add(frames);
  }

  private close(): void {
    const { bridge, stream } = this.maker;
    const close = () => bridge.ask({ kind: 'close', stream });
    this.opened.then(close).catch(() => {}); // what matters has been said by then
  }
}
