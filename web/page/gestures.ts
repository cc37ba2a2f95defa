/** What hands do to the time axis: a wheel or two fingers zoom, a drag pans or marks a stretch. */
import type { Viewport } from './viewport.ts';

export interface Drags {
  /** What one finger does; a mouse always marks. */
  finger: 'pan' | 'mark';
  /** A stretch between these moments is marked. */
  onMark(one: number, other: number): void;
}

interface Spot {
  x: number;
  y: number;
}

/** A hand that moves less than this many pixels points, it doesn't drag. */
const SLOP = 5;

/** Pixels that a step of a wheel counts for, by its unit. */
const UNITS = [1, 16, 400];
/** Wheels with coarse steps zoom no faster than this. */
const MOST_A_STEP = 50;
const ZOOM_PIXELS = 100;

/** How many times as close a turn of the wheel brings the song. */
export function wheelZoom({ deltaY, deltaMode }: WheelEvent): number {
  const pixels = deltaY * UNITS[deltaMode]!;
  return Math.exp(-Math.min(MOST_A_STEP, Math.max(-MOST_A_STEP, pixels)) / ZOOM_PIXELS);
}

export class Gestures {
  private readonly spots = new Map<number, Spot>();
  private begun = { x: 0, moment: 0 };
  private isDrag = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly viewport: Viewport,
    private readonly drags: Drags,
  ) {
    element.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
    element.addEventListener('pointerdown', (event) => this.onDown(event));
    element.addEventListener('pointermove', (event) => this.onMove(event));
    for (const end of ['pointerup', 'pointercancel'] as const)
      element.addEventListener(end, (event) => this.spots.delete(event.pointerId));
    // The click that ends a drag chooses nothing.
    element.addEventListener('click', (event) => this.isDrag && event.stopImmediatePropagation(), true);
  }

  /** Where a moment of the axis is pointed at, from 0 to 1. */
  private place(x: number): number {
    const { left, width } = this.element.getBoundingClientRect();
    return (x - left) / width;
  }

  private onWheel(event: WheelEvent): void {
    const { deltaX, deltaY, deltaMode, clientX } = event;
    if (event.ctrlKey) this.viewport.zoom(wheelZoom(event), this.place(clientX));
    else if (Math.abs(deltaX) <= Math.abs(deltaY) || this.viewport.isWhole)
      return; // the page scrolls
    else this.viewport.pan((deltaX * UNITS[deltaMode]!) / this.element.clientWidth);
    event.preventDefault();
  }

  private onDown({ pointerId, button, clientX: x, clientY: y }: PointerEvent): void {
    if (button !== 0) return;
    this.spots.set(pointerId, { x, y });
    if (this.spots.size > 1) return;
    this.begun = { x, moment: this.viewport.moment(this.place(x)) };
    this.isDrag = false;
  }

  private onMove({ pointerId, pointerType, clientX: x, clientY: y }: PointerEvent): void {
    const before = this.spots.get(pointerId);
    if (!before) return;
    const wasDrag = this.isDrag;
    this.isDrag ||= this.spots.size > 1 || Math.abs(x - this.begun.x) >= SLOP;
    if (!this.isDrag) return;
    if (!wasDrag) this.element.setPointerCapture(pointerId);
    const other = [...this.spots].find(([id]) => id !== pointerId)?.[1];
    this.spots.set(pointerId, { x, y });
    if (other) this.pinch(other, before, { x, y });
    else if (pointerType === 'touch' && this.drags.finger === 'pan')
      this.viewport.pan((before.x - x) / this.element.clientWidth);
    else this.drags.onMark(this.begun.moment, this.viewport.moment(this.place(x)));
  }

  /** One of two fingers moves; what is between them stays there. */
  private pinch(still: Spot, before: Spot, after: Spot): void {
    const apart = (spot: Spot) => Math.max(1, Math.hypot(spot.x - still.x, spot.y - still.y));
    const held = this.viewport.moment(this.place((before.x + still.x) / 2));
    const span = (this.viewport.span * apart(before)) / apart(after);
    const from = held - this.place((after.x + still.x) / 2) * span;
    this.viewport.show({ from, to: from + span });
  }
}
