/** One model that hears a tape while it runs, and leaves some of it out rather than fall behind. */
import { framesToSeconds, secondsToFrames } from '../frames.ts';
import type { Scored, Segment, Tagger, TagStream } from '../taggram.ts';
import type { Tape } from './tape.ts';

/** Further behind than a segment and this many seconds, an ear goes on from now. */
const MOST_BEHIND = 5;

/** It is given at most so many seconds at a time. */
const PIECE_SECONDS = 1;

export interface EarSettings {
  segmentFrames: number;
  hopFrames: number;
  signal: AbortSignal;
}

export interface EarEvents {
  onAnswers(latest: Scored): void;
  /** Seconds left out, in all. `isLate`: they were heard before it came. */
  onLeftOut(seconds: number, isLate: boolean): void;
}

export class Ear {
  /** Segments told so far. */
  private count = 0;
  /** The number of the current stream's first segment. */
  private base = 0;
  /** The next sample to hear. */
  private position = 0;
  private leftOut = 0;
  /** Of the streams before the current one. */
  private before: { means: Float32Array; counted: number };
  private last: Scored | undefined;
  private readonly parts: Scored[] = [];

  constructor(
    private readonly tape: Tape,
    private readonly tagger: Tagger,
    private readonly settings: EarSettings,
    private readonly events: EarEvents,
  ) {
    this.before = { means: new Float32Array(tagger.tags.length), counted: 0 };
  }

  /** Hears to the tape's end. Resolves with all answers; with undefined where some of it was left out. */
  async hear(): Promise<Scored[] | undefined> {
    const { tape, settings } = this;
    let stream = await this.open();
    try {
      for (;;) {
        settings.signal.throwIfAborted();
        const behind = tape.length - this.position;
        const segment = this.samples(settings.segmentFrames);
        if (behind > segment + MOST_BEHIND * tape.sampleRate) {
          await stream.close();
          this.leaveOut(tape.length - segment);
          stream = await this.open();
        } else if (behind > 0) await this.give(stream);
        else if (tape.isOver) break;
        else await tape.more();
      }
      this.tell(await stream.finish());
    } finally {
      await stream.close().catch(() => {}); // what matters has been said by then
    }
    return this.leftOut > 0 ? undefined : this.parts;
  }

  private open(): Promise<TagStream> {
    const { sampleRate, channels } = this.tape;
    const { segmentFrames, hopFrames } = this.settings;
    return this.tagger.stream(
      { sampleRate, channels },
      { length: framesToSeconds(segmentFrames), hop: framesToSeconds(hopFrames) },
    );
  }

  private async give(stream: TagStream): Promise<void> {
    const { tape, position } = this;
    this.position = Math.min(tape.length, position + PIECE_SECONDS * tape.sampleRate);
    this.tell(await stream.push(tape.copy(position, this.position)));
  }

  private samples(frames: number): number {
    return framesToSeconds(frames) * this.tape.sampleRate;
  }

  /** Goes on with the first segment that begins at this sample or later. */
  private leaveOut(from: number): void {
    const { hopFrames } = this.settings;
    const isLate = this.position === 0;
    if (this.last) this.before = this.joined(this.last);
    this.last = undefined;
    this.base = Math.max(this.count, Math.ceil(from / this.samples(hopFrames)));
    this.position = Math.round(this.base * this.samples(hopFrames));
    const missing = Array.from({ length: this.base - this.count }, (_, i) => this.missing(this.count + i));
    this.leftOut += missing.length * framesToSeconds(hopFrames);
    this.pass(missing, new Float32Array(missing.length * this.tagger.tags.length), this.before);
    this.events.onLeftOut(Math.round(this.leftOut), isLate);
  }

  private missing(index: number): Segment {
    const { segmentFrames, hopFrames } = this.settings;
    const start = index * hopFrames;
    const end = start + segmentFrames;
    return { start: framesToSeconds(start), end: framesToSeconds(end), silent: true, padded: false };
  }

  private tell(scored: Scored): void {
    this.last = scored;
    this.parts.push(scored);
    const moved = scored.segments.map((segment) => ({
      ...segment,
      start: this.moved(segment.start),
      end: this.moved(segment.end),
    }));
    this.pass(moved, scored.scores, this.joined(scored));
  }

  private pass(
    segments: Segment[],
    scores: Float32Array,
    { means, counted }: { means: Float32Array; counted: number },
  ): void {
    this.settings.signal.throwIfAborted(); // it may have come while an answer was waited for
    if (segments.length === 0) return;
    this.count += segments.length;
    const heard = { seconds: this.tape.seconds, nonFinite: 0 };
    this.events.onAnswers({ segments, scores, means, counted, heard });
  }

  /** A stream's time begins at its first segment. */
  private moved(seconds: number): number {
    return framesToSeconds(secondsToFrames(seconds) + this.base * this.settings.hopFrames);
  }

  /** Means over the streams before and this one. */
  private joined({ means, counted }: Scored): { means: Float32Array; counted: number } {
    const { before } = this;
    if (before.counted === 0) return { means, counted };
    const all = before.counted + counted;
    const joined = means.map((mean, tag) => (before.means[tag]! * before.counted + mean * counted) / all);
    return { means: joined, counted: all };
  }
}
