/** Scores over time as lines: where they run, and painting them. */
import type { Context } from './paint.ts';
import type { Scale } from './palette.ts';
import { columnsOf, strongestIn, type Scores, type Window } from './raster.ts';
import { cellSpan, nearestSegment } from './timeline.ts';

export interface Line {
  tag: string;
  model: string;
  /** Tells tags apart. */
  colour: string;
  /** Tells two models apart. */
  dashed: boolean;
  scores: Scores;
  /** Where the tag stands in the scores' rows. */
  column: number;
}

/** What a colour or a dash means. */
export interface Key {
  text: string;
  /** Absent for a model, which has no colour of its own. */
  colour?: string;
  dashed: boolean;
}

/** A key for each tag and, where there are two models, for each of them. */
export function keysOf(lines: readonly Line[]): { tags: Key[]; models: Key[] } {
  const first = lines.filter(({ dashed }) => !dashed);
  const models = new Map(lines.map(({ model, dashed }) => [model, dashed]));
  return {
    tags: first.map(({ tag, colour }) => ({ text: tag, colour, dashed: false })),
    models: models.size > 1 ? [...models].map(([text, dashed]) => ({ text, dashed })) : [],
  };
}

/** `width` and `height` are in pixels. */
export interface Chart extends Window {
  height: number;
  /** Device pixels in a CSS pixel. */
  ratio: number;
  /** Numbers at the lower and the upper edge. */
  range: Pick<Scale, 'from' | 'to'>;
}

export interface Point {
  x: number;
  value: number;
}

/** Segments closer than this many pixels are told by the pixel. */
const APART = 2;

/** The pieces of a line across a window, broken where all was silent. */
export function trace(scores: Scores, tag: number, window: Window): Point[][] {
  const isSparse = scores.hop * window.width >= APART * (window.to - window.from);
  const points = isSparse ? bySegment(scores, tag, window) : byColumn(scores, tag, window);
  const pieces: Point[][] = [[]];
  for (const point of points) {
    if (point) pieces[pieces.length - 1]!.push(point);
    else pieces.push([]);
  }
  return pieces.filter((piece) => piece.length > 0);
}

/** A point in the middle of each cell, and at both ends of what was heard; null for silence. */
function bySegment(scores: Scores, tag: number, window: Window): (Point | null)[] {
  const { segments, rows, hop } = scores;
  if (segments.length === 0) return [];
  const perSecond = window.width / (window.to - window.from);
  // The neighbours of those that are seen: lines go on to the window's edges.
  const first = Math.max(0, nearestSegment(segments, window.from, hop) - 1);
  const end = nearestSegment(segments, window.to, hop) + 2;
  return segments.slice(first, end).flatMap(({ silent }, i) => {
    if (silent) return [null];
    const index = first + i;
    const { from, to } = cellSpan(segments, index, hop);
    const value = rows[index]![tag]!;
    const before = index === 0 || segments[index - 1]!.silent;
    const after = index === segments.length - 1 || segments[index + 1]!.silent;
    const times = [...(before ? [from] : []), (from + to) / 2, ...(after ? [to] : [])];
    return times.map((time) => ({ x: (time - window.from) * perSecond, value }));
  });
}

function byColumn(scores: Scores, tag: number, window: Window): (Point | null)[] {
  const columns = columnsOf(scores, window);
  return Array.from({ length: window.width }, (_, x) => {
    const value = strongestIn(scores, columns, x, tag);
    return Number.isNaN(value) ? null : { x: x + 0.5, value };
  });
}

/** Room at the upper and lower edge, in CSS pixels, so that lines at the ends are seen whole. */
export const CHART_MARGIN = 4;

/** Where a value stands, from the chart's top. */
export function heightOf({ height, ratio, range }: Chart, value: number): number {
  const margin = CHART_MARGIN * ratio;
  const part = (range.to - value) / (range.to - range.from);
  return margin + Math.min(1, Math.max(0, part)) * (height - 2 * margin);
}

export function paintLines(context: Context, chart: Chart, lines: readonly Line[], rule: string): void {
  const { width, height, ratio, range } = chart;
  context.clearRect(0, 0, width, height);
  context.fillStyle = rule;
  for (const value of [range.from, (range.from + range.to) / 2, range.to])
    context.fillRect(0, Math.round(heightOf(chart, value)), width, Math.max(1, Math.round(ratio / 2)));
  context.lineWidth = 2 * ratio;
  context.lineJoin = 'round';
  for (const { colour, dashed, scores, column } of lines) {
    context.strokeStyle = colour;
    context.setLineDash(dashed ? [5 * ratio, 3.5 * ratio] : []);
    context.beginPath();
    for (const piece of trace(scores, column, chart))
      piece.forEach(({ x, value }, i) => {
        const y = heightOf(chart, value);
        if (i === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
      });
    context.stroke();
  }
  context.setLineDash([]);
}
