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

/** Pixels between the ticks of labels of the usual size, at least. */
const LABELS_APART = 64;
/** Such a label needs this much room to the right of its tick, else it stands to the left. */
const LABEL_ROOM = 44;

/** A time that is written at its tick. */
export interface Label {
  seconds: number;
  /** Pixels from the left. */
  x: number;
  isLeftward: boolean;
}

/** What is written on an axis in letters so many times as large as usual: nothing that would run into its neighbour. */
export function labels(span: Span, width: number, scale = 1): Label[] {
  const room = LABEL_ROOM * scale;
  const all = ticks(span, width, LABELS_APART * scale).map((seconds) => {
    const x = ((seconds - span.from) / (span.to - span.from)) * width;
    return { seconds, x, isLeftward: x + room > width };
  });
  return all.filter(({ x, isLeftward }, index) => {
    const before = all[index - 1];
    return !isLeftward || !before || before.isLeftward || before.x + room <= x - room;
  });
}

/** Times to label between two moments so that labels stay at least `apart` pixels from each other. */
export function ticks({ from, to }: Span, width: number, apart: number): number[] {
  if (to <= from || width <= 0) return [];
  const least = (apart / width) * (to - from);
  const step = TICKS.find((candidate) => candidate >= least) ?? Math.ceil(least / 3600) * 3600;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => (first + i) * step);
}
