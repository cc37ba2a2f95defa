/** Goes through a network's steps: by a slider, by a button, or where the figure is pointed at. */
import { say } from '../language.ts';
import { make, prefersStillness } from '../dom.ts';
import { Figure } from './figure.ts';
import type { Network } from './networks.ts';

const STEP_MS = 1800;

export class Walk {
  readonly controls = make('div', 'walk');
  readonly figure: Figure;
  private readonly button = make('button', 'button');
  private readonly slider = make('input', 'walk-slider');
  private readonly name = make('h3');
  private readonly text = make('p');
  private readonly caption = make('div', 'walk-caption');
  private timer: ReturnType<typeof setInterval> | undefined;
  private current = 0;

  constructor(private readonly network: Network) {
    this.figure = new Figure(network);
    this.button.type = 'button';
    this.slider.type = 'range';
    this.slider.max = String(this.last);
    this.slider.setAttribute('aria-label', say`Step`);
    this.caption.append(this.name, this.text);
    this.controls.append(this.button, this.slider, this.caption);
    this.button.addEventListener('click', () => this.press());
    this.slider.addEventListener('input', () => {
      this.rest();
      this.advance(Number(this.slider.value));
    });
    this.figure.element.addEventListener('pointerover', ({ target }) => this.point(target));
    this.figure.element.addEventListener('click', ({ target }) => this.point(target));
    this.rest();
    this.show(0);
  }

  /** Nothing moves any more. */
  rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.button.textContent = prefersStillness.matches ? say`Next step` : say`Play`;
    this.caption.setAttribute('aria-live', 'polite');
  }

  private get last(): number {
    return this.network.steps.length - 1;
  }

  /** Whoever wants no motion goes from step to step. */
  private press(): void {
    if (this.timer !== undefined) return this.rest();
    const next = this.current === this.last ? 0 : this.current + 1;
    if (prefersStillness.matches) return this.advance(next);
    this.button.textContent = say`Pause`;
    this.caption.setAttribute('aria-live', 'off'); // too much to be told
    this.advance(next);
    this.timer = setInterval(() => {
      if (this.current === this.last) this.rest();
      else this.advance(this.current + 1);
    }, STEP_MS);
  }

  private point(target: EventTarget | null): void {
    const step = this.figure.stepAt(target);
    if (step < 0) return;
    this.rest();
    this.show(step);
  }

  private advance(step: number): void {
    this.show(step);
    this.figure.reveal(step);
  }

  private show(step: number): void {
    const { name, size, text } = this.network.steps[step]!;
    this.current = step;
    this.slider.value = String(step);
    this.slider.setAttribute('aria-valuetext', say`${step + 1} of ${this.last + 1}: ${name}`);
    this.name.textContent = `${name}: ${size}`;
    this.text.textContent = text;
    this.figure.light(step);
  }
}
