/** The whole song in a strip, with a window on the part that is seen: dragged, widened, or moved by keys. */
import { say } from './language.ts';
import { find } from './dom.ts';
import { clock } from './format.ts';
import { wheelZoom } from './gestures.ts';
import { zoomByKey } from './keys.ts';
import type { Scale } from './palette.ts';
import { columnsOf, rasterise, type Scores } from './raster.ts';
import type { Viewport } from './viewport.ts';

/** What it shows: the rows of a taggram, from top to bottom. */
export interface Overseen {
  scores: Scores;
  scale: Scale;
  order: readonly number[];
}

type Grip = 'from' | 'to' | 'all';

/** An edge of the window can be taken hold of this many pixels to either side. */
const EDGE = 6;
/** Narrower windows have no edges to take hold of. */
const LEAST_WITH_EDGES = 4 * EDGE;
const LEAST_WIDTH = 6;
const KEY_PART = 0.25;
/** Further than any song is long. */
const FAR = 1e9;

export class Overview {
  private readonly canvas: HTMLCanvasElement;
  private readonly window: HTMLElement;
  private overseen: Overseen | undefined;
  private scheduled = false;
  private isStale = true;
  /** What is being dragged, and how far the hand is from it, in seconds. */
  private grip: { part: Grip; offset: number } | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly viewport: Viewport,
  ) {
    root.innerHTML = '<canvas></canvas><div class="seen"></div>';
    this.canvas = find<HTMLCanvasElement>('canvas', root);
    this.window = find('.seen', root);
    viewport.subscribe(() => this.draw());
    new ResizeObserver(() => this.changed()).observe(root);
    root.addEventListener('pointerdown', (event) => this.onDown(event));
    root.addEventListener('pointermove', (event) => this.onMove(event));
    for (const end of ['pointerup', 'pointercancel'] as const)
      root.addEventListener(end, () => (this.grip = undefined));
    root.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
    root.addEventListener('keydown', (event) => this.onKey(event));
  }

  show(overseen: Overseen): void {
    this.overseen = overseen;
    this.changed();
  }

  private changed(): void {
    this.isStale = true;
    this.draw();
  }

  private draw(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      if (this.isStale) this.paint();
      this.placeWindow();
    });
  }

  private paint(): void {
    const { canvas, overseen, root } = this;
    const width = Math.round(root.clientWidth * devicePixelRatio);
    if (!overseen || width === 0) return;
    this.isStale = false;
    canvas.width = width;
    canvas.height = Math.round(root.clientHeight * devicePixelRatio);
    const { scores, scale, order } = overseen;
    if (scores.tagCount === 0 || order.length === 0) return;
    const columns = columnsOf(scores, { from: 0, to: this.viewport.duration, width });
    const whole = new OffscreenCanvas(width, scores.tagCount);
    whole.getContext('2d')!.putImageData(new ImageData(rasterise(scores, columns, scale), width), 0, 0);
    const rows = new OffscreenCanvas(width, order.length);
    const context = rows.getContext('2d')!;
    order.forEach((tag, row) => context.drawImage(whole, 0, tag, width, 1, 0, row, width, 1));
    canvas.getContext('2d')!.drawImage(rows, 0, 0, width, canvas.height);
  }

  private placeWindow(): void {
    const { viewport, root } = this;
    const { duration, from, to } = viewport;
    const perSecond = duration > 0 ? root.clientWidth / duration : 0;
    const width = Math.max(LEAST_WIDTH, (to - from) * perSecond);
    const left = Math.min(root.clientWidth - width, from * perSecond);
    this.window.style.transform = `translateX(${left}px)`;
    this.window.style.width = `${width}px`;
    this.window.classList.toggle('all', viewport.isWhole);
    root.setAttribute('aria-valuemax', String(Math.round(duration)));
    root.setAttribute('aria-valuenow', String(Math.round(from)));
    const words = viewport.isWhole
      ? say`all of it`
      : say`${clock(from)} to ${clock(to)} of ${clock(duration)}`;
    root.setAttribute('aria-valuetext', words);
  }

  private secondsAt({ clientX }: MouseEvent): number {
    const { left, width } = this.root.getBoundingClientRect();
    return ((clientX - left) / width) * this.viewport.duration;
  }

  private onDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { viewport, root } = this;
    const seconds = this.secondsAt(event);
    const edge = (EDGE / root.clientWidth) * viewport.duration;
    const hasEdges = viewport.span > (LEAST_WITH_EDGES / root.clientWidth) * viewport.duration;
    root.setPointerCapture(event.pointerId);
    if (hasEdges && Math.abs(seconds - viewport.from) < edge) this.take('from', seconds - viewport.from);
    else if (hasEdges && Math.abs(seconds - viewport.to) < edge) this.take('to', seconds - viewport.to);
    else {
      if (!viewport.holds(seconds)) viewport.show(around(seconds, viewport.span));
      this.take('all', seconds - viewport.from);
    }
  }

  private take(part: Grip, offset: number): void {
    this.grip = { part, offset };
  }

  private onMove(event: PointerEvent): void {
    if (!this.grip) return;
    const { viewport } = this;
    const { part, offset } = this.grip;
    const moment = this.secondsAt(event) - offset;
    const { from, to, span } = viewport;
    if (part === 'all') viewport.show({ from: moment, to: moment + span });
    else if (part === 'from') viewport.show({ from: Math.max(0, Math.min(moment, to)), to });
    else viewport.show({ from, to: Math.min(viewport.duration, Math.max(moment, from)) });
  }

  private onWheel(event: WheelEvent): void {
    const { viewport } = this;
    if (event.deltaY === 0) return;
    event.preventDefault();
    const place = viewport.place(this.secondsAt(event));
    viewport.zoom(wheelZoom(event), Math.min(1, Math.max(0, place)));
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { viewport } = this;
    const moves: Record<string, number> = {
      ArrowLeft: -KEY_PART,
      ArrowDown: -KEY_PART,
      ArrowRight: KEY_PART,
      ArrowUp: KEY_PART,
      PageUp: -1,
      PageDown: 1,
      Home: -FAR,
      End: FAR,
    };
    const move = moves[event.key];
    if (move !== undefined) viewport.pan(move);
    else if (!zoomByKey(viewport, event.key)) return;
    event.preventDefault();
  }
}

function around(seconds: number, span: number) {
  return { from: seconds - span / 2, to: seconds + span / 2 };
}
