/** A network drawn: its steps from top to bottom, their shapes at the left and their names at the right. */
import { say } from '../language.ts';
import { prefersStillness } from '../dom.ts';
import type { Network, Shape, Step } from './networks.ts';

const WIDTH = 358;
/** Of the shapes' column. */
const SHAPES = 116;
const MIDDLE = 12 + SHAPES / 2;
const NAMES = 150;
const GAP = 20;
const BESIDE = 6;
/** Cells drawn of a shape at most: more would be a blur. */
const MOST_CELLS = 32;

export class Figure {
  readonly element: SVGSVGElement;
  private readonly steps: SVGGElement[];

  constructor({ title, summary, steps }: Network) {
    this.element = svg('svg', {
      class: 'network',
      role: 'img',
      'aria-labelledby': 'network-title',
      'aria-describedby': 'network-desc',
    });
    const heading = svg('title', { id: 'network-title' });
    heading.textContent = say`${title}, from samples to tags`;
    const description = svg('desc', { id: 'network-desc' });
    description.textContent = say`${summary} Steps: ${steps.map(({ name, size }) => `${name}, ${size}`).join('; ')}.`;
    let top = 8;
    this.steps = steps.map((step, index) => {
      const group = drawStep(step, top, index > 0);
      top += heightOf(step) + GAP;
      return group;
    });
    this.element.setAttribute('viewBox', `0 0 ${WIDTH} ${Math.ceil(top - GAP + 8)}`);
    this.element.append(heading, description, ...this.steps);
  }

  /** Where the data is, and where it has been. */
  light(current: number): void {
    this.steps.forEach((step, index) => {
      step.classList.toggle('passed', index < current);
      step.classList.toggle('lit', index === current);
    });
  }

  /** A figure may be longer than its window. Firefox scrolls to whole figures alone, so this is reckoned here. */
  reveal(step: number): void {
    const middle = (element: Element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return (top + bottom) / 2;
    };
    const dialog = this.element.closest('dialog')!;
    dialog.scrollBy({
      top: middle(this.steps[step]!) - middle(dialog),
      behavior: prefersStillness.matches ? 'instant' : 'smooth',
    });
  }

  /** The step that this is part of; -1 for none. */
  stepAt(target: EventTarget | null): number {
    return this.steps.findIndex((step) => step.contains(target as Node));
  }
}

function drawStep(step: Step, top: number, follows: boolean): SVGGElement {
  const group = svg('g', { class: 'step' });
  const height = heightOf(step);
  // What is pointed at is the whole row, not its lines alone.
  group.append(svg('rect', { class: 'row', x: 0, y: top - 6, width: WIDTH, height: height + 12, rx: 8 }));
  if (follows) group.append(arrow(top));
  const whole = SHAPES - BESIDE * (step.shapes.length - 1);
  const widths = step.shapes.map((shape) => widthOf(shape, whole / step.shapes.length));
  let left = MIDDLE - (sum(widths) + BESIDE * (widths.length - 1)) / 2;
  if (step.residual) group.append(around(left, top, height));
  step.shapes.forEach((shape, index) => {
    group.append(drawShape(shape, left, top, widths[index]!, height));
    left += widths[index]! + BESIDE;
  });
  const middle = top + height / 2;
  group.append(text('step-name', middle - 3, step.name), text('step-size', middle + 13, step.size));
  return group;
}

function drawShape(shape: Shape, x: number, y: number, width: number, height: number): SVGElement {
  if (shape.kind === 'samples') return svg('path', { class: 'wave', d: wave(x, y, width, height) });
  const group = svg('g', { class: 'map' });
  group.append(svg('rect', { x, y, width, height, rx: 3 }));
  const isTags = shape.kind === 'tags';
  const columns = isTags ? 10 : Math.min(shape.moments, MOST_CELLS);
  const rows = isTags ? 5 : Math.max(1, Math.round(Math.log2(shape.features) / 1.6));
  group.append(svg('path', { d: grid(x, y, width, height, columns, rows) }));
  return group;
}

/** Time by its logarithm: from the first shape to the last it shrinks by more than four powers of ten. */
function widthOf({ kind, moments }: Shape, most: number): number {
  if (kind === 'tags') return Math.min(most, 70);
  return Math.max(14, (most * Math.log(moments + 1)) / Math.log(47_873));
}

function heightOf({ shapes }: Step): number {
  return Math.max(
    ...shapes.map(({ kind, features }) => (kind === 'map' ? 14 + 2.4 * Math.log2(features) : 38)),
  );
}

function arrow(top: number): SVGElement {
  const from = top - GAP + 3;
  return svg('path', { class: 'flow', d: `M${MIDDLE} ${from}V${top - 4}m-4 -4 4 4 4 -4` });
}

/** From what comes in, past the shape, to what goes out. */
function around(left: number, top: number, height: number): SVGElement {
  const from = top - 6;
  const to = top + height + 6;
  const side = left - 10;
  const d = `M${MIDDLE - 8} ${from}H${side + 6}q-6 0 -6 6V${to - 6}q0 6 6 6H${MIDDLE - 8}m-4 -4 4 4 -4 4`;
  return svg('path', { class: 'flow', d });
}

/** Made up: a sound that swells and fades. */
function wave(x: number, y: number, width: number, height: number): string {
  const points = Array.from({ length: 121 }, (_, index) => {
    const place = index / 120;
    const loudness = Math.sin(Math.PI * place) * (0.55 + 0.45 * Math.sin(17 * place));
    const across = x + place * width;
    return `${across.toFixed(1)} ${(y + (height / 2) * (1 + loudness * Math.sin(index * 1.9))).toFixed(1)}`;
  });
  return `M${points.join('L')}`;
}

function grid(x: number, y: number, width: number, height: number, columns: number, rows: number): string {
  const lines: string[] = [];
  for (let column = 1; column < columns; column++)
    lines.push(`M${(x + (column * width) / columns).toFixed(1)} ${y}v${height}`);
  for (let row = 1; row < rows; row++) lines.push(`M${x} ${(y + (row * height) / rows).toFixed(1)}h${width}`);
  return lines.join('');
}

function text(name: string, y: number, content: string): SVGElement {
  const element = svg('text', { class: name, x: NAMES, y });
  element.textContent = content;
  return element;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}

function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
