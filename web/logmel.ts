/** Log-mel frames as they travel between engines: counted, cut and joined. */
import type { Frames } from './messages.ts';

/** TG_FRAME_WIDTH of src/taggram.h: mel bands. */
export const FRAME_WIDTH = 96;
/** tg_loudness: energy, samples. */
export const LOUDNESS_WIDTH = 2;

export function frameCount({ loudness }: Frames): number {
  return loudness.length / LOUDNESS_WIDTH;
}

/** A view of the frames from `from` until before `to`. */
export function sliceFrames({ rows, loudness }: Frames, from: number, to: number): Frames {
  return {
    rows: rows.subarray(from * FRAME_WIDTH, to * FRAME_WIDTH),
    loudness: loudness.subarray(from * LOUDNESS_WIDTH, to * LOUDNESS_WIDTH),
  };
}

/** A copy of these frames, end to end. */
export function joinFrames(pieces: readonly Frames[]): Frames {
  const count = pieces.reduce((sum, piece) => sum + frameCount(piece), 0);
  const rows = new Float32Array(count * FRAME_WIDTH);
  const loudness = new Float64Array(count * LOUDNESS_WIDTH);
  let at = 0;
  for (const piece of pieces) {
    rows.set(piece.rows, at * FRAME_WIDTH);
    loudness.set(piece.loudness, at * LOUDNESS_WIDTH);
    at += frameCount(piece);
  }
  return { rows, loudness };
}
