/** A run's comparisons as an SVG for the README: bars from zero on one linear axis a panel, for light and dark pages. */
import type { Comparison, Result } from '../measured.ts';
import { SEGMENT_FRAMES } from '../page/contender.ts';
import { milliseconds, times } from './table.ts';

const WIDTH = 820;
const LEFT = 190; // of names
const RIGHT = 120; // of the figures behind the longest bar
const BAR = 14;
const STEP = 18; // from bar to bar
const GAP = 14; // between models
const PANEL_HEAD = 56;
const PANEL_FOOT = 34;

const CAPTION =
  'A 3 s segment from log-mel to scores: milliseconds, and times Taggram’s. Pruned: given our graph without dead filters.';

/** Readable on white and on GitHub's dark ground; ours stands out by colour, and its name by weight. */
const STYLE = `
  text { font: 12px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #3b3f45; }
  .title { font-size: 15px; font-weight: 600; fill: #1b1f24; }
  .ours { font-weight: 600; fill: #1b1f24; }
  .number { font-variant-numeric: tabular-nums; }
  .grid { stroke: #d5d9de; }
  .bar { fill: #a8b1bb; }
  .bar.pruned { fill: #cdd3d9; }
  .bar.own { fill: #0b7a5c; }
  @media (prefers-color-scheme: dark) {
    text { fill: #b6bec8; }
    .title, .ours { fill: #f0f3f6; }
    .grid { stroke: #3a424c; }
    .bar { fill: #76818d; }
    .bar.pruned { fill: #4b5560; }
    .bar.own { fill: #3ccf9f; }
  }`;

interface Bar {
  name: string;
  kind: 'own' | 'full' | 'pruned';
  value: number;
  label: string;
}

const PANELS = [
  { place: 'web', title: 'WebAssembly in Chromium, one thread' },
  { place: 'native', title: 'Native, one thread' },
] as const;

/** Undefined where nothing was compared. */
export function chart({ comparisons }: Result): string | undefined {
  const drawn = comparisons.filter(({ from, hop }) => from !== 'PCM' && hop === SEGMENT_FRAMES);
  if (drawn.length === 0) return undefined;
  let top = 0;
  const panels = PANELS.flatMap(({ place, title }) => {
    const own = drawn.filter((comparison) => comparison.place === place);
    if (own.length === 0) return [];
    const panel = drawPanel(title, own, top);
    top += panel.height;
    return [panel.content];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top}" viewBox="0 0 ${WIDTH} ${top}" role="img">`,
    '<title>Milliseconds of one processor core that a 3 s segment takes, from log-mel to scores: shorter is faster</title>',
    `<style>${STYLE}\n</style>`,
    ...panels,
    '</svg>\n',
  ].join('\n');
}

function drawPanel(
  title: string,
  comparisons: Comparison[],
  top: number,
): { content: string; height: number } {
  const groups = comparisons.map((comparison) => ({ model: comparison.model, bars: barsOf(comparison) }));
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const ticks = ticksUpTo(longest);
  const end = Math.max(longest, ticks.at(-1)!);
  const x = (value: number) => round(LEFT + ((WIDTH - LEFT - RIGHT) * value) / end);
  const lines: string[] = [];
  let y = top + PANEL_HEAD;
  for (const { model, bars } of groups) {
    lines.push(text(0, y + BAR - 3, model, 'ours'));
    y += STEP;
    for (const bar of bars) {
      lines.push(drawBar(bar, x, y));
      y += STEP;
    }
    y += GAP;
  }
  const bottom = y - GAP + 4;
  const grid = ticks.flatMap((tick) => [
    `<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${top + PANEL_HEAD - 6}" y2="${bottom}"/>`,
    text(x(tick), bottom + 14, tick === ticks.at(-1) ? `${tick} ms` : String(tick), 'number', 'middle'),
  ]);
  const head = [text(0, top + 20, title, 'title'), text(0, top + 40, CAPTION)];
  return { content: [...head, ...grid, ...lines].join('\n'), height: bottom + PANEL_FOOT - top };
}

function barsOf({ ours, peers }: Comparison): Bar[] {
  const own: Bar = {
    name: 'Taggram',
    kind: 'own',
    value: ours.cpu.median,
    label: `${milliseconds(ours.cpu.median)} ms`,
  };
  return [
    own,
    ...peers.map(({ runtime, form, cpu, ratio }): Bar => ({
      name: form === 'full' ? runtime : `${runtime}, pruned`,
      kind: form,
      value: cpu.median,
      label: `${milliseconds(cpu.median)} ms, ${times(ratio)}`,
    })),
  ];
}

function drawBar({ name, kind, value, label }: Bar, x: (value: number) => number, y: number): string {
  const own = kind === 'own' ? 'ours' : undefined;
  return [
    text(LEFT - 8, y + BAR - 3, name, own, 'end'),
    `<rect class="bar ${kind}" x="${LEFT}" y="${y}" width="${round(x(value) - LEFT)}" height="${BAR}" rx="2"/>`,
    text(x(value) + 6, y + BAR - 3, label, own ? `number ${own}` : 'number'),
  ].join('\n');
}

/** Zero and round numbers, four to eight of them. */
export function ticksUpTo(longest: number): number[] {
  const power = 10 ** Math.floor(Math.log10(longest));
  const step = [0.2, 0.5, 1, 2].map((part) => part * power).find((step) => longest / step < 7)!;
  return Array.from({ length: Math.ceil(longest / step) + 1 }, (_, i) => round(i * step));
}

function text(x: number, y: number, words: string, style?: string, anchor?: 'middle' | 'end'): string {
  const attributes = `${style ? ` class="${style}"` : ''}${anchor ? ` text-anchor="${anchor}"` : ''}`;
  return `<text x="${x}" y="${y}"${attributes}>${words}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
