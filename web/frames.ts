/** The engine counts time in frames of 256 samples at 16 kHz. */
import { TaggramError } from './errors.ts';

export const FRAME_SECONDS = 256 / 16000;
/** 62.5: exact in binary, unlike 1 / FRAME_SECONDS. */
const FRAMES_PER_SECOND = 16000 / 256;

/** Frames of a hop in seconds, at least one; a hop longer than the segment would leave audio unheard. */
export function hopFrames(seconds: number, segmentFrames: number): number {
  const frames = Math.max(1, Math.round(FRAMES_PER_SECOND * seconds));
  if (!(seconds > 0) || frames > segmentFrames)
    throw new TaggramError(
      'bad-option',
      `The hop is ${seconds} seconds; choose one above 0 and at most ${framesToSeconds(segmentFrames)}, the length of a segment.`,
    );
  return frames;
}

export function framesToSeconds(frames: number): number {
  return frames / FRAMES_PER_SECOND;
}
