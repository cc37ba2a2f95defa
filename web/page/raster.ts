/** Scores to pixels: one row of pixels a tag, one column of pixels a device pixel. Pure, so that it can be tested. */
import type { Segment } from '../taggram.ts';
import { isStronger, keepStronger, LEVELS, Levels } from './levels.ts';
import { stepOf, type Scale } from './palette.ts';
import { cellSpan, nearestSegment, segmentAt, type Span } from './timeline.ts';

/** What was answered so far; it grows. */
export class Scores {
  readonly segments: Segment[] = [];
  /** [segments][tags] */
  readonly rows: ArrayLike<number>[] = [];
  private readonly levels: Levels;

  constructor(
    readonly tagCount: number,
    /** Seconds from one segment's start to the next. */
    readonly hop: number,
  ) {
    this.levels = new Levels(tagCount);
  }

  add(segment: Segment, row: ArrayLike<number>): void {
    this.levels.add(this.segments.length, segment.silent ? null : row);
    this.segments.push(segment);
    this.rows.push(row);
  }

  /** The strongest answer of a block of 2^level segments; NaN where all of it is silent. */
  strongest(level: number, block: number, tag: number): number {
    if (level > 0) return this.levels.strongest(level, block, tag);
    return this.segments[block]!.silent ? NaN : this.rows[block]![tag]!;
  }

  /** Keeps in `into` whichever is stronger for each tag, what is there or the block of 2^level segments. */
  merge(level: number, block: number, into: Float32Array): void {
    if (level > 0) this.levels.merge(level, block, into);
    else if (!this.segments[block]!.silent) keepStronger(this.rows[block]!, 0, into);
  }
}

/** A stretch of the time axis, in seconds, and how many pixels wide it is drawn. */
export interface Window extends Span {
  width: number;
}

/** Which blocks of segments each column of pixels shows. */
export interface Columns {
  /** Blocks are of 2^level segments: as many as fit into a column. */
  level: number;
  /** [columns]: the first block, and one past the last; both 0 where nothing was heard. */
  first: Int32Array;
  end: Int32Array;
}

export function columnsOf({ segments, hop }: Scores, window: Window): Columns {
  const { from, to, width } = window;
  const columns = { level: 0, first: new Int32Array(width), end: new Int32Array(width) };
  if (segments.length === 0 || to <= from) return columns;
  const perSecond = width / (to - from);
  columns.level = clamp(Math.floor(-Math.log2(hop * perSecond)), 0, LEVELS);
  const { level, first, end } = columns;
  const last = nearestSegment(segments, to, hop) >> level;
  for (let block = nearestSegment(segments, from, hop) >> level; block <= last; block++) {
    const span = blockSpan(segments, level, block, hop);
    if (span.to <= from || span.from >= to) continue;
    const left = clamp(Math.round((span.from - from) * perSecond), 0, width - 1); // each is shown, however narrow
    const right = clamp(Math.round((span.to - from) * perSecond), left + 1, width);
    for (let x = left; x < right; x++) {
      if (end[x] === 0) first[x] = block;
      end[x] = block + 1;
    }
  }
  return columns;
}

function blockSpan(segments: readonly Segment[], level: number, block: number, hop: number): Span {
  const first = block << level;
  const last = Math.min(segments.length, (block + 1) << level) - 1;
  return { from: cellSpan(segments, first, hop).from, to: cellSpan(segments, last, hop).to };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** The strongest answer in a column; NaN where nothing was heard, or all was silent. */
export function strongestIn(scores: Scores, { level, first, end }: Columns, x: number, tag: number): number {
  let strongest = NaN;
  for (let block = first[x]!; block < end[x]!; block++) {
    const value = scores.strongest(level, block, tag);
    if (isStronger(value, strongest)) strongest = value;
  }
  return strongest;
}

/** The segment that gives a stretch of a row its colour, and among how many; undefined where none was heard. */
export function strongestWithin(
  scores: Scores,
  tag: number,
  { from, to }: Span,
): { segment: number; among: number } | undefined {
  const { segments, hop } = scores;
  const first = segmentAt(segments, from, hop);
  if (first === undefined) return undefined;
  const last = hop < to - from ? nearestSegment(segments, to, hop) : first;
  let segment = first;
  for (let i = first + 1; i <= last; i++)
    if (isStronger(scores.strongest(0, i, tag), scores.strongest(0, segment, tag))) segment = i;
  return { segment, among: last - first + 1 };
}

/** RGBA pixels [tags][width]; transparent where nothing was heard, and where all was silent. */
export function rasterise(scores: Scores, columns: Columns, scale: Scale): Uint8ClampedArray<ArrayBuffer> {
  const { level, first, end } = columns;
  const width = end.length;
  const pixels = new Uint32Array(scores.tagCount * width);
  const strongest = new Float32Array(scores.tagCount);
  const colours = new Uint32Array(
    Uint8Array.from(scale.colours.flatMap((colour) => [...colour, 255])).buffer,
  );
  for (let x = 0; x < width; x++) {
    strongest.fill(NaN);
    for (let block = first[x]!; block < end[x]!; block++) scores.merge(level, block, strongest);
    for (let tag = 0; tag < strongest.length; tag++) {
      const value = strongest[tag]!;
      if (!Number.isNaN(value)) pixels[tag * width + x] = colours[stepOf(scale, value)]!;
    }
  }
  return new Uint8ClampedArray(pixels.buffer);
}

export function isSilent(scores: Scores, columns: Columns, x: number): boolean {
  return columns.end[x]! > 0 && Number.isNaN(strongestIn(scores, columns, x, 0));
}
