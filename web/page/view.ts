/**
 * A taggram on the page: canvas for the cells, elements for everything that is read, pointed at or moved.
 * It draws what it is given and reports what people do with it; it decides nothing.
 */
import { Cursor, type Cell, type CursorEvents } from './cursor.ts';
import { find, make, prefersStillness, styleOf } from './dom.ts';
import { clock } from './format.ts';
import { Names } from './names.ts';
import { paintGrid, rasterCells, type Cells } from './paint.ts';
import { scoreScale, type Scale } from './palette.ts';
import type { Scores } from './raster.ts';
import { layOut, ROW_HEIGHT, type Rows } from './rows.ts';
import { cellSpan, segmentAt, ticks } from './timeline.ts';

export interface ViewEvents extends CursorEvents {
  /** A tag's name was chosen or let go. */
  onToggle(tag: number): void;
}

type Tops = readonly (number | undefined)[];

const REORDER_MS = 420;
const LABELS_APART = 64;
/** A time label needs this much room to the right of its tick, else it stands to the left. */
const LABEL_ROOM = 44;
const NO_ROWS = layOut([], null, { sort: 'score', filter: '' });

export class TaggramView {
  readonly plot: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly axis: HTMLElement;
  private readonly playhead: HTMLElement;
  private readonly frontier: HTMLElement;
  private readonly repeated: HTMLElement;
  private readonly names: Names;
  private readonly cursor: Cursor;

  private scores: Scores = { segments: [], rows: [], tagCount: 0, hop: 1 };
  private scale: Scale = scoreScale('light');
  /** Seconds that the axis is long: the audio, or the one segment that it was repeated to fill. */
  private duration = 1;
  private audioEnd = 1;
  private rows: Rows = NO_ROWS;
  /** Where each tag's row is drawn now, and where it started from. */
  private tops: Tops = [];
  private motion: { from: Tops; since: number } | undefined;
  private cells: Cells | undefined;
  /** Where the playhead stands, in seconds. */
  private playing: number | null = null;
  private scheduled = false;
  /** Names and numbers are not where their rows are. */
  private unplaced = true;

  constructor(
    private readonly root: HTMLElement,
    private readonly events: ViewEvents,
  ) {
    root.innerHTML = `
      <div class="axis" aria-hidden="true"></div>
      <div class="labels" role="listbox" tabindex="0" aria-multiselectable="true"></div>
      <div class="plot" tabindex="0" role="application" aria-roledescription="taggram">
        <canvas></canvas><div class="frontier"></div><div class="repeated" hidden></div><div class="frame" hidden></div><div class="playhead" hidden></div>
      </div>
      <div class="means" aria-hidden="true"></div>`;
    this.axis = find('.axis', root);
    this.plot = find('.plot', root);
    this.canvas = find<HTMLCanvasElement>('canvas', root);
    this.playhead = find('.playhead', root);
    this.frontier = find('.frontier', root);
    this.repeated = find('.repeated', root);
    this.names = new Names(find('.labels', root), find('.means', root), (tag) => events.onToggle(tag));
    this.cursor = this.makeCursor(find('.frame', root));
    new ResizeObserver(() => this.changed()).observe(this.plot);
  }

  /** Another subject: `duration` seconds of audio whose last segment ends at `end`; nothing heard yet. */
  begin(title: string, tags: readonly string[], duration: number, hop: number, end: number): void {
    find('.labels', this.root).setAttribute('aria-label', `Tags, ${title}: choose some to see them as lines`);
    this.duration = Math.max(duration, end);
    this.audioEnd = duration;
    this.scores = { segments: [], rows: [], tagCount: tags.length, hop };
    this.rows = NO_ROWS;
    this.tops = [];
    this.motion = undefined;
    this.cursor.reset();
    this.names.begin(tags);
    this.setPlayhead(null);
    this.setLabel('nothing heard yet');
    this.changed();
  }

  /** Shows these scores; `scores` may have grown since the last call. */
  show(scores: Scores): void {
    this.scores = scores;
    this.changed();
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
  mark(colours: readonly (string | undefined)[]): void {
    this.names.mark(colours);
  }

  setPlayhead(seconds: number | null): void {
    this.playing = seconds;
    this.playhead.hidden = seconds === null;
    if (seconds !== null) this.playhead.style.transform = `translateX(${this.x(seconds)}px)`;
  }

  /** Says what the whole grid is, to those who can't see it. */
  setLabel(text: string): void {
    this.plot.setAttribute('aria-label', `Taggram, ${text}. Arrow keys walk the cells, Enter jumps to one.`);
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
        cellUnder: (event) => this.cellUnder(event),
        boxOf: ({ tag, segment }) => {
          const top = this.tops[tag];
          if (top === undefined || segment >= this.scores.segments.length) return undefined;
          const { from, to } = cellSpan(this.scores.segments, segment, this.scores.hop);
          return { left: this.x(from), top, width: this.x(to) - this.x(from) };
        },
      },
      {
        onChoose: (cell) => events.onChoose(cell),
        onCell: (cell, by, near) => {
          this.highlight(cell?.tag ?? null);
          events.onCell(cell, by, near);
        },
      },
    );
  }

  private x(seconds: number): number {
    return this.duration > 0 ? (seconds / this.duration) * this.plot.clientWidth : 0;
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
    if (this.scores.tagCount === 0 || this.plot.clientWidth === 0) return; // nothing to draw, or nowhere
    const ratio = devicePixelRatio;
    const width = Math.max(1, Math.round(this.plot.clientWidth * ratio));
    const height = Math.max(1, Math.round(this.rows.height * ratio));
    if (this.canvas.width !== width || this.canvas.height !== height) {
      if (this.canvas.width !== width) this.cells = undefined;
      this.canvas.width = width;
      this.canvas.height = height;
    }
    const grid = { scores: this.scores, duration: this.duration, width, height, ratio };
    this.cells ??= rasterCells(grid, this.scale);
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
    this.repeated.hidden = !segments.some(({ padded }) => padded);
    this.repeated.style.transform = `translateX(${this.x(this.audioEnd)}px)`;
    const heard = segments.length > 0 ? segments[segments.length - 1]!.end : 0;
    this.frontier.style.transform = `translateX(${this.x(heard)}px)`;
    return moved || resized;
  }

  /** Returns whether it is another than before. */
  private placeAxis(): boolean {
    const width = this.plot.clientWidth;
    const drawn = `${this.duration} s on ${width} px`;
    if (this.axis.dataset['drawn'] === drawn) return false;
    this.axis.dataset['drawn'] = drawn;
    const marks = ticks(this.duration, width, LABELS_APART).map((seconds) => {
      const mark = make('span', 'tick', clock(seconds));
      const x = this.x(seconds);
      mark.style.transform = `translateX(${x}px)`;
      mark.classList.toggle('leftward', x + LABEL_ROOM > width);
      return mark;
    });
    this.axis.replaceChildren(...marks);
    this.setPlayhead(this.playing);
    return true;
  }

  private cellUnder(event: MouseEvent): Cell | null {
    const box = this.plot.getBoundingClientRect();
    const seconds = ((event.clientX - box.left) / box.width) * this.duration;
    const segment = segmentAt(this.scores.segments, seconds, this.scores.hop);
    const y = event.clientY - box.top;
    const tag = this.rows.order.find((candidate) => {
      const top = this.rows.tops[candidate]!;
      return y >= top && y < top + ROW_HEIGHT;
    });
    return segment === undefined || tag === undefined ? null : { tag, segment };
  }
}
