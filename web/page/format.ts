/** Numbers as people read them. */

/** 75.3 -> "1:15"; with tenths: "1:15.3". */
export function clock(seconds: number, tenths = false): string {
  const whole = tenths ? Math.round(seconds * 10) / 10 : Math.floor(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = whole % 60;
  const shown = (tenths ? rest.toFixed(1) : String(Math.floor(rest))).padStart(tenths ? 4 : 2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${shown}` : `${minutes}:${shown}`;
}

export function score(value: number): string {
  return value.toFixed(2);
}

export function kilohertz(hertz: number): string {
  return `${Number((hertz / 1000).toFixed(3))} kHz`;
}

export function channels(count: number): string {
  if (count === 1) return 'mono';
  if (count === 2) return 'stereo';
  return `${count} channels`;
}

/** "a", "a and b", "a, b and c" */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}
