import { describe, expect, test } from 'vitest';
import type { Comparison, PageFigures, Result } from '../measured.ts';
import { summarise } from '../statistics.ts';
import { chart, ticksUpTo } from './chart.ts';
import { milliseconds, table, times } from './table.ts';

function timing(...cpu: number[]) {
  return { cpu: summarise(cpu), wall: summarise(cpu) };
}

const COMPARISON: Comparison = {
  model: 'MTT_musicnn',
  place: 'web',
  from: 'log-mel',
  hop: 187,
  ours: timing(7.9, 8, 8.2),
  peers: [
    {
      ...timing(119, 120, 124),
      runtime: 'onnxruntime-web',
      form: 'full',
      ratio: 15,
      leastRatio: 15.06,
      difference: 2.6e-5,
    },
    {
      ...timing(39, 40, 44),
      runtime: 'onnxruntime-web',
      form: 'pruned',
      ratio: 5,
      leastRatio: 4.94,
      difference: 8e-7,
    },
  ],
};

const PAGE: PageFigures = {
  song: {
    seconds: 240,
    tagged: summarise([900]),
    decoded: summarise([600]),
    browserDecoded: summarise([500]),
    ratio: 1.5,
  },
  firstVisit: { total: 0, example: 0, files: [] },
  opening: { tagged: summarise([1]), decoding: summarise([1]), besides: summarise([1]) },
  panning: {
    segments: 72000,
    views: [{ ratio: 2, span: 3600, apart: summarise([16, 17, 18]), work: summarise([4, 5, 6]), longest: 6 }],
  },
};

const RESULT: Result = {
  date: '2026-11-23T00:00:00.000Z',
  machine: { processor: 'A processor', cores: 2, load: 0.5 },
  versions: { Chromium: '156' },
  rounds: 3,
  comparisons: [COMPARISON],
  stages: [
    {
      model: 'MTT_vgg',
      web: { convolutions: 9, dense: 0.5 },
      native: { convolutions: 8, dense: 0.25 },
      arithmetic: {
        full: { convolutions: 885e6, dense: 12800 },
        pruned: { convolutions: 361e6, dense: 12800 },
      },
    },
  ],
};

const words = (line: string | undefined) => line?.trim().split(/\s{2,}/);

describe('the table', () => {
  const lines = table(RESULT).split('\n');
  const lineOf = (start: string) => words(lines.find((line) => line.trim().startsWith(start)));

  test('tells medians, spread and ratios of each contender', () => {
    expect(lineOf('Taggram')).toEqual(['Taggram', '8.00', '7.95..8.10', '7.90']);
    expect(lineOf('onnxruntime-web, full')).toEqual([
      'onnxruntime-web, full graph',
      '120',
      '120..122',
      '119',
      '15.0 ×',
      '15.1 ×',
      '3e-5',
    ]);
  });

  test('adds up kinds of work', () => {
    expect(lineOf('all')).toEqual(['all', '9.50', '8.25', '885.0', '361.0']);
  });

  test('tells how smoothly a long song moves', () => {
    const moved = table({ ...RESULT, page: PAGE }).split('\n');
    expect(moved.find((line) => line.startsWith('72000 segments moved'))).toBeDefined();
    const frame = moved.find((line) => line.includes('1:00:00 in view'));
    expect(words(frame)).toEqual(['1:00:00 in view, 3840 pixels wide', '5.00', '4.50..5.50', '6.00', '17.0']);
  });

  test('tells what songs of hours take', () => {
    const most = { own: 150e6, proportional: 250e6, resident: 380e6 };
    const song = { kind: 'mp3', hours: 10, bytes: 577e6, milliseconds: 193_000, most };
    const told = table({ ...RESULT, memory: [song] }).split('\n');
    const songLine = told.find((line) => line.includes('10:00:00'));
    expect(words(songLine)).toEqual(['mp3 of 10:00:00, 577 MB', '150', '250', '380', '193']);
  });

  test('says what it was measured on', () => {
    expect(lines[0]).toBe('A processor, 2 cores, load 0.5 at the start; 3 rounds');
  });
});

test('figures have three digits; ratios near 1 are told more exactly', () => {
  expect([4.034, 17.26, 123.4].map(milliseconds)).toEqual(['4.03', '17.3', '123']);
  expect([0.957, 1.04, 15.04].map(times)).toEqual(['0.96 ×', '1.04 ×', '15.0 ×']);
});

describe('the chart', () => {
  const drawing = chart(RESULT)!;
  const bars = [...drawing.matchAll(/class="bar (\w+)" x="([\d.]+)" .*?width="([\d.]+)"/g)];
  const gridAt = (label: string) =>
    Number(new RegExp(`<text x="([\\d.]+)"[^>]*>${label}<`).exec(drawing)![1]);

  test('bars begin at zero and are as long as their figures', () => {
    expect(bars.map(([, kind]) => kind)).toEqual(['own', 'full', 'pruned']);
    const [own, full, pruned] = bars.map(([, , , width]) => Number(width));
    expect(full! / own!).toBeCloseTo(15, 1);
    expect(full! / pruned!).toBeCloseTo(3, 1);
    const zero = gridAt('0');
    expect(new Set(bars.map(([, , x]) => Number(x)))).toEqual(new Set([zero]));
    expect(full! / 120).toBeCloseTo((gridAt('100') - zero) / 100, 1);
  });

  test('has colours for light and for dark pages', () => {
    expect(drawing).toContain('@media (prefers-color-scheme: dark)');
  });

  test('nothing compared, nothing drawn', () => {
    expect(chart({ ...RESULT, comparisons: [] })).toBeUndefined();
  });

  test('ticks are round, from zero to beyond the longest bar', () => {
    expect(ticksUpTo(31.7)).toEqual([0, 5, 10, 15, 20, 25, 30, 35]);
    expect(ticksUpTo(204)).toEqual([0, 50, 100, 150, 200, 250]);
    expect(ticksUpTo(0.9)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  });
});
