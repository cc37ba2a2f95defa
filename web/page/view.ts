/**
 * A taggram on the page: canvas for the cells, elements for everything that is read, pointed at or moved.
 * It draws what it is given and reports what people do with it; it decides nothing.
 */
import { say } from './language.ts';
import { Cursor, type Cell, type CursorEvents } from './cursor.ts';
import { find, make, prefersStillness, styleOf } from './dom.ts';
import { clock } from './format.ts';
import { Gestures } from './gestures.ts';
import { zoomByKey } from './keys.ts';
import { Names } from './names.ts';
import { paintGrid, rasterCells, type Cells } from './paint.ts';
import { scoreScale, type Scale } from './palette.ts';
import type { Peaks } from './peaks.ts';
import { Scores, strongestWithin } from './raster.ts';
import { layOut, wordScale, type Rows } from './rows.ts';
import { cellSpan, labels, nearestSegment, type Span } from './timeline.ts';
import type { Viewport } from './viewport.ts';
import { paintWave } from './wave.ts';

export interface ViewEvents extends Omit<CursorEvents, 'onMark'> {
  /** A tag's name was chosen or let go. */
  onToggle(tag: number): void;
  /** A stretch of time was marked, or is no more. */
  onMark(stretch: Span | null): void;
}

type Tops = readonly (number | undefined)[];

const REORDER_MS = 420;
const NO_ROWS = layOut([], null, { sort: 'score', filter: '' });

export class TaggramView {
  readonly plot: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly axis: HTMLElement;
  private readonly wave: HTMLCanvasElement;
  private readonly stretch: HTMLElement;
  private readonly playhead: HTMLElement;
  private readonly frontier: HTMLElement;
  private readonly repeated: HTMLElement;
  private readonly names: Names;
  private readonly cursor: Cursor;

  private scores = new Scores(0, 1);
  private scale: Scale = scoreScale('light');
  private peaks: Peaks | undefined;
  /** Seconds of audio: the axis is longer where one segment was repeated to fill it. */
  private audioEnd = 1;
  private marked: Span | null = null;
  private rows: Rows = NO_ROWS;
  /** Where each tag's row is drawn now, and where it started from. */
  private tops: Tops = [];
  private motion: { from: Tops; since: number } | undefined;
  private cells: Cells | undefined;
  /** Where the playhead stands, in seconds. */
  private playing: number | null = null;
  /** Pixels that the plot was wide when it was last seen. */
  width = 0;
  private scheduled = false;
  /** Names and numbers are not where their rows are. */
  private unplaced = true;

  constructor(
    private readonly root: HTMLElement,
    private readonly viewport: Viewport,
    private readonly events: ViewEvents,
  ) {
    root.innerHTML = `
      <div class="axis" aria-hidden="true"></div>
      <div class="wave" aria-hidden="true"><canvas></canvas></div>
      <div class="labels" role="listbox" tabindex="0" aria-multiselectable="true"></div>
      <div class="plot" tabindex="0" role="application" aria-roledescription="${say`taggram`}">
        <canvas></canvas><div class="frontier"></div><div class="repeated" hidden></div><div class="frame" hidden></div>
      </div>
      <div class="over"><div class="stretch" hidden></div><div class="playhead" hidden></div></div>
      <div class="means" aria-hidden="true"></div>`;
    this.axis = find('.axis', root);
    this.plot = find('.plot', root);
    this.canvas = find<HTMLCanvasElement>('.plot canvas', root);
    this.wave = find<HTMLCanvasElement>('.wave canvas', root);
    this.stretch = find('.stretch', root);
    this.playhead = find('.playhead', root);
    this.frontier = find('.frontier', root);
    this.repeated = find('.repeated', root);
    this.names = new Names(find('.labels', root), find('.means', root), (tag) => events.onToggle(tag));
    this.cursor = this.makeCursor(find('.frame', root));
    this.listen();
  }

  /** Another subject: `duration` seconds of audio; nothing heard yet. */
  begin(title: string, tags: readonly string[], duration: number, hop: number): void {
    find('.labels', this.root).setAttribute(
      'aria-label',
      say`Tags, ${title}: choose some to see them as lines`,
    );
    this.audioEnd = duration;
    this.scores = new Scores(tags.length, hop);
    this.rows = NO_ROWS;
    this.tops = [];
    this.motion = undefined;
    this.cursor.reset();
    this.names.begin(tags);
    this.setPlayhead(null);
    this.setLabel(say`nothing heard yet`);
    this.changed();
  }

  /** Shows these scores; `scores` may have grown since the last call. */
  show(scores: Scores): void {
    this.scores = scores;
    this.root.classList.toggle('mute', !this.peaks && scores.segments.length > 0);
    this.changed();
  }

  setPeaks(peaks: Peaks | undefined): void {
    this.peaks = peaks;
    this.changed();
  }

  mark(stretch: Span | null): void {
    this.marked = stretch;
    this.placeStretch();
  }

  setScale(scale: Scale): void {
    this.scale = scale;
    this.changed();
  }

  /** Where rows stand, and each tag's number at the end of its row. */
  setRows(rows: Rows, numbers: readonly string[]): void {
    this.names.tell(numbers);
    const { tops } = rows;
    const same = rows.height === this.rows.height && tops.every((top, tag) => top === this.rows.tops[tag]);
    if (same && this.tops.length > 0) return;
    const moving = this.tops.length > 0 && !prefersStillness.matches;
    this.motion = moving ? { from: this.tops, since: performance.now() } : undefined;
    if (!moving) this.tops = tops;
    this.rows = rows;
    this.root.style.setProperty('--height', `${rows.height}px`);
    this.names.setRows(rows);
    this.unplaced = true;
    this.draw();
  }

  /** colours[tag]: of its line, where it has one. */
  colourNames(colours: readonly (string | undefined)[]): void {
    this.names.mark(colours);
  }

  setPlayhead(seconds: number | null): void {
    this.playing = seconds;
    this.playhead.hidden = seconds === null || !this.viewport.holds(seconds);
    if (!this.playhead.hidden) this.playhead.style.transform = `translateX(${this.x(seconds!)}px)`;
  }

  /** Says what the whole grid is, to those who can't see it. */
  setLabel(text: string): void {
    this.plot.setAttribute(
      'aria-label',
      say`Taggram, ${text}. Arrow keys walk the cells, Enter jumps to one, question mark lists all keys.`,
    );
  }

  focusNames(): void {
    find('.labels', this.root).focus({ preventScroll: true });
  }

  highlight(tag: number | null): void {
    this.names.highlight(tag);
  }

  /** Nothing is pointed at any more. */
  leave(): void {
    this.cursor.leave();
  }

  /** Frames a cell that is pointed at in another taggram. */
  echo(cell: Cell | null): void {
    this.cursor.echo(cell);
    this.highlight(cell?.tag ?? null);
  }

  private makeCursor(frame: HTMLElement): Cursor {
    const { events, plot } = this;
    return new Cursor(
      plot,
      frame,
      {
        order: () => this.rows.order,
        segmentCount: () => this.scores.segments.length,
        reveal: ({ segment }) => this.viewport.reveal(this.spanOf(segment)),
        cellUnder: (event) => this.cellUnder(event),
        boxOf: ({ tag, segment }) => {
          const top = this.tops[tag];
          if (top === undefined || segment >= this.scores.segments.length) return undefined;
          const { from, to } = this.spanOf(segment);
          return { left: this.x(from), top, width: this.x(to) - this.x(from) };
        },
      },
      {
        onChoose: (cell) => events.onChoose(cell),
        onCell: (cell, by, near) => {
          this.highlight(cell?.tag ?? null);
          events.onCell(cell, by, near);
        },
        onMark: (ends) => events.onMark(ends && this.spanOver(...ends)),
      },
    );
  }

  private listen(): void {
    const { plot, wave, viewport, events } = this;
    const onMark = (one: number, other: number) => events.onMark(this.spanBetween(one, other));
    new Gestures(plot, viewport, { finger: 'pan', onMark });
    for (const lane of [this.axis, wave.parentElement!])
      new Gestures(lane, viewport, { finger: 'mark', onMark });
    plot.addEventListener('keydown', (event) => this.onKey(event));
    new ResizeObserver(() => this.changed()).observe(plot);
    viewport.subscribe(() => this.changed());
  }

  /** Keys that zoom and turn pages; those that walk are the cursor's. */
  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { viewport, cursor } = this;
    const at = cursor.at ? viewport.place(this.middleOf(cursor.at.segment)) : undefined;
    if (event.shiftKey && event.key === 'PageDown') viewport.pan(1);
    else if (event.shiftKey && event.key === 'PageUp') viewport.pan(-1);
    else if (!zoomByKey(viewport, event.key, at)) return;
    event.preventDefault();
  }

  private spanOf(segment: number): Span {
    return cellSpan(this.scores.segments, segment, this.scores.hop);
  }

  private middleOf(segment: number): number {
    const { from, to } = this.spanOf(segment);
    return (from + to) / 2;
  }

  /** The cells of two segments and all between them. */
  private spanOver(one: number, other: number): Span {
    return { from: this.spanOf(Math.min(one, other)).from, to: this.spanOf(Math.max(one, other)).to };
  }

  /** The cells that two moments lie in, and all between them. */
  private spanBetween(one: number, other: number): Span | null {
    const { segments, hop } = this.scores;
    if (segments.length === 0) return null;
    return this.spanOver(nearestSegment(segments, one, hop), nearestSegment(segments, other, hop));
  }

  private x(seconds: number): number {
    return this.viewport.place(seconds) * this.width;
  }

  /** As far as it can be seen. */
  private xSeen(seconds: number): number {
    return Math.min(this.width + 2, Math.max(-2, this.x(seconds)));
  }

  private changed(): void {
    this.cells = undefined;
    this.draw();
  }

  private draw(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame((now) => {
      this.scheduled = false;
      this.moveRows(now);
      this.paint();
      if (this.place()) this.cursor.follow();
      if (this.motion) this.draw();
    });
  }

  private moveRows(now: number): void {
    if (!this.motion) return;
    const { from, since } = this.motion;
    const t = Math.min(1, Math.max(0, (now - since) / REORDER_MS));
    const eased = 1 - (1 - t) ** 3;
    this.tops = this.rows.tops.map((to, tag) => {
      const start = from[tag];
      return to === undefined || start === undefined ? to : start + (to - start) * eased;
    });
    if (t === 1) this.motion = undefined;
  }

  private paint(): void {
    const { clientWidth } = this.plot;
    if (this.scores.tagCount === 0 || clientWidth === 0) return; // nothing to draw, or nowhere
    this.width = clientWidth;
    const ratio = devicePixelRatio;
    const width = Math.max(1, Math.round(this.width * ratio));
    const height = Math.max(1, Math.round(this.rows.height * ratio));
    if (this.canvas.width !== width || this.canvas.height !== height) {
      if (this.canvas.width !== width) this.cells = undefined;
      this.canvas.width = width;
      this.canvas.height = height;
    }
    const { scores, viewport } = this;
    const window = { from: viewport.from, to: viewport.to, width };
    const grid = { ...window, scores, height, ratio, rowHeight: this.rows.rowHeight };
    if (!this.cells) {
      this.cells = rasterCells(grid, this.scale);
      this.root.classList.toggle('far', scores.hop * width < viewport.span);
      paintWave(this.wave, this.peaks, window, ratio, styleOf('--wave'));
    }
    paintGrid(this.canvas.getContext('2d')!, grid, this.cells, this.tops, styleOf('--hatch'));
  }

  /** Returns whether anything stands elsewhere than before. */
  private place(): boolean {
    const moved = this.unplaced;
    if (this.unplaced) this.names.place(this.tops);
    this.unplaced = this.motion !== undefined;
    const resized = this.placeAxis();
    this.cursor.placeFrame();
    const { segments } = this.scores;
    this.repeated.hidden = !segments[0]?.padded;
    this.repeated.style.transform = `translateX(${this.xSeen(this.audioEnd)}px)`;
    const heard = segments.length > 0 ? segments[segments.length - 1]!.end : 0;
    this.frontier.style.transform = `translateX(${this.xSeen(heard)}px)`;
    this.placeStretch();
    return moved || resized;
  }

  private placeStretch(): void {
    const { marked, stretch } = this;
    stretch.hidden = !marked;
    if (!marked) return;
    const [left, right] = [this.xSeen(marked.from), this.xSeen(marked.to)];
    stretch.style.transform = `translateX(${left}px)`;
    stretch.style.width = `${right - left}px`;
  }

  /** Returns whether it is another than before. */
  private placeAxis(): boolean {
    const { width } = this;
    const scale = wordScale(this.rows.rowHeight);
    const drawn = `${this.viewport.from} to ${this.viewport.to} s on ${width} px, ${scale} times as large`;
    if (this.axis.dataset['drawn'] === drawn) return false;
    this.axis.dataset['drawn'] = drawn;
    const marks = labels(this.viewport, width, scale).map(({ seconds, x, isLeftward }) => {
      const mark = make('span', 'tick', clock(seconds));
      mark.style.transform = `translateX(${x}px)`;
      mark.classList.toggle('leftward', isLeftward);
      return mark;
    });
    this.axis.replaceChildren(...marks);
    this.setPlayhead(this.playing);
    return true;
  }

  private cellUnder(event: MouseEvent): Cell | null {
    const box = this.plot.getBoundingClientRect();
    const y = event.clientY - box.top;
    const tag = this.rows.order.find((candidate) => {
      const top = this.rows.tops[candidate]!;
      return y >= top && y < top + this.rows.rowHeight;
    });
    if (tag === undefined) return null;
    const moment = (x: number) => this.viewport.moment((x - box.left) / box.width);
    const pixel = { from: moment(event.clientX), to: moment(event.clientX + 1) };
    const found = strongestWithin(this.scores, tag, pixel);
    return found ? { tag, ...found } : null;
  }
}
