/** The colour of a number: a path through CIELAB, walked in equal steps, so that equal differences look equal. */
import { lab, type LabColor } from 'd3-color';

export type Theme = 'light' | 'dark';
export type Rgb = readonly [red: number, green: number, blue: number];

/** From 0, near the page's own ground, to 1, furthest from it; lightness only ever goes one way. */
const STOPS: Record<Theme, string[]> = {
  light: ['#f3efe8', '#fbcda6', '#f28163', '#bf3a70', '#6b2680', '#20123c'],
  dark: ['#201c2b', '#4a226f', '#9c2d74', '#e3595c', '#fba968', '#fdf4d3'],
};

/** From 0 outwards, below it and above it: blue and orange, which colour-blind eyes tell apart, too. */
const DIVERGING_STOPS: Record<Theme, Record<'below' | 'above', string[]>> = {
  light: { below: ['#f3efe8', '#7aa3d4', '#173f7d'], above: ['#f3efe8', '#e39a55', '#8c3a00'] },
  dark: { below: ['#201c2b', '#3b6fb8', '#a9cbff'], above: ['#201c2b', '#b8622a', '#ffc08a'] },
};

export const STEPS = 256;

/** Colours for the numbers from one end to the other; what lies beyond takes the end's. */
export interface Scale {
  colours: readonly Rgb[];
  from: number;
  to: number;
}

/** Differences rarely reach further; a scale to 1 would leave most of them pale. */
const DIFFERENCE_END = 0.5;

export function scoreScale(theme: Theme): Scale {
  return { colours: palette(theme), from: 0, to: 1 };
}

export function differenceScale(theme: Theme): Scale {
  const { below, above } = DIVERGING_STOPS[theme];
  const colours = [...path(below).toReversed(), ...path(above).slice(1)]; // 0 is in the middle, once
  return { colours, from: -DIFFERENCE_END, to: DIFFERENCE_END };
}

export function palette(theme: Theme): Rgb[] {
  return path(STOPS[theme]);
}

function path(colours: readonly string[]): Rgb[] {
  const stops = colours.map((colour) => lab(colour));
  const lengths = stops.slice(1).map((stop, i) => difference(stops[i]!, stop));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return Array.from({ length: STEPS }, (_, step) =>
    toRgb(walk(stops, lengths, (step / (STEPS - 1)) * total)),
  );
}

/** The point this far along the path. */
function walk(stops: readonly LabColor[], lengths: readonly number[], distance: number): LabColor {
  let leg = 0;
  let rest = distance;
  while (leg < lengths.length - 1 && rest > lengths[leg]!) rest -= lengths[leg++]!;
  const [from, to, part] = [stops[leg]!, stops[leg + 1]!, rest / lengths[leg]!];
  return lab(
    from.l + (to.l - from.l) * part,
    from.a + (to.a - from.a) * part,
    from.b + (to.b - from.b) * part,
  );
}

/** Colour difference as CIE76 has it: the distance in CIELAB. */
export function difference(p: LabColor, q: LabColor): number {
  return Math.hypot(p.l - q.l, p.a - q.a, p.b - q.b);
}

export function css([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}

function toRgb(colour: LabColor): Rgb {
  const { r, g, b } = colour.rgb();
  return [Math.round(r), Math.round(g), Math.round(b)];
}

export function colourOf(scale: Scale, value: number): Rgb {
  return scale.colours[stepOf(scale, value)]!;
}

/** Which of the scale's colours a value has. */
export function stepOf({ colours, from, to }: Scale, value: number): number {
  const part = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return Math.round(part * (colours.length - 1));
}

/** Lines of a chart: told apart from each other by colour-blind eyes, and from the panel by all. */
export const LINE_COLOURS: Record<Theme, readonly string[]> = {
  light: ['#21409a', '#aa381a', '#94960f', '#d050b3', '#67947a', '#4a1248'],
  dark: ['#94bdf9', '#ea794d', '#d9e04a', '#8969dd', '#2f8f7d', '#f7b8c8'],
};
