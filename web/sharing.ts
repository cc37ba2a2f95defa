/**
 * A song that several engines share: the first makes its frames, and all of them tag ranges of its segments, the
 * earliest first. Answers are told in order of time.
 */
import { Ahead } from './ahead.ts';
import type { Bridge } from './bridge.ts';
import { FrameStore } from './frame-store.ts';
import { FRAME_SECONDS, framesToSeconds, secondsToFrames } from './frames.ts';
import type { Made, RangeOptions, Scored, Segment } from './messages.ts';
import type { Pcm } from './pcm.ts';
import { buffersOf } from './transfer.ts';

/**
 * Frames from one range's beginning to the next one's, about. Overlapping segments of a range share work, so the
 * shorter it is the less is shared; the longer, the longer the others wait at the song's end for the last.
 */
const RANGE_FRAMES = 6 / FRAME_SECONDS;

/** Frames given to an engine at a time, at least: with small hops a message a segment would cost more than the segment. */
const LEAST_PIECE_FRAMES = 0.5 / FRAME_SECONDS;

/** PCM given at a time to the engine that makes frames: copying it should not hold the page up. */
const MAKING_SECONDS = 4;

/** A range of segments: from its first frame until before its end. The last one goes to the end of the audio. */
interface Range {
  index: number;
  first: number;
  end: number;
}

export class SharedSong {
  private readonly store = new FrameStore();
  private readonly ranges: InOrder<Scored>;
  private readonly sums: Float64Array;
  private counted = 0;
  private taken = 0;
  private stopped = false;
  private made: Omit<Made, 'frames'> = { heard: { seconds: 0, nonFinite: 0 }, repeated: false };

  constructor(
    private readonly pcm: Pcm,
    private readonly options: Required<RangeOptions>,
    private readonly tagCount: number,
    /** A number for a stream that no other on these engines has. */
    private readonly nextStream: () => number,
    private readonly report: (latest: Scored) => void,
  ) {
    this.sums = new Float64Array(tagCount);
    this.ranges = new InOrder((scored, range) => this.tell(scored, range));
  }

  /** `onMade` is called when the first engine has made all frames. */
  async run(bridges: readonly Bridge[], onMade: () => void): Promise<void> {
    const [maker, ...others] = bridges;
    try {
      const making = this.make(maker!).finally(onMade);
      await Promise.all([
        making.then(() => this.tagWith(maker!)),
        ...others.map((bridge) => this.tagWith(bridge)),
      ]);
      this.report(this.standing([], new Float32Array()));
    } finally {
      this.stop();
    }
  }

  /** Nothing more is asked of the engines. */
  stop(): void {
    this.stopped = true;
    this.store.end();
  }

  private async make(bridge: Bridge): Promise<void> {
    const stream = this.nextStream();
    const { sampleRate, planes } = this.pcm;
    const add = (made: Made) => {
      this.made = made;
      this.store.add(made.frames);
    };
    await bridge.ask({
      kind: 'openMaker',
      stream,
      options: { sampleRate, channels: planes.length, ...this.options },
    });
    try {
      const ahead = new Ahead();
      const step = MAKING_SECONDS * sampleRate;
      for (let at = 0; at < (planes[0]?.length ?? 0) && !this.stopped; at += step) {
        const piece = planes.map((plane) => plane.slice(at, at + step));
        await ahead.add(bridge.ask({ kind: 'make', stream, planes: piece }, buffersOf(piece)).then(add));
      }
      await ahead.all();
      if (this.stopped) return;
      add(await bridge.ask({ kind: 'makeLast', stream }));
      this.store.end();
    } finally {
      bridge.ask({ kind: 'close', stream }).catch(() => {}); // what matters has been said by then
    }
  }

  private async tagWith(bridge: Bridge): Promise<void> {
    const ahead = new Ahead();
    for (let range; (range = await this.nextRange());) await this.tag(bridge, range, ahead);
    await ahead.all();
  }

  /** The next range that nobody has taken, once its frames are there. */
  private async nextRange(): Promise<Range | undefined> {
    const { segmentFrames, hopFrames } = this.options;
    const count = Math.max(1, Math.floor(RANGE_FRAMES / hopFrames));
    const index = this.taken++;
    const first = index * count * hopFrames;
    const end = first + (count - 1) * hopFrames + segmentFrames;
    await this.store.until(end + hopFrames); // so that it is known whether another follows
    const here = this.store.count;
    if (this.stopped || here < first + segmentFrames) return undefined;
    return { index, first, end: here < end + hopFrames ? here : end };
  }

  private async tag(bridge: Bridge, range: Range, ahead: Ahead): Promise<void> {
    const stream = this.nextStream();
    const opened = bridge.ask({ kind: 'openRange', stream, options: this.options });
    opened.catch(() => {}); // seen with the first answer, if that is still waited for
    const told = async (answer: Promise<Scored>, isLast: boolean) => {
      const [scored] = await Promise.all([answer, opened]);
      this.ranges.take(range, scored, isLast);
    };
    try {
      for (const [from, to] of this.pieces(range)) {
        if (this.stopped) return;
        const frames = this.store.copy(from, to);
        const answer = bridge.ask({ kind: 'pushFrames', stream, frames }, buffersOf(Object.values(frames)));
        await ahead.add(told(answer, false));
      }
      await ahead.add(told(bridge.ask({ kind: 'finish', stream }), true));
    } finally {
      bridge.ask({ kind: 'close', stream }).catch(() => {});
    }
  }

  /** What of a range is given at a time: the first segment's frames, then those of the next few. */
  private *pieces({ first, end }: Range): Generator<[from: number, to: number]> {
    const { segmentFrames, hopFrames } = this.options;
    const step = hopFrames * Math.ceil(LEAST_PIECE_FRAMES / hopFrames);
    for (let from = first, to = first + segmentFrames; from < end; from = to, to += step)
      yield [from, Math.min(to, end)];
  }

  private tell({ segments, scores, features }: Scored, { first }: Range): void {
    segments.forEach(({ silent }, row) => {
      if (silent) return;
      this.counted++;
      for (let tag = 0; tag < this.tagCount; tag++) this.sums[tag]! += scores[row * this.tagCount + tag]!;
    });
    const moved = segments.map((segment) => ({
      ...segment,
      start: moveBy(first, segment.start),
      end: moveBy(first, segment.end),
      padded: this.made.repeated,
    }));
    if (segments.length > 0) this.report({ ...this.standing(moved, scores), ...(features && { features }) });
  }

  private standing(segments: Segment[], scores: Float32Array): Scored {
    const { counted } = this;
    const means = Float32Array.from(this.sums, (sum) => (counted > 0 ? sum / counted : 0));
    return { segments, scores, means, counted, heard: this.made.heard };
  }
}

/** A range's time begins at its first frame. */
function moveBy(frames: number, seconds: number): number {
  return framesToSeconds(secondsToFrames(seconds) + frames);
}

/** Passes on answers about ranges in the order of these, whichever comes first. */
class InOrder<Answer> {
  private current = 0;
  private readonly kept = new Map<number, { range: Range; answer: Answer; isLast: boolean }[]>();

  constructor(private readonly pass: (answer: Answer, range: Range) => void) {}

  /** `isLast`: no other answer about this range will come. */
  take(range: Range, answer: Answer, isLast: boolean): void {
    const kept = this.kept.get(range.index) ?? [];
    this.kept.set(range.index, [...kept, { range, answer, isLast }]);
    for (let next; (next = this.kept.get(this.current)?.shift());) {
      this.pass(next.answer, next.range);
      if (next.isLast) this.kept.delete(this.current++);
    }
  }
}
