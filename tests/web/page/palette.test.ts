import { lab } from 'd3-color';
import { describe, expect, it } from 'vitest';
import { colourOf, css, difference, palette, STEPS, type Theme } from '../../../web/page/palette.ts';

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

describe('colourOf', () => {
  it('takes scores beyond the scale as its ends', () => {
    const colours = palette('light');
    expect(colourOf(colours, -1)).toBe(colours[0]);
    expect(colourOf(colours, 2)).toBe(colours[STEPS - 1]);
  });
});
