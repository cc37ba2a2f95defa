/** The result in words: for the table, and for whoever pastes it elsewhere. */
import type { Timing } from './measure.ts';

export const HEADINGS = ['Model', 'Engine', 'Workers', 'ms a segment', '× real time', 'MB a worker'];

const ENGINE_NAMES = { simd: 'SIMD', plain: 'plain' };

/** A row's cells, in the order of the headings. */
export function cellsOf(timing: Timing): string[] {
  return [
    timing.model,
    ENGINE_NAMES[timing.engine],
    String(timing.workers),
    timing.msPerSegment.toFixed(timing.msPerSegment < 10 ? 2 : 1),
    timing.timesRealTime.toFixed(0),
    timing.megabytes.toFixed(1),
  ];
}

export function toMarkdown(device: string, timings: readonly Timing[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = [HEADINGS, ['---', '---', '---:', '---:', '---:', '---:'], ...timings.map(cellsOf)];
  return `${device}\n\n${rows.map(line).join('\n')}\n`;
}

/** Names as browsers write them, the more particular first: most of them also call themselves Chrome or Safari. */
const BROWSERS: readonly [pattern: RegExp, name: string][] = [
  [/Edg\/([\d.]+)/, 'Edge'],
  [/OPR\/([\d.]+)/, 'Opera'],
  [/Firefox\/([\d.]+)/, 'Firefox'],
  [/Chrome\/([\d.]+)/, 'Chrome'],
  [/Version\/([\d.]+).*Safari/, 'Safari'],
];

/** The browser and the number of cores, as far as it tells. */
export function describeDevice(userAgent: string, cores: number): string {
  const [pattern, name] = BROWSERS.find(([known]) => known.test(userAgent)) ?? [undefined, userAgent];
  const version = pattern ? ` ${pattern.exec(userAgent)![1]}` : '';
  return `${name}${version}, ${cores} ${cores === 1 ? 'core' : 'cores'}`;
}
