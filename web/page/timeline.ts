/** Where segments lie on the time axis: pure arithmetic, shared by drawing, pointing and reading aloud. */
import type { Segment } from '../taggram.ts';

export interface Span {
  from: number;
  to: number;
}

/**
 * The stretch of time that a segment's cell covers: one hop around the segment's middle, so that overlapping segments
 * share the axis without hiding each other. The first and last reach to their own ends.
 */
export function cellSpan(segments: readonly Segment[], index: number, hop: number): Span {
  const { start, end } = segments[index]!;
  const from = start + (end - start - hop) / 2;
  return {
    from: index === 0 ? start : from,
    to: index === segments.length - 1 ? end : from + hop,
  };
}

/** The segment whose cell holds this moment; undefined where none was heard. */
export function segmentAt(segments: readonly Segment[], seconds: number, hop: number): number | undefined {
  if (segments.length === 0) return undefined;
  const guess = nearestSegment(segments, seconds, hop);
  for (const index of [guess, guess + 1, guess - 1]) {
    if (index < 0 || index >= segments.length) continue;
    const span = cellSpan(segments, index, hop);
    if (seconds >= span.from && seconds < span.to) return index;
  }
  return undefined;
}

/** The segment whose cell is nearest to this moment, or its neighbour; there has to be one. */
export function nearestSegment(segments: readonly Segment[], seconds: number, hop: number): number {
  const { start, end } = segments[0]!;
  const first = start + (end - start - hop) / 2;
  return Math.min(segments.length - 1, Math.max(0, Math.floor((seconds - first) / hop)));
}

/** Steps of the time axis that people count in, in seconds. */
const TICKS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** Times to label between two moments so that labels stay at least `apart` pixels from each other. */
export function ticks({ from, to }: Span, width: number, apart: number): number[] {
  if (to <= from || width <= 0) return [];
  const least = (apart / width) * (to - from);
  const step = TICKS.find((candidate) => candidate >= least) ?? Math.ceil(least / 3600) * 3600;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => (first + i) * step);
}

export interface Mark {
  seconds: number;
  x: number;
  /** There is no room for its label to the right: it stands to the left. */
  isLeftward: boolean;
}

/** Where ticks stand in `width` pixels; one whose label, `room` wide, would meet the one before is left out. */
export function marks(span: Span, width: number, apart: number, room: number): Mark[] {
  const all = ticks(span, width, apart).map((seconds) => {
    const x = ((seconds - span.from) / (span.to - span.from)) * width;
    return { seconds, x, isLeftward: x + room > width };
  });
  return all.filter(({ x, isLeftward }, i) => i === 0 || !isLeftward || x - all[i - 1]!.x >= 2 * room);
}
