/** Long songs are written with turns for the page between the pieces. */
import { afterEach, expect, it, vi } from 'vitest';
import { toCsv } from '../../../../web/page/export/csv.ts';
import { toJams } from '../../../../web/page/export/jams.ts';
import { toJson } from '../../../../web/page/export/json.ts';
import { toLabels } from '../../../../web/page/export/labels.ts';
import { collected, separated } from '../../../../web/page/export/pieces.ts';
import type { TaggedFile } from '../../../../web/taggram.ts';

afterEach(() => vi.restoreAllMocks());

const SONG: TaggedFile = {
  file: 'song.flac',
  model: 'MTT_vgg',
  version: '1.2.3',
  duration: 300,
  sample_rate: 44100,
  hop: 1,
  length: 3,
  tags: ['guitar', 'piano', 'slow'],
  segments: Array.from({ length: 100 }, (_, i) => ({
    start: i,
    end: i + 3,
    silent: false,
    padded: false,
  })),
  taggram: Array.from({ length: 100 }, () => [0.5, 0.25, 0.125]),
  top: [{ tag: 'guitar', score: 0.5 }],
  warnings: [],
};

it.each([
  ['JSON', () => toJson(SONG)],
  ['CSV', () => toCsv(SONG)],
  ['JAMS', () => toJams(SONG, [0.5, 0.25, 0.125])],
  ['Audacity labels', () => toLabels(SONG)],
])('%s comes in pieces of a segment at most', (_, write) => {
  const pieces = [...write()];
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  expect(pieces.length).toBeGreaterThan(SONG.segments.length);
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(size / 10);
});

it('collects pieces in their order, with turns for others', async () => {
  const PIECES = 10;
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 15)); // so many milliseconds a piece
  let turns = 0;
  let others = setImmediate(function tick() {
    turns++;
    others = setImmediate(tick);
  });
  const turnsAt: number[] = [];
  function* pieces(): Generator<string> {
    for (let i = 0; i < PIECES; i++) {
      turnsAt.push(turns);
      yield `${i},`;
    }
  }
  const file = await collected(pieces(), 'text/csv');
  clearImmediate(others);
  expect(await file.text()).toBe('0,1,2,3,4,5,6,7,8,9,');
  expect(file.type).toBe('text/csv');
  expect(turnsAt[PIECES - 1], 'others had turns in between').toBeGreaterThan(0);
});

it('separates items', () => {
  expect([...separated(['a', 'b', 'c'], ', ')]).toEqual(['a', ', b', ', c']);
  expect([...separated([], ', ')]).toEqual([]);
});
