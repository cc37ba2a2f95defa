/** Frames, of log-mel or of samples, as they travel between engines: counted, cut and joined. */
import { endToEnd } from './end-to-end.ts';
import type { Frames } from './messages.ts';

/** tg_loudness: energy, samples. */
export const LOUDNESS_WIDTH = 2;

export function frameCount({ loudness }: Frames): number {
  return loudness.length / LOUDNESS_WIDTH;
}

/** A view of the frames from `from` until before `to`. */
export function sliceFrames(frames: Frames, from: number, to: number): Frames {
  const { rows, loudness } = frames;
  const width = rows.length / Math.max(1, frameCount(frames));
  return {
    rows: rows.subarray(from * width, to * width),
    loudness: loudness.subarray(from * LOUDNESS_WIDTH, to * LOUDNESS_WIDTH),
  };
}

/** A copy of these frames, end to end. */
export function joinFrames(pieces: readonly Frames[]): Frames {
  return {
    rows: endToEnd(
      Float32Array,
      pieces.map(({ rows }) => rows),
    ),
    loudness: endToEnd(
      Float64Array,
      pieces.map(({ loudness }) => loudness),
    ),
  };
}

/** Frames as they come: without a copy at the end, and in memory that is taken once where no more come than were expected. */
export class GatheredFrames {
  private count = 0;
  private memory: Frames;

  constructor(
    private readonly width: number,
    expected: number,
  ) {
    this.memory = this.room(expected);
  }

  /** Takes a copy of these. */
  add(frames: Frames): void {
    const count = this.count + frameCount(frames);
    if (count > frameCount(this.memory)) this.grow(Math.max(count, 2 * this.count));
    this.memory.rows.set(frames.rows, this.count * this.width);
    this.memory.loudness.set(frames.loudness, this.count * LOUDNESS_WIDTH);
    this.count = count;
  }

  /** A view of all. */
  get all(): Frames {
    return sliceFrames(this.memory, 0, this.count);
  }

  private grow(count: number): void {
    const { rows, loudness } = this.all;
    this.memory = this.room(count);
    this.memory.rows.set(rows);
    this.memory.loudness.set(loudness);
  }

  private room(count: number): Frames {
    return {
      rows: new Float32Array(count * this.width),
      loudness: new Float64Array(count * LOUDNESS_WIDTH),
    };
  }
}
