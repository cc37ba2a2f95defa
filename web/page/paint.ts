/** Paints a taggram's cells, for the page and for pictures of it. Sizes are in pixels of the canvas unless said. */
import type { Scale } from './palette.ts';
import { columnsOf, isSilent, rasterise, type Columns, type Scores, type Window } from './raster.ts';
import { cellSpan, nearestSegment } from './timeline.ts';

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** The part of a taggram that is seen. */
export interface Grid extends Window {
  scores: Scores;
  height: number;
  /** CSS pixels. */
  rowHeight: number;
  /** Device pixels in a CSS pixel. */
  ratio: number;
}

/** The cells, a row of pixels a tag, and what each column of pixels shows. */
export interface Cells {
  canvas: OffscreenCanvas;
  columns: Columns;
}

/** Cells at least this wide, in CSS pixels, stand apart from each other. */
const GAP_FROM = 5;

export function rasterCells(grid: Grid, scale: Scale): Cells {
  const { scores, width } = grid;
  const canvas = new OffscreenCanvas(width, Math.max(1, scores.tagCount));
  const columns = columnsOf(scores, grid);
  const pixels = rasterise(scores, columns, scale);
  if (pixels.length > 0) canvas.getContext('2d')!.putImageData(new ImageData(pixels, width), 0, 0);
  return { canvas, columns };
}

/** `tops[tag]` in CSS pixels; tags without one are not painted. */
export function paintGrid(
  context: Context,
  grid: Grid,
  cells: Cells,
  tops: readonly (number | undefined)[],
  hatchColour: string,
): void {
  const { ratio, width, rowHeight } = grid;
  context.clearRect(0, 0, width, grid.height);
  context.imageSmoothingEnabled = false;
  const gap = Math.max(1, Math.round(ratio));
  tops.forEach((top, tag) => {
    if (top === undefined) return;
    const from = Math.round(top * ratio);
    const to = Math.round((top + rowHeight) * ratio);
    context.drawImage(cells.canvas, 0, tag, width, 1, 0, from, width, to - from - gap);
  });
  paintSilence(context, grid, cells.columns, hatchColour);
  paintGaps(context, grid, gap);
}

/** Hatches the stretches where all was silent: there is no answer there, not an answer of 0. */
function paintSilence(
  context: Context,
  { scores, width, height, ratio }: Grid,
  columns: Columns,
  colour: string,
): void {
  let pattern: CanvasPattern | null = null; // most songs have no silence
  for (let x = 0; x < width; x++) {
    if (!isSilent(scores, columns, x)) continue;
    pattern ??= context.createPattern(hatch(ratio, colour), 'repeat');
    if (!pattern) return;
    context.fillStyle = pattern;
    const from = x;
    while (x < width && isSilent(scores, columns, x)) x++;
    context.fillRect(from, 0, x - from, height);
  }
}

function paintGaps(context: Context, { scores, from, to, width, height, ratio }: Grid, gap: number): void {
  const { segments, hop } = scores;
  const perSecond = width / (to - from);
  if (segments.length === 0 || hop * perSecond < GAP_FROM * ratio) return;
  const last = nearestSegment(segments, to, hop);
  for (let index = nearestSegment(segments, from, hop); index <= last; index++) {
    const right = Math.round((cellSpan(segments, index, hop).to - from) * perSecond);
    context.clearRect(right - gap, 0, gap, height);
  }
}

/** A tile of diagonal lines. */
function hatch(ratio: number, colour: string): OffscreenCanvas {
  const size = Math.round(6 * ratio);
  const tile = new OffscreenCanvas(size, size);
  const context = tile.getContext('2d')!;
  context.strokeStyle = colour;
  context.lineWidth = Math.max(1, ratio);
  context.beginPath();
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift - 1, size + 1);
    context.lineTo(shift + size + 1, -1);
  }
  context.stroke();
  return tile;
}
