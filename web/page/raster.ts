/** Scores to pixels: one row of pixels a tag, one column of pixels a device pixel. Pure, so that it can be tested. */
import type { Segment } from '../taggram.ts';
import { colourOf, type Scale } from './palette.ts';
import { cellSpan } from './timeline.ts';

export interface Scores {
  segments: readonly Segment[];
  /** [segments][tags] */
  rows: readonly ArrayLike<number>[];
  tagCount: number;
  /** Seconds from one segment's start to the next. */
  hop: number;
}

/** What a column of pixels shows: the mean of these segments, or nothing. */
export interface Column {
  first: number;
  /** One past the last. */
  end: number;
}

/** Which segments each of `width` columns shows, when the axis is `duration` seconds long. */
export function columnsOf({ segments, hop }: Scores, width: number, duration: number): Column[] {
  const columns: Column[] = Array.from({ length: width }, () => ({ first: 0, end: 0 }));
  const perSecond = duration > 0 ? width / duration : 0;
  for (let index = 0; index < segments.length; index++) {
    const { from, to } = cellSpan(segments, index, hop);
    const left = Math.min(width - 1, Math.round(from * perSecond)); // each is shown, however narrow
    const right = Math.min(width, Math.max(Math.round(to * perSecond), left + 1));
    for (let x = left; x < right; x++) {
      const column = columns[x]!;
      if (column.end === 0) column.first = index;
      column.end = index + 1;
    }
  }
  return columns;
}

/** RGBA pixels [tags][width]; transparent where nothing was heard, and where all was silent. */
export function rasterise(scores: Scores, columns: readonly Column[], scale: Scale): Uint8ClampedArray {
  const width = columns.length;
  const pixels = new Uint8ClampedArray(scores.tagCount * width * 4);
  columns.forEach(({ first, end }, x) => {
    const heard = heardIn(scores, { first, end });
    if (heard.length === 0) return;
    for (let tag = 0; tag < scores.tagCount; tag++) {
      const at = (tag * width + x) * 4;
      pixels.set(colourOf(scale, meanOver(scores, heard, tag)), at);
      pixels[at + 3] = 255;
    }
  });
  return pixels;
}

/** The segments of a column that have an answer. */
export function heardIn(scores: Scores, { first, end }: Column): number[] {
  const heard: number[] = [];
  for (let i = first; i < end; i++) if (!scores.segments[i]!.silent) heard.push(i);
  return heard;
}

export function meanOver(scores: Scores, segments: readonly number[], tag: number): number {
  let sum = 0;
  for (const i of segments) sum += scores.rows[i]![tag]!;
  return sum / segments.length;
}

export function isSilent(scores: Scores, column: Column): boolean {
  return column.end > 0 && heardIn(scores, column).length === 0;
}
