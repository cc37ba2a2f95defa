import { lab } from 'd3-color';
import { describe, expect, it } from 'vitest';
import {
  colourOf,
  css,
  difference,
  differenceScale,
  LINE_COLOURS,
  palette,
  scoreScale,
  STEPS,
  type Theme,
} from '../../../web/page/palette.ts';
import { CONDITIONS, contrast, seenWith } from '../support/sight.ts';

describe.each<Theme>(['light', 'dark'])('the %s palette', (theme) => {
  const colours = palette(theme).map((colour) => lab(css(colour)));

  it('is perceptually even: every sixteenth of the scale is as far from the next', () => {
    const stride = 16; // single steps are too small to survive rounding to 8 bits
    const strides: number[] = [];
    for (let i = stride; i < STEPS; i += stride) strides.push(difference(colours[i - stride]!, colours[i]!));
    const mean = strides.reduce((sum, value) => sum + value, 0) / strides.length;
    console.log(
      `${theme}: ${Math.min(...strides).toFixed(2)} .. ${Math.max(...strides).toFixed(2)}, mean ${mean.toFixed(2)}`,
    );
    for (const value of strides) expect(Math.abs(value / mean - 1)).toBeLessThan(0.2); // a stride across a bend is a little shorter
  });

  it('goes one way in lightness, so that it also reads without colour', () => {
    const lightness = colours.map(({ l }) => l);
    const sign = theme === 'light' ? -1 : 1;
    for (let i = 8; i < STEPS; i += 8) expect(sign * (lightness[i]! - lightness[i - 8]!)).toBeGreaterThan(0);
  });
});

describe.each<Theme>(['light', 'dark'])('the %s scale of differences', (theme) => {
  const scale = differenceScale(theme);
  const colour = (value: number) => lab(css(colourOf(scale, value)));

  it('takes the ground of the page for no difference, and is as strong on both sides', () => {
    expect(colourOf(scale, 0)).toEqual(palette(theme)[0]);
    for (const value of [0.1, 0.25, 0.5]) {
      const [below, above] = [difference(colour(0), colour(-value)), difference(colour(0), colour(value))];
      expect(Math.max(below, above) / Math.min(below, above)).toBeLessThan(1.5);
    }
  });

  it.each(CONDITIONS)('tells the sides apart with %s', (condition) => {
    const seen = (value: number) => seenWith(condition, css(colourOf(scale, value)));
    for (const value of [0.1, 0.25, 0.5])
      expect(difference(seen(-value), seen(value))).toBeGreaterThan(14 * value + 8);
  });
});

describe.each<Theme>(['light', 'dark'])('lines in the %s', (theme) => {
  const panel = { light: '#ffffff', dark: '#1a1722' }[theme];

  it.each(CONDITIONS)('are told apart with %s', (condition) => {
    const seen = LINE_COLOURS[theme].map((colour) => seenWith(condition, colour));
    seen.forEach((one, i) =>
      seen.slice(0, i).forEach((other) => expect(difference(one, other)).toBeGreaterThan(18)),
    );
  });

  it('stand out from the panel', () => {
    for (const colour of LINE_COLOURS[theme]) expect(contrast(colour, panel)).toBeGreaterThan(3);
  });
});

describe('colourOf', () => {
  it('takes scores beyond the scale as its ends', () => {
    const scale = scoreScale('light');
    expect(colourOf(scale, -1)).toBe(scale.colours[0]);
    expect(colourOf(scale, 2)).toBe(scale.colours[STEPS - 1]);
  });
});
