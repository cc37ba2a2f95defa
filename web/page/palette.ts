/** The colour of a score: a path through CIELAB, walked in equal steps, so that equal differences look equal. */
import { lab, type LabColor } from 'd3-color';

export type Theme = 'light' | 'dark';
export type Rgb = readonly [red: number, green: number, blue: number];

/** From 0, near the page's own ground, to 1, furthest from it; lightness only ever goes one way. */
const STOPS: Record<Theme, string[]> = {
  light: ['#f3efe8', '#fbcda6', '#f28163', '#bf3a70', '#6b2680', '#20123c'],
  dark: ['#201c2b', '#4a226f', '#9c2d74', '#e3595c', '#fba968', '#fdf4d3'],
};

export const STEPS = 256;

export function palette(theme: Theme): Rgb[] {
  const stops = STOPS[theme].map((colour) => lab(colour));
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

export function colourOf(colours: readonly Rgb[], score: number): Rgb {
  const step = Math.round(Math.min(1, Math.max(0, score)) * (STEPS - 1));
  return colours[step]!;
}
