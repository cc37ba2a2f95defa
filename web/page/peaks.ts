/** How far the sound reaches to either side, in short steps, gathered while it comes: what a waveform is drawn from. */
import type { Window } from './raster.ts';

/** Seconds that a step is of; in long recordings it is twice, four times ... as long, so that memory is bounded. */
const STEP = 0.01;
const MOST_STEPS = 2 ** 20;
/** Steps that are kept for another visit, at most. */
const MOST_KEPT = 2 ** 17;
/** Amplitudes are held as int8. */
const FULL = 127;

/** What is kept of peaks. */
export interface Outline {
  /** Seconds of a step. */
  step: number;
  /** [steps][2]: lowest and highest, as int8. */
  ends: Int8Array;
}

/** Lowest and highest of each step, in turn. */
class Level {
  private ends = new Int8Array(1024);
  count = 0;

  low(step: number): number {
    return this.ends[2 * step]!;
  }

  high(step: number): number {
    return this.ends[2 * step + 1]!;
  }

  /** A copy of all. */
  all(): Int8Array {
    return this.ends.slice(0, 2 * this.count);
  }

  /** Widens a step, which is one of those there are or the next. Returns false if it reached as far before. */
  widen(step: number, low: number, high: number): boolean {
    if (step === this.count) {
      if (2 * step === this.ends.length) {
        const longer = new Int8Array(2 * this.ends.length);
        longer.set(this.ends);
        this.ends = longer;
      }
      this.ends[2 * step] = low;
      this.ends[2 * step + 1] = high;
      this.count++;
      return true;
    }
    const [isLower, isHigher] = [low < this.low(step), high > this.high(step)];
    if (isLower) this.ends[2 * step] = low;
    if (isHigher) this.ends[2 * step + 1] = high;
    return isLower || isHigher;
  }
}

export class Peaks {
  /** Each level's steps are twice as long as those of the one before. */
  private readonly levels = [new Level()];
  private samplesAStep: number;
  private taken = 0;
  /** The furthest that any step reaches. */
  private furthest = 1;

  constructor(
    private readonly sampleRate: number,
    private readonly mostSteps = MOST_STEPS,
  ) {
    this.samplesAStep = Math.max(1, Math.round(STEP * sampleRate));
  }

  static of({ step, ends }: Outline): Peaks {
    const peaks = new Peaks(1 / step); // a step is a sample
    for (let at = 0; at < ends.length; at += 2, peaks.taken++) peaks.take(ends[at]!, ends[at + 1]!);
    return peaks;
  }

  /** What is worth keeping: the finest steps of which there are not too many. */
  outline(most = MOST_KEPT): Outline {
    const index = this.levels.findIndex(({ count }) => count <= most);
    return { step: (this.samplesAStep * 2 ** index) / this.sampleRate, ends: this.levels[index]!.all() };
  }

  /** Takes the next piece: channels of one length. */
  add(planes: readonly Float32Array[]): void {
    const length = planes[0]?.length ?? 0;
    for (let from = 0; from < length;) {
      const rest = this.samplesAStep - (this.taken % this.samplesAStep);
      const to = Math.min(length, from + rest);
      this.widen(planes, from, to);
      this.taken += to - from;
      from = to;
      if (this.levels[0]!.count >= this.mostSteps && this.taken % this.samplesAStep === 0) this.coarsen();
    }
  }

  /** The lowest and highest in each column of pixels, as parts of the furthest: NaN where nothing has come. */
  columns({ from, to, width }: Window): { low: Float32Array; high: Float32Array } {
    const low = new Float32Array(width).fill(NaN);
    const high = new Float32Array(width).fill(NaN);
    const perColumn = (to - from) / width;
    const fitting = Math.floor(Math.log2((perColumn * this.sampleRate) / this.samplesAStep));
    const index = Math.max(0, Math.min(this.levels.length - 1, fitting));
    const level = this.levels[index]!;
    const step = (this.samplesAStep * 2 ** index) / this.sampleRate;
    for (let x = 0; x < width; x++) {
      const first = Math.floor((from + x * perColumn) / step);
      const last = Math.min(
        level.count - 1,
        Math.max(first, Math.ceil((from + (x + 1) * perColumn) / step) - 1),
      );
      for (let at = Math.max(0, first); at <= last; at++) {
        if (!(low[x]! <= level.low(at) / this.furthest)) low[x] = level.low(at) / this.furthest;
        if (!(high[x]! >= level.high(at) / this.furthest)) high[x] = level.high(at) / this.furthest;
      }
    }
    return { low, high };
  }

  private coarsen(): void {
    this.levels.shift();
    this.samplesAStep *= 2;
  }

  private widen(planes: readonly Float32Array[], from: number, to: number): void {
    let { least, most } = extentOf(planes, from, to);
    if (Number.isNaN(least + most)) ({ least, most } = finiteExtentOf(planes, from, to));
    this.take(Math.round(Math.max(-1, least) * FULL), Math.round(Math.min(1, most) * FULL));
  }

  /** Widens the step that comes. */
  private take(low: number, high: number): void {
    this.furthest = Math.max(this.furthest, -low, high);
    let step = Math.floor(this.taken / this.samplesAStep);
    for (const level of this.levels) {
      if (!level.widen(step, low, high)) break; // those behind it reach as far
      step >>= 1;
    }
    const longest = this.levels[this.levels.length - 1]!;
    if (longest.count > 1) this.levels.push(paired(longest));
  }
}

/** Silence has no width, and sound swings to both sides. */
interface Extent {
  least: number;
  most: number;
}

/** Of these samples; NaN where one of them is. Without branches and two at a time: each sample of a song goes through here. */
function extentOf(planes: readonly Float32Array[], from: number, to: number): Extent {
  let [least, most, otherLeast, otherMost] = [0, 0, 0, 0];
  for (const plane of planes) {
    for (let i = from + 1; i < to; i += 2) {
      const [value, other] = [plane[i - 1]!, plane[i]!];
      least = Math.min(least, value);
      most = Math.max(most, value);
      otherLeast = Math.min(otherLeast, other);
      otherMost = Math.max(otherMost, other);
    }
    const last = plane[to - 1]!; // again where they are even
    least = Math.min(least, last);
    most = Math.max(most, last);
  }
  return { least: Math.min(least, otherLeast), most: Math.max(most, otherMost) };
}

/** The same where some are not numbers: these are left out. */
function finiteExtentOf(planes: readonly Float32Array[], from: number, to: number): Extent {
  let [least, most] = [0, 0];
  for (const plane of planes)
    for (let i = from; i < to; i++) {
      const value = plane[i]!;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  return { least, most };
}

function paired(level: Level): Level {
  const longer = new Level();
  for (let step = 0; step < level.count; step++) longer.widen(step >> 1, level.low(step), level.high(step));
  return longer;
}
