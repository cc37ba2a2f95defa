/** Numbers in files, as the native program writes them. */

/** Seven significant digits: what a float32 holds. */
const SCORE_DIGITS = 7;

/** Times are multiples of 16 ms: so many digits print them as they are, without 2.9920000000000004. */
const TIME_DIGITS = 15;

export function timed(seconds: number): number {
  return Number(seconds.toPrecision(TIME_DIGITS));
}

/** C's %.7g. */
export function significant(value: number): string {
  const [mantissa, exponent] = value.toExponential(SCORE_DIGITS - 1).split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < SCORE_DIGITS) return String(shortened(value));
  const digits = String(Math.abs(power)).padStart(2, '0');
  return `${Number(mantissa)}e${power < 0 ? '-' : '+'}${digits}`;
}

/** The same as a number. */
export function shortened(value: number): number {
  return Number(value.toPrecision(SCORE_DIGITS));
}
