/** Chosen tags as lines over time, below their taggram and on its time axis. */
import { say } from './language.ts';
import { find, make, prefersDark, styleOf } from './dom.ts';
import { clock, number, score } from './format.ts';
import type { Scale } from './palette.ts';
import { keysOf, paintLines, type Chart, type Key, type Line } from './traces.ts';
import { segmentAt } from './timeline.ts';
import type { Viewport } from './viewport.ts';

export interface ChartEvents {
  onSeek(seconds: number): void;
  /** The line's tag is let go. */
  onRemove(tag: string): void;
  /** Words for the place on the window; null when the pointer has left. */
  onPoint(text: string | null, near: DOMRect): void;
}

export class LineChart {
  private readonly plot: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly legend: HTMLElement;
  private readonly playhead: HTMLElement;
  private lines: readonly Line[] = [];
  private range: Chart['range'] = { from: 0, to: 1 };
  private scheduled = false;
  /** Where the playhead stands, in seconds. */
  private playing: number | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly viewport: Viewport,
    private readonly events: ChartEvents,
  ) {
    root.innerHTML = `
      <div class="lines-legend" role="group" aria-label="${say`Lines`}"></div>
      <div class="lines-scale" aria-hidden="true"><span></span><span></span><span></span></div>
      <div class="lines-plot" role="img"><canvas></canvas><div class="chart-playhead" hidden></div></div>`;
    this.plot = find('.lines-plot', root);
    this.canvas = find<HTMLCanvasElement>('canvas', root);
    this.legend = find('.lines-legend', root);
    this.playhead = find('.chart-playhead', root);
    this.plot.addEventListener('click', (event) => events.onSeek(this.secondsAt(event)));
    this.plot.addEventListener('pointermove', (event) => this.tellPlace(event));
    this.plot.addEventListener('pointerleave', () => events.onPoint(null, new DOMRect()));
    new ResizeObserver(() => this.draw()).observe(this.plot);
    viewport.subscribe(() => this.draw());
    prefersDark.addEventListener('change', () => this.draw());
  }

  show(lines: readonly Line[], range: Pick<Scale, 'from' | 'to'>): void {
    const keys = keysOf(lines);
    const changed = JSON.stringify(keys) !== JSON.stringify(keysOf(this.lines));
    this.lines = lines;
    this.range = range;
    this.root.hidden = lines.length === 0;
    find('.lines-scale', this.root)
      .querySelectorAll('span')
      .forEach((mark, i) => (mark.textContent = number(range.to - (i * (range.to - range.from)) / 2)));
    if (changed)
      this.legend.replaceChildren(...keys.tags.map((key) => this.chip(key)), ...keys.models.map(modelKey));
    this.plot.setAttribute('aria-label', say`Lines over time. ${lines.map(summary).join('. ')}.`);
    this.draw();
  }

  focus(): void {
    this.legend.querySelector('button')?.focus({ preventScroll: true });
  }

  setPlayhead(seconds: number | null): void {
    this.playing = seconds;
    this.playhead.hidden = seconds === null || !this.viewport.holds(seconds);
    if (this.playhead.hidden || this.lines.length === 0) return; // to ask how wide it is would lay out the page
    this.playhead.style.transform = `translateX(${this.viewport.place(seconds!) * this.plot.clientWidth}px)`;
  }

  private chip({ text, colour }: Key): HTMLElement {
    const chip = make('button', 'chip');
    chip.type = 'button';
    chip.style.setProperty('--line-colour', colour ?? null);
    chip.append(make('span', 'chip-line'), make('span', '', text), make('span', 'chip-close', '×'));
    chip.setAttribute('aria-label', say`Take the line of ${text} away`);
    chip.addEventListener('click', () => this.events.onRemove(text));
    return chip;
  }

  private draw(): void {
    if (this.scheduled || this.lines.length === 0) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.paint();
    });
  }

  private paint(): void {
    const { clientWidth, clientHeight } = this.plot;
    if (clientWidth === 0 || clientHeight === 0) return;
    const ratio = devicePixelRatio;
    const width = Math.round(clientWidth * ratio);
    const height = Math.round(clientHeight * ratio);
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const { range, lines } = this;
    const { from, to } = this.viewport;
    const chart = { from, to, width, height, ratio, range };
    paintLines(this.canvas.getContext('2d')!, chart, lines, styleOf('--line'));
    this.setPlayhead(this.playing);
  }

  private secondsAt(event: MouseEvent): number {
    const { left, width } = this.plot.getBoundingClientRect();
    return Math.max(0, this.viewport.moment((event.clientX - left) / width));
  }

  private tellPlace(event: PointerEvent): void {
    if (event.pointerType === 'touch') return;
    const seconds = this.secondsAt(event);
    const several = keysOf(this.lines).models.length > 0;
    const values = this.lines.flatMap(({ tag, model, scores, column }) => {
      const index = segmentAt(scores.segments, seconds, scores.hop);
      if (index === undefined || scores.segments[index]!.silent) return [];
      return `${tag}${several ? ` (${model})` : ''} ${score(scores.rows[index]![column]!)}`;
    });
    const text = values.length > 0 ? `${clock(seconds, true)}: ${values.join(', ')}` : null;
    this.events.onPoint(text, new DOMRect(event.clientX, event.clientY));
  }
}

function modelKey({ text, dashed }: Key): HTMLElement {
  const key = make('span', `model-key${dashed ? ' dashed' : ''}`);
  key.append(make('span', 'chip-line'), text);
  return key;
}

/** A line in words: its ends and where it is highest. */
function summary({ tag, model, scores: { segments, rows }, column }: Line): string {
  const heard = segments.map((_, i) => i).filter((i) => !segments[i]!.silent);
  if (heard.length === 0) return say`${tag}: no answer`;
  const value = (i: number) => rows[i]![column]!;
  const highest = heard.reduce((best, i) => (value(i) > value(best) ? i : best));
  const lowest = heard.reduce((best, i) => (value(i) < value(best) ? i : best));
  const ends = say`from ${score(value(lowest))} to ${score(value(highest))}`;
  return say`${tag} by ${model}: ${ends}, highest at ${clock(segments[highest]!.start)}`;
}
