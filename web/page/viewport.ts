/** The part of a song that is seen: all that stands on the time axis shares it. */
import type { Span } from './timeline.ts';

/** Nobody zooms in further than this many seconds. */
export const LEAST_SPAN = 2;

/** What is nearer to the whole than this many seconds is the whole. */
const SAME = 1e-6;

/** Playing goes on by less than this many seconds at a time. */
const JUMP = 1;

/** A moment that comes into view stands this far from its edge, as a part of what is seen. */
const INSET = 0.1;

export class Viewport implements Span {
  /** Seconds that the axis is long. */
  duration = 0;
  from = 0;
  to = 0;
  /** Where the playing was last. */
  private followed: number | null = null;
  private readonly listeners: (() => void)[] = [];

  /** `listener` is told of each change. */
  subscribe(listener: () => void): void {
    this.listeners.push(listener);
  }

  get span(): number {
    return this.to - this.from;
  }

  get isWhole(): boolean {
    return this.span >= this.duration - SAME;
  }

  get isClosest(): boolean {
    return this.span <= Math.min(LEAST_SPAN, this.duration) + SAME;
  }

  /** Another song, all of it; the same song may turn out to be longer. */
  begin(duration: number): void {
    this.duration = duration;
    this.show({ from: 0, to: duration });
  }

  setDuration(duration: number): void {
    if (duration === this.duration) return;
    const { isWhole } = this;
    this.duration = duration;
    this.show(isWhole ? { from: 0, to: duration } : this);
  }

  /** A song that goes on: its latest `most` seconds are seen, or what a person has chosen to see instead. */
  extend(duration: number, most: number): void {
    const { isWhole, span } = this;
    const isAtEnd = this.to >= this.duration - SAME;
    const isAll = isWhole && this.duration > most; // asked for
    this.duration = duration;
    const seen = isAll ? duration : isWhole ? Math.min(duration, most) : span;
    this.show(isAtEnd ? { from: duration - seen, to: duration } : this);
  }

  /** Where a moment lies, from 0 at the left edge to 1 at the right. */
  place(seconds: number): number {
    return this.span > 0 ? (seconds - this.from) / this.span : 0;
  }

  /** The moment at a place. */
  moment(place: number): number {
    return this.from + place * this.span;
  }

  holds(seconds: number): boolean {
    return seconds >= this.from && seconds <= this.to;
  }

  /** Shows this much, as far as there is a song to show. */
  show({ from, to }: Span): void {
    const span = Math.min(this.duration, Math.max(to - from, LEAST_SPAN));
    const middle = (from + to) / 2;
    this.from = Math.min(this.duration - span, Math.max(0, middle - span / 2));
    this.to = this.from + span;
    this.listeners.forEach((listener) => listener());
  }

  showAll(): void {
    this.show({ from: 0, to: this.duration });
  }

  /** The end of the song, as close as before. */
  showEnd(): void {
    this.show({ from: this.duration - this.span, to: this.duration });
  }

  /** `factor` times as close; `place` keeps its moment. */
  zoom(factor: number, place = 0.5): void {
    const span = Math.min(this.duration, Math.max(this.span / factor, LEAST_SPAN));
    const from = this.moment(place) - place * span;
    this.show({ from, to: from + span });
  }

  /** By this part of what is seen, onwards or, if negative, back. */
  pan(part: number): void {
    const from = Math.min(this.duration - this.span, Math.max(0, this.from + part * this.span));
    this.show({ from, to: from + this.span });
  }

  /** Brings a stretch into view, if it is not there yet; what is longer than the view begins with it. */
  reveal({ from, to }: Span): void {
    if (from >= this.from && to <= this.to) return;
    const room = Math.max(0, Math.min(INSET * this.span, this.span - (to - from)));
    const start = from < this.from || to - from > this.span ? from - room : to + room - this.span;
    this.show({ from: start, to: start + this.span });
  }

  /** Turns to where the playing is when it leaves the view or jumps; not when the person has turned away from it. */
  follow(seconds: number | null): void {
    const before = this.followed;
    this.followed = seconds;
    if (seconds === null || before === null || this.holds(seconds)) return;
    if (!this.holds(before) && Math.abs(seconds - before) < JUMP) return;
    const start = seconds - INSET * this.span;
    this.show({ from: start, to: start + this.span });
  }
}
