/** Numbers as people read them. */
import { decimal, language, say } from './language.ts';

/** 75.3 -> "1:15"; with tenths: "1:15.3". */
export function clock(seconds: number, tenths = false): string {
  const whole = tenths ? Math.round(seconds * 10) / 10 : Math.floor(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = whole % 60;
  const shown = (tenths ? decimal(rest, 1) : String(Math.floor(rest))).padStart(tenths ? 4 : 2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${shown}` : `${minutes}:${shown}`;
}

export function score(value: number): string {
  return decimal(value, 2);
}

/** With its sign where it is negative. */
export function plain(value: number): string {
  return signed(value).replace('+', '');
}

/** With its sign, as differences have one. */
export function signed(value: number): string {
  const text = decimal(Math.abs(value), 2);
  if (Number(Math.abs(value).toFixed(2)) === 0) return text;
  return `${value < 0 ? '\u2212' : '+'}${text}`;
}

/** Of a file, in the unit that people read. */
export function bytes(count: number): string {
  return count < 1e6 ? `${Math.round(count / 1000)} kB` : `${decimal(count / 1e6, 1)} MB`;
}

/** As many digits as it has: "0.5", "47,872". */
export function number(value: number): string {
  return value.toLocaleString(language);
}

export function kilohertz(hertz: number): string {
  return `${number(Number((hertz / 1000).toFixed(3)))} kHz`;
}

export function channels(count: number): string {
  if (count === 1) return say`mono`;
  if (count === 2) return say`stereo`;
  return say`${count} channels`;
}

/** "a", "a and b", "a, b and c" */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return say`${items.slice(0, -1).join(', ')} and ${items[items.length - 1]!}`;
}

/** As `list`, but of many items only the first few are named. */
export function brief(items: readonly string[], most = 3): string {
  if (items.length <= most) return list(items);
  return list([...items.slice(0, most - 1), say`${items.length - most + 1} others`]);
}
