/** The engine counts time in frames of 256 samples at 16 kHz. */
import { checkSeconds, refusal } from './checks.ts';

export const FRAME_SECONDS = 256 / 16000;
/** 62.5: exact in binary, unlike 1 / FRAME_SECONDS. */
const FRAMES_PER_SECOND = 16000 / 256;

/** TG_MAX_SEGMENT_FRAMES of src/taggram.h: ten minutes. */
const MAX_SEGMENT_FRAMES = 37500;

/**
 * Frames of a hop in seconds, at least one. One frame more than the segment counts as the segment, so that 3 s means
 * side by side; a longer hop would leave audio unheard.
 */
export function hopFrames(seconds: number, segmentFrames: number): number {
  checkSeconds('hop', seconds);
  const frames = Math.max(1, Math.round(FRAMES_PER_SECOND * seconds));
  if (!(seconds > 0) || frames > segmentFrames + 1)
    throw refusal(
      `The hop is ${seconds} seconds; choose one above 0 and at most ${framesToSeconds(segmentFrames)}, the length of a segment.`,
    );
  return Math.min(frames, segmentFrames);
}

/** Frames of a segment's length in seconds, by the musicnn library's rule. */
export function lengthFrames(
  seconds: number,
  model: { name: string; segmentFrames: number; leastFrames: number; anyLength: boolean },
): number {
  checkSeconds('length', seconds);
  const samples = Math.floor(16000 * seconds + 1e-6); // 2.992 s are 47872 samples, whatever binary makes of it
  const frames = Math.floor((samples - 256) / 256) + 1;
  const own = framesToSeconds(model.segmentFrames);
  if (!model.anyLength && frames !== model.segmentFrames)
    throw refusal(
      `The length is ${seconds} seconds; ${model.name} takes segments of ${own} seconds only. Leave the length out, or choose another model.`,
    );
  if (!(frames >= model.leastFrames && frames <= MAX_SEGMENT_FRAMES))
    throw refusal(
      `The length is ${seconds} seconds; choose one from ${framesToSeconds(model.leastFrames)} to ${framesToSeconds(MAX_SEGMENT_FRAMES)}.`,
    );
  return frames;
}

export function framesToSeconds(frames: number): number {
  return frames / FRAMES_PER_SECOND;
}

/** Of a time that is counted in frames. */
export function secondsToFrames(seconds: number): number {
  return Math.round(seconds * FRAMES_PER_SECOND);
}
