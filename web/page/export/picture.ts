/** A picture of what is seen: taggrams side by side, with title, axes, tag names, legends and lines. */
import { clock } from '../format.ts';
import { paintGrid, rasterCells, type Context } from '../paint.ts';
import { css } from '../palette.ts';
import { wordScale, type Rows } from '../rows.ts';
import type { Subject } from '../subject.ts';
import { labels, type Span } from '../timeline.ts';
import { heightOf, keysOf, paintLines, type Key, type Line } from '../traces.ts';
import { layOutLegend, type Legend } from './legend.ts';

/** A taggram as it stands on the page. */
export interface Shown {
  subject: Subject;
  rows: Rows;
  lines: readonly Line[];
}

export interface Ink {
  font: string;
  panel: string;
  ink: string;
  soft: string;
  line: string;
  hatch: string;
}

/** Device pixels in a CSS pixel; the other sizes are in CSS pixels. */
export const RATIO = 2;
export const MARGIN = 28;
export const TITLE = 34;
/** Above the axis, with a legend of one line. */
export const HEAD = 44;
export const AXIS = 22;
export const NAMES = 122;
export const NUMBERS = 40;
const BETWEEN = 36;
const LINES = 130;
const LEGEND_ROW = 18;
const LEGEND_SIZE = 12;
/** How far the letters of a name stand up. */
const LETTERS = 7;

export function drawPicture(
  title: string,
  shown: readonly Shown[],
  plotWidth: number,
  ink: Ink,
): OffscreenCanvas {
  const paneWidth = NAMES + plotWidth + NUMBERS;
  const width = 2 * MARGIN + shown.length * paneWidth + (shown.length - 1) * BETWEEN;
  const canvas = new OffscreenCanvas(Math.round(width * RATIO), 1);
  const context = canvas.getContext('2d')!;
  const measure = (words: string) => widthOf(context, ink, words, { size: LEGEND_SIZE });
  const legends = shown.map(({ subject }) =>
    layOutLegend(subject.words, subject.grounds(), paneWidth, measure),
  );
  const head = HEAD + (Math.max(...legends.map(({ lines }) => lines)) - 1) * LEGEND_ROW;
  const height = 2 * MARGIN + TITLE + head + Math.max(...shown.map(bodyHeight));
  canvas.height = Math.round(height * RATIO);
  context.scale(RATIO, RATIO);
  context.fillStyle = ink.panel;
  context.fillRect(0, 0, width, height);
  text(context, ink, title, MARGIN, MARGIN + 18, { size: 19, weight: 650, width: width - 2 * MARGIN });
  shown.forEach((one, i) => {
    context.save();
    context.translate(MARGIN + i * (paneWidth + BETWEEN), MARGIN + TITLE);
    drawHead(context, one.subject, legends[i]!, paneWidth, ink);
    context.translate(0, head);
    drawBody(context, one, plotWidth, ink);
    context.restore();
  });
  return canvas;
}

function bodyHeight({ rows, lines }: Shown): number {
  const chart = lines.length > 0 ? LINES + 16 + Math.ceil(keysIn(lines).length / 3) * LEGEND_ROW : 0;
  return AXIS + rows.height + chart;
}

function keysIn(lines: readonly Line[]): Key[] {
  const { tags, models } = keysOf(lines);
  return [...tags, ...models];
}

function drawHead(context: Context, subject: Subject, legend: Legend, width: number, ink: Ink): void {
  text(context, ink, subject.source, 0, 14, { size: 13, colour: ink.soft, width });
  const look = { size: LEGEND_SIZE, colour: ink.soft };
  for (const { text: words, x, line } of legend.words)
    text(context, ink, words, x, 34 + line * LEGEND_ROW, look);
  const { colours } = subject.scale();
  const { bar } = legend;
  const pixel = 1 / RATIO;
  for (let x = 0; x < bar.width; x += pixel) {
    context.fillStyle = css(colours[Math.floor((x / bar.width) * colours.length)]!);
    context.fillRect(bar.x + x, 24, pixel, 11);
  }
}

function drawBody(context: Context, { subject, rows, lines }: Shown, plotWidth: number, ink: Ink): void {
  drawAxis(context, subject, plotWidth, ink);
  context.translate(0, AXIS);
  drawNames(context, subject, rows, plotWidth, ink);
  const grid = painted(plotWidth, rows.height, (to, width, height) => {
    const whole = { ...axisOf(subject), scores: subject.scores(), width, height };
    const grid = { ...whole, ratio: RATIO, rowHeight: rows.rowHeight };
    paintGrid(to, grid, rasterCells(grid, subject.scale()), rows.tops, ink.hatch);
  });
  context.drawImage(grid, NAMES, 0, plotWidth, rows.height);
  outline(context, NAMES, 0, plotWidth, rows.height, ink);
  if (lines.length > 0) drawLines(context, subject, lines, rows.height + 16, plotWidth, ink);
}

function drawAxis(context: Context, subject: Subject, plotWidth: number, ink: Ink): void {
  const axis = axisOf(subject);
  for (const { seconds, x: fromLeft, isLeftward } of labels(axis, plotWidth)) {
    const x = NAMES + fromLeft;
    context.fillStyle = ink.hatch;
    context.fillRect(x, AXIS - 15, 1, 14);
    const place = isLeftward ? x - 4 : x + 5;
    text(context, ink, clock(seconds), place, AXIS - 5, { size: 12, colour: ink.soft, right: isLeftward });
  }
}

function drawNames(context: Context, subject: Subject, rows: Rows, plotWidth: number, ink: Ink): void {
  const numbers = subject.numbers();
  for (const tag of rows.order) {
    const y = rows.tops[tag]! + (rows.rowHeight + LETTERS) / 2;
    text(context, ink, subject.tags[tag]!, NAMES - 9, y, { size: 12.5, right: true });
    const right = NAMES + plotWidth + NUMBERS;
    text(context, ink, numbers[tag] ?? '', right, y, { size: 12, colour: ink.soft, right: true });
  }
  for (const heading of rows.headings)
    text(context, ink, heading.text, NAMES - 9, heading.top + 19 * wordScale(rows.rowHeight), {
      size: 12.5,
      weight: 650,
      right: true,
    });
}

function drawLines(
  context: Context,
  subject: Subject,
  lines: readonly Line[],
  top: number,
  plotWidth: number,
  ink: Ink,
): void {
  const chart = { ...axisOf(subject), range: { from: 0, to: 1 }, ratio: RATIO };
  const plot = painted(plotWidth, LINES, (to, width, height) =>
    paintLines(to, { ...chart, width, height }, lines, ink.line),
  );
  context.drawImage(plot, NAMES, top, plotWidth, LINES);
  outline(context, NAMES, top, plotWidth, LINES, ink);
  for (const value of [0, 0.5, 1]) {
    const y = top + heightOf({ ...chart, ratio: 1, width: plotWidth, height: LINES }, value) + 4;
    text(context, ink, String(value), NAMES - 9, y, { size: 12, colour: ink.soft, right: true });
  }
  const third = plotWidth / 3;
  keysIn(lines).forEach(({ text: words, colour = ink.soft, dashed }, i) => {
    const x = NAMES + (i % 3) * third;
    const y = top + LINES + 18 + Math.floor(i / 3) * LEGEND_ROW;
    context.strokeStyle = colour;
    context.lineWidth = 2.5;
    context.setLineDash(dashed ? [5, 3.5] : []);
    context.beginPath();
    context.moveTo(x, y - 4);
    context.lineTo(x + 20, y - 4);
    context.stroke();
    context.setLineDash([]);
    text(context, ink, words, x + 26, y, { size: 12, width: third - 32 });
  });
}

/** Cells and lines are painted by the pixel, apart from what is laid out in CSS pixels. */
function painted(
  width: number,
  height: number,
  paint: (context: Context, width: number, height: number) => void,
): OffscreenCanvas {
  const canvas = new OffscreenCanvas(Math.round(width * RATIO), Math.max(1, Math.round(height * RATIO)));
  paint(canvas.getContext('2d')!, canvas.width, canvas.height);
  return canvas;
}

function outline(context: Context, x: number, y: number, width: number, height: number, ink: Ink): void {
  context.strokeStyle = ink.line;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
}

/** Pictures show the whole song, however far the page is zoomed in. */
function axisOf({ duration, length }: Subject): Span {
  return { from: 0, to: Math.max(duration, length) };
}

interface Look {
  size: number;
  weight?: number;
  colour?: string;
  /** At most: longer words end in dots. */
  width?: number;
  /** They end at x. */
  right?: boolean;
}

function text(context: Context, ink: Ink, words: string, x: number, y: number, look: Look): void {
  const { colour = ink.ink, width = Infinity, right = false } = look;
  context.fillStyle = colour;
  context.textAlign = right ? 'right' : 'left';
  let shown = words;
  while (shown.length > 1 && widthOf(context, ink, shown, look) > width) shown = `${shown.slice(0, -2)}…`;
  context.fillText(shown, x, y);
}

function widthOf(context: Context, ink: Ink, words: string, { size, weight = 400 }: Look): number {
  context.font = `${weight} ${size}px ${ink.font}`;
  return context.measureText(words).width;
}
