/**
 * A song that engines share: one makes its frames, unless they are kept, and all of them tag ranges of its segments,
 * the earliest first. Answers are told in order of time.
 */
import { Ahead } from './ahead.ts';
import type { Bridge } from './bridge.ts';
import { FRAME_SECONDS, framesToSeconds, secondsToFrames } from './frames.ts';
import type { RangeOptions, Scored, Segment } from './messages.ts';
import type { SongFrames } from './song-frames.ts';
import { buffersOf } from './transfer.ts';

/**
 * Frames from one range's beginning to the next one's, about. Overlapping segments of a range share work, so the
 * shorter it is the less is shared; the longer, the longer the others wait at the song's end for the last.
 */
const RANGE_FRAMES = 6 / FRAME_SECONDS;

/** Frames given to an engine at a time, at least: with small hops a message a segment would cost more than the segment. */
const LEAST_PIECE_FRAMES = 0.5 / FRAME_SECONDS;

/** A range of at most so many pieces is given and answered as a whole: messages cost the page's thread more than they bring. */
const FEW_PIECES = 2;

/** Ranges that are given as a whole to one engine at a time: the one it is at, and the next. */
const WHOLE_RANGES = 2;

/**
 * Frames made before they are wanted. The engine that makes them helps to tag when there are so many, so that of a long song
 * only a part is in memory.
 */
const AHEAD_FRAMES = 60 / FRAME_SECONDS;

/** A range of segments: from its first frame until before its end. The last one goes to the end of the audio. */
interface Range {
  index: number;
  first: number;
  end: number;
}

export class SharedSong {
  private readonly ranges: InOrder<Scored>;
  private readonly sums: Float64Array;
  private counted = 0;
  private taken = 0;
  /** Where ranges that are being given to engines have got to. */
  private readonly reached = new Map<Range, number>();
  private stopped = false;
  private halt!: () => void;
  private readonly halted = new Promise<void>((resolve) => (this.halt = resolve));

  constructor(
    private readonly frames: SongFrames,
    private readonly options: Required<RangeOptions>,
    private readonly tagCount: number,
    /** A number for a stream that no other on these engines has. */
    private readonly nextStream: () => number,
    private readonly report: (latest: Scored) => void,
  ) {
    this.sums = new Float64Array(tagCount);
    this.ranges = new InOrder((scored, range) => this.tell(scored, range));
  }

  /** The first has frames made; `onMade` is called when all are. */
  async run(bridges: readonly Bridge[], onMade: () => void): Promise<void> {
    const [first, ...others] = bridges;
    const ahead = others.length > 0 ? AHEAD_FRAMES : 0;
    try {
      await Promise.all([
        this.makeAndTag(first!, ahead, onMade),
        ...others.map((bridge) => this.tagWith(bridge, this.newAhead())),
      ]);
      this.report(this.standing([], new Float32Array()));
    } finally {
      this.stop();
    }
  }

  /** Nothing more is asked of the engines. */
  stop(): void {
    this.stopped = true;
    this.halt();
  }

  private async makeAndTag(bridge: Bridge, ahead: number, onMade: () => void): Promise<void> {
    const tagging = this.newAhead();
    await this.make(bridge, ahead, tagging).finally(onMade);
    await this.tagWith(bridge, tagging);
  }

  private async make(bridge: Bridge, ahead: number, tagging: Ahead): Promise<void> {
    do {
      while (
        !this.stopped &&
        this.frames.store.count >= this.endOf(this.taken) + this.options.hopFrames + ahead
      )
        await this.tagNext(bridge, tagging);
    } while (!this.stopped && (await this.frames.more()));
  }

  private async tagWith(bridge: Bridge, ahead: Ahead): Promise<void> {
    while (await this.tagNext(bridge, ahead));
    await ahead.all();
  }

  /** Tags the next range that nobody has taken, once its frames are there. Returns false if there is none. */
  private async tagNext(bridge: Bridge, ahead: Ahead): Promise<boolean> {
    const range = await this.nextRange();
    if (range)
      await (this.hasFewPieces ? this.tagWhole(bridge, range, ahead) : this.tag(bridge, range, ahead));
    return range !== undefined;
  }

  private async nextRange(): Promise<Range | undefined> {
    const { segmentFrames, hopFrames } = this.options;
    const index = this.taken++;
    const first = index * this.segmentsOfRange * hopFrames;
    const end = this.endOf(index);
    const range = { index, first, end };
    this.reached.set(range, first);
    const { store } = this.frames;
    await Promise.race([store.until(end + hopFrames), this.halted]); // so that it is known whether another follows
    const here = store.count;
    if (this.stopped || here < first + segmentFrames) return undefined;
    if (here < end + hopFrames) range.end = here;
    return range;
  }

  private get segmentsOfRange(): number {
    return Math.max(1, Math.floor(RANGE_FRAMES / this.options.hopFrames));
  }

  /** Where a range ends, unless the song does before. */
  private endOf(index: number): number {
    const { segmentFrames, hopFrames } = this.options;
    return ((index + 1) * this.segmentsOfRange - 1) * hopFrames + segmentFrames;
  }

  private newAhead(): Ahead {
    return this.hasFewPieces ? new Ahead(WHOLE_RANGES) : new Ahead();
  }

  private get hasFewPieces(): boolean {
    return [...this.pieces({ first: 0, end: this.endOf(0) })].length <= FEW_PIECES;
  }

  private async tagWhole(bridge: Bridge, range: Range, ahead: Ahead): Promise<void> {
    const { options } = this;
    const frames = this.frames.store.copy(range.first, range.end);
    this.reach(range, Infinity);
    const answer = bridge.ask({ kind: 'tagRange', options, frames }, buffersOf(Object.values(frames)));
    await ahead.add(answer.then((scored) => this.ranges.take(range, scored, true)));
  }

  /** Piece by piece. */
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
        const frames = this.frames.store.copy(from, to);
        this.reach(range, to);
        const answer = bridge.ask({ kind: 'pushFrames', stream, frames }, buffersOf(Object.values(frames)));
        await ahead.add(told(answer, false));
      }
      await ahead.add(told(bridge.ask({ kind: 'finish', stream }), true));
    } finally {
      this.reach(range, Infinity);
      bridge.ask({ kind: 'close', stream }).catch(() => {});
    }
  }

  /** A range has no more use for frames before this one. */
  private reach(range: Range, frame: number): void {
    this.reached.set(range, frame);
    if (frame === Infinity) this.reached.delete(range);
    const next = this.taken * this.segmentsOfRange * this.options.hopFrames;
    this.frames.forget(Math.min(next, ...this.reached.values()));
  }

  /** What of a range is given at a time: the first segment's frames, then those of the next few. */
  private *pieces({ first, end }: Omit<Range, 'index'>): Generator<[from: number, to: number]> {
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
      padded: this.frames.made.repeated,
    }));
    if (segments.length > 0) this.report({ ...this.standing(moved, scores), ...(features && { features }) });
  }

  private standing(segments: Segment[], scores: Float32Array): Scored {
    const { counted } = this;
    const means = Float32Array.from(this.sums, (sum) => (counted > 0 ? sum / counted : 0));
    return { segments, scores, means, counted, heard: this.frames.made.heard };
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
