/**
 * The taggram on the page: canvas for the cells, elements for everything that is read, pointed at or moved.
 * It draws what it is given and reports what people do with it; it decides nothing.
 */
import { find, make, prefersDark, prefersStillness } from './dom.ts';
import { clock, score } from './format.ts';
import { palette, type Rgb } from './palette.ts';
import { columnsOf, isSilent, rasterise, type Column, type Scores } from './raster.ts';
import { cellSpan, segmentAt, ticks } from './timeline.ts';

export interface Cell {
  tag: number;
  segment: number;
}

export interface ViewEvents {
  /** A cell was chosen: go there. */
  onChoose(cell: Cell): void;
  /** A cell was pointed at or walked to, and where on the window its words belong; null when none is any more. */
  onCell(cell: Cell | null, by: 'pointer' | 'keyboard', near: DOMRect): void;
}

const ROW_HEIGHT = 17;
/** Cells at least this wide, in CSS pixels, stand apart from each other. */
const GAP_FROM = 5;
const REORDER_MS = 420;
const LABELS_APART = 64;
/** A time label needs this much room to the right of its tick, else it stands to the left. */
const LABEL_ROOM = 44;

export class TaggramView {
  private readonly plot: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly labels: HTMLElement;
  private readonly meansColumn: HTMLElement;
  private readonly axis: HTMLElement;
  private readonly playhead: HTMLElement;
  private readonly frame: HTMLElement;
  private readonly frontier: HTMLElement;
  private readonly repeated: HTMLElement;

  private scores: Scores = { segments: [], rows: [], tagCount: 0, hop: 1 };
  /** Seconds that the axis is long: the audio, or the one segment that it was repeated to fill. */
  private duration = 1;
  private audioEnd = 1;
  /** order[row] = tag */
  private order: number[] = [];
  /** Where each tag's row is drawn now, and where it started from and goes to, in rows. */
  private rowOf: number[] = [];
  private motion: { from: number[]; to: number[]; since: number } | undefined;
  private cell: Cell | null = null;
  /** Where the mouse is, if it chose the cell: its words belong there, else to the cell. */
  private pointer: MouseEvent | undefined;
  private colours: Rgb[] = [];
  private bitmap: { canvas: OffscreenCanvas; columns: Column[] } | undefined;
  private scheduled = false;
  /** Labels and means are not where their rows are. */
  private unplaced = true;

  constructor(
    private readonly root: HTMLElement,
    private readonly events: ViewEvents,
  ) {
    root.innerHTML = `
      <div class="axis" aria-hidden="true"></div>
      <div class="labels" aria-hidden="true"></div>
      <div class="plot" tabindex="0" role="application" aria-roledescription="taggram" aria-label="Taggram">
        <canvas></canvas><div class="frontier"></div><div class="repeated" hidden></div><div class="frame" hidden></div><div class="playhead" hidden></div>
      </div>
      <div class="means" aria-hidden="true"></div>`;
    this.axis = find('.axis', root);
    this.labels = find('.labels', root);
    this.plot = find('.plot', root);
    this.canvas = find<HTMLCanvasElement>('canvas', root);
    this.meansColumn = find('.means', root);
    this.playhead = find('.playhead', root);
    this.frame = find('.frame', root);
    this.frontier = find('.frontier', root);
    this.repeated = find('.repeated', root);
    this.listen();
  }

  /** Rows without answers, while nothing is known of the recording yet. */
  clear(tags: readonly string[]): void {
    this.begin(tags, 0, 1, 0);
  }

  /** A new recording: `duration` seconds of audio whose last segment ends at `end`; nothing heard yet. */
  begin(tags: readonly string[], duration: number, hop: number, end: number): void {
    this.duration = Math.max(duration, end);
    this.audioEnd = duration;
    this.scores = { segments: [], rows: [], tagCount: tags.length, hop };
    this.order = tags.map((_, tag) => tag);
    this.rowOf = [...this.order];
    this.motion = undefined;
    this.unplaced = true;
    this.setCell(null, 'pointer');
    this.root.style.setProperty('--rows', tags.length > 0 ? String(tags.length) : null);
    this.labels.replaceChildren(...tags.map((tag) => make('span', 'label', tag)));
    this.meansColumn.replaceChildren(...tags.map(() => make('span', 'mean')));
    this.setPlayhead(null);
    this.setLabel('nothing heard yet');
    this.changed();
  }

  /** Shows these scores; `scores` may have grown since the last call. */
  show(scores: Scores): void {
    this.scores = scores;
    this.changed();
  }

  /** order[row] = tag, with each tag's mean. */
  setOrder(order: number[], means: ArrayLike<number> | null): void {
    Array.from(this.meansColumn.children).forEach((element, tag) => {
      element.textContent = means ? score(means[tag]!) : '';
    });
    if (order.every((tag, row) => tag === this.order[row])) return;
    this.order = order;
    const to = new Array<number>(order.length);
    order.forEach((tag, row) => (to[tag] = row));
    if (prefersStillness.matches) this.rowOf = to;
    this.unplaced = true;
    if (!prefersStillness.matches) this.motion = { from: [...this.rowOf], to, since: performance.now() };
    this.draw();
  }

  setPlayhead(seconds: number | null): void {
    this.playhead.hidden = seconds === null;
    if (seconds !== null) this.playhead.style.transform = `translateX(${this.x(seconds)}px)`;
  }

  /** Says what the whole grid is, to those who can't see it. */
  setLabel(text: string): void {
    this.plot.setAttribute('aria-label', `Taggram, ${text}. Arrow keys walk the cells, Enter jumps to one.`);
  }

  highlight(tag: number | null): void {
    Array.from(this.labels.children).forEach((element, index) =>
      element.classList.toggle('here', index === tag),
    );
  }

  private x(seconds: number): number {
    return this.duration > 0 ? (seconds / this.duration) * this.plot.clientWidth : 0;
  }

  private changed(): void {
    this.bitmap = undefined;
    this.draw();
  }

  private draw(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame((now) => {
      this.scheduled = false;
      this.moveRows(now);
      this.paint();
      const moved = this.unplaced;
      this.place();
      if (moved && this.cell && !this.pointer) this.tellCell('pointer'); // its words follow it
      if (this.motion) this.draw();
    });
  }

  private moveRows(now: number): void {
    if (!this.motion) return;
    const { from, to, since } = this.motion;
    const t = Math.min(1, Math.max(0, (now - since) / REORDER_MS));
    const eased = 1 - (1 - t) ** 3;
    this.rowOf = to.map((row, tag) => from[tag]! + (row - from[tag]!) * eased);
    if (t === 1) this.motion = undefined;
  }

  private paint(): void {
    if (this.scores.tagCount === 0 || this.plot.clientWidth === 0) return; // nothing to draw, or nowhere
    const ratio = devicePixelRatio;
    const width = Math.max(1, Math.round(this.plot.clientWidth * ratio));
    const height = Math.round(this.scores.tagCount * ROW_HEIGHT * ratio);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.bitmap = undefined;
    }
    const context = this.canvas.getContext('2d')!;
    context.clearRect(0, 0, width, height);
    this.paintCells(context, width, height, ratio);
    this.paintGaps(context, height, ratio);
  }

  private paintCells(context: CanvasRenderingContext2D, width: number, height: number, ratio: number): void {
    const { canvas, columns } = (this.bitmap ??= this.rasterised(width));
    context.imageSmoothingEnabled = false;
    const gap = Math.max(1, Math.round(ratio));
    for (let tag = 0; tag < this.scores.tagCount; tag++) {
      const top = Math.round(this.rowOf[tag]! * ROW_HEIGHT * ratio);
      const bottom = Math.round((this.rowOf[tag]! + 1) * ROW_HEIGHT * ratio);
      context.drawImage(canvas, 0, tag, width, 1, 0, top, width, bottom - top - gap);
    }
    this.paintSilence(context, columns, height, ratio);
  }

  private rasterised(width: number): { canvas: OffscreenCanvas; columns: Column[] } {
    const canvas = new OffscreenCanvas(width, Math.max(1, this.scores.tagCount));
    const columns = columnsOf(this.scores, width, this.duration);
    const pixels = rasterise(this.scores, columns, this.colours);
    if (pixels.length > 0) {
      const image = new ImageData(pixels as Uint8ClampedArray<ArrayBuffer>, width);
      canvas.getContext('2d')!.putImageData(image, 0, 0);
    }
    return { canvas, columns };
  }

  /** Hatches the stretches where all was silent: there is no answer there, not an answer of 0. */
  private paintSilence(
    context: CanvasRenderingContext2D,
    columns: Column[],
    height: number,
    ratio: number,
  ): void {
    const pattern = context.createPattern(hatch(ratio, this.style('--hatch')), 'repeat');
    if (!pattern) return;
    context.fillStyle = pattern;
    for (let x = 0; x < columns.length; x++) {
      if (!isSilent(this.scores, columns[x]!)) continue;
      const from = x;
      while (x < columns.length && isSilent(this.scores, columns[x]!)) x++;
      context.fillRect(from, 0, x - from, height);
    }
  }

  private paintGaps(context: CanvasRenderingContext2D, height: number, ratio: number): void {
    const { segments, hop } = this.scores;
    if (this.x(hop) < GAP_FROM) return;
    const gap = Math.max(1, Math.round(ratio));
    for (let index = 0; index < segments.length; index++) {
      const right = Math.round(this.x(cellSpan(segments, index, hop).to) * ratio);
      context.clearRect(right - gap, 0, gap, height);
    }
  }

  private place(): void {
    if (this.unplaced) this.placeRows();
    this.unplaced = this.motion !== undefined;
    this.placeAxis();
    this.placeFrame();
    const { segments } = this.scores;
    this.repeated.hidden = !segments.some(({ padded }) => padded);
    this.repeated.style.transform = `translateX(${this.x(this.audioEnd)}px)`;
    const heard = segments.length > 0 ? segments[segments.length - 1]!.end : 0;
    this.frontier.style.transform = `translateX(${this.x(heard)}px)`;
  }

  private placeRows(): void {
    const placeRow = (element: Element, tag: number) => {
      (element as HTMLElement).style.transform = `translateY(${this.rowOf[tag]! * ROW_HEIGHT}px)`;
    };
    Array.from(this.labels.children).forEach(placeRow);
    Array.from(this.meansColumn.children).forEach(placeRow);
  }

  private placeAxis(): void {
    const width = this.plot.clientWidth;
    const drawn = `${this.duration} s on ${width} px`;
    if (this.axis.dataset['drawn'] === drawn) return;
    this.axis.dataset['drawn'] = drawn;
    const marks = ticks(this.duration, width, LABELS_APART).map((seconds) => {
      const mark = make('span', 'tick', clock(seconds));
      const x = this.x(seconds);
      mark.style.transform = `translateX(${x}px)`;
      mark.classList.toggle('leftward', x + LABEL_ROOM > width);
      return mark;
    });
    this.axis.replaceChildren(...marks);
  }

  private placeFrame(): void {
    this.frame.hidden = this.cell === null;
    if (!this.cell) return;
    const { from, to } = cellSpan(this.scores.segments, this.cell.segment, this.scores.hop);
    const left = this.x(from);
    this.frame.style.transform = `translate(${left}px, ${this.rowOf[this.cell.tag]! * ROW_HEIGHT}px)`;
    this.frame.style.width = `${Math.max(3, this.x(to) - left)}px`;
  }

  private setCell(cell: Cell | null, by: 'pointer' | 'keyboard', pointer?: MouseEvent): void {
    if (!cell && !this.cell) return;
    const moved = cell?.tag !== this.cell?.tag || cell?.segment !== this.cell?.segment;
    this.cell = cell;
    this.pointer = pointer;
    this.placeFrame();
    if (moved) this.highlight(cell?.tag ?? null);
    if (cell && by === 'keyboard') this.frame.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    this.tellCell(by);
  }

  private tellCell(by: 'pointer' | 'keyboard'): void {
    const near = this.pointer
      ? new DOMRect(this.pointer.clientX, this.pointer.clientY)
      : this.frame.getBoundingClientRect();
    this.events.onCell(this.cell, by, near);
  }

  private cellUnder(event: MouseEvent): Cell | null {
    const box = this.plot.getBoundingClientRect();
    const seconds = ((event.clientX - box.left) / box.width) * this.duration;
    const segment = segmentAt(this.scores.segments, seconds, this.scores.hop);
    const tag = this.order[Math.floor((event.clientY - box.top) / ROW_HEIGHT)];
    return segment === undefined || tag === undefined ? null : { tag, segment };
  }

  private listen(): void {
    // A finger covers what it touches and has no place to rest: it taps, and the words stand above the cell.
    const byMouse = (event: PointerEvent) => event.pointerType !== 'touch';
    this.plot.addEventListener('pointermove', (event) => {
      if (byMouse(event)) this.setCell(this.cellUnder(event), 'pointer', event);
    });
    this.plot.addEventListener('pointerleave', (event) => {
      if (byMouse(event)) this.setCell(null, 'pointer');
    });
    document.addEventListener('pointerdown', ({ target }) => {
      if (!this.plot.contains(target as Node)) this.setCell(null, 'pointer');
    });
    this.plot.addEventListener('blur', () => this.setCell(null, 'keyboard'));
    this.plot.addEventListener('click', (event) => {
      const cell = this.cellUnder(event);
      this.setCell(cell, 'pointer', byMouse(event as PointerEvent) ? event : undefined);
      if (cell) this.events.onChoose(cell);
    });
    this.plot.addEventListener('keydown', (event) => this.onKey(event));
    new ResizeObserver(() => this.changed()).observe(this.plot);
    const recolour = () => {
      this.colours = palette(prefersDark.matches ? 'dark' : 'light');
      this.changed();
    };
    prefersDark.addEventListener('change', recolour);
    recolour();
  }

  private onKey(event: KeyboardEvent): void {
    if (this.scores.segments.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && this.cell) this.events.onChoose(this.cell);
    else if (event.key === 'Escape') this.setCell(null, 'keyboard');
    else {
      const next = this.step(event.key);
      if (!next) return;
      this.setCell(next, 'keyboard');
    }
    event.preventDefault();
  }

  /** Where a key leads from the present cell; the first key leads to the first cell. */
  private step(key: string): Cell | undefined {
    const lastSegment = this.scores.segments.length - 1;
    const lastRow = this.order.length - 1;
    const steps: Record<string, [rows: number, segments: number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      PageUp: [-10, 0],
      PageDown: [10, 0],
      Home: [0, -lastSegment],
      End: [0, lastSegment],
    };
    const move = steps[key];
    if (!move) return undefined;
    if (!this.cell) return { tag: this.order[0]!, segment: 0 };
    const row = Math.min(lastRow, Math.max(0, this.order.indexOf(this.cell.tag) + move[0]));
    const segment = Math.min(lastSegment, Math.max(0, this.cell.segment + move[1]));
    return { tag: this.order[row]!, segment };
  }

  private style(name: string): string {
    return getComputedStyle(this.root).getPropertyValue(name).trim();
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
