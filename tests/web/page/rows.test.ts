import { describe, expect, it } from 'vitest';
import { HEADING_HEIGHT, layOut, matches, ROW_HEIGHT } from '../../../web/page/rows.ts';

const NAMES = ['rock', 'violin', 'Hip-Hop', 'sad', 'cello'];
const MEANS = [0.2, 0.4, 0.1, 0.3, 0.5];
const named = (order: readonly number[]) => order.map((tag) => NAMES[tag]);

describe('layOut', () => {
  it('sorts by score, strongest first', () => {
    const rows = layOut(NAMES, MEANS, { sort: 'score', filter: '' });
    expect(named(rows.order)).toEqual(['cello', 'violin', 'sad', 'rock', 'Hip-Hop']);
    expect(rows.tops).toEqual([3, 1, 4, 2, 0].map((row) => row * ROW_HEIGHT));
    expect(rows.height).toBe(5 * ROW_HEIGHT);
  });

  it('keeps the order of the model while nothing is known', () => {
    expect(named(layOut(NAMES, null, { sort: 'score', filter: '' }).order)).toEqual(NAMES);
  });

  it('sorts by name, whatever its case', () => {
    const { order } = layOut(NAMES, MEANS, { sort: 'name', filter: '' });
    expect(named(order)).toEqual(['cello', 'Hip-Hop', 'rock', 'sad', 'violin']);
  });

  it('gathers groups under headings, strongest first within each', () => {
    const rows = layOut(NAMES, MEANS, { sort: 'group', filter: '' });
    expect(named(rows.order)).toEqual(['rock', 'Hip-Hop', 'cello', 'violin', 'sad']);
    expect(rows.headings).toEqual([
      { text: 'genre', top: 0 },
      { text: 'instrument', top: HEADING_HEIGHT + 2 * ROW_HEIGHT },
      { text: 'mood', top: 2 * HEADING_HEIGHT + 4 * ROW_HEIGHT },
    ]);
    expect(rows.tops[NAMES.indexOf('sad')]).toBe(3 * HEADING_HEIGHT + 4 * ROW_HEIGHT);
    expect(rows.height).toBe(3 * HEADING_HEIGHT + 5 * ROW_HEIGHT);
  });

  it('puts each of several lists under its heading, unless rows are grouped otherwise', () => {
    const names = ['rock (A)', 'sad', 'rock (B)', 'cello'];
    const means = [0.1, 0.2, 0.3, 0.4];
    const rows = layOut(names, means, { sort: 'score', filter: '' }, ['A', 'B']);
    expect(rows.order).toEqual([1, 0, 3, 2]);
    expect(rows.headings).toEqual([
      { text: 'A', top: 0 },
      { text: 'B', top: HEADING_HEIGHT + 2 * ROW_HEIGHT },
    ]);
    expect(layOut(names, means, { sort: 'name', filter: '' }, ['A', 'B']).order).toEqual([0, 1, 3, 2]);
    const groups = layOut(names, means, { sort: 'group', filter: '' }, ['A', 'B']);
    expect(groups.headings.map(({ text }) => text)).toEqual(['genre', 'instrument', 'mood']);
  });

  it('leaves out what the filter does, and closes the gaps', () => {
    const rows = layOut(NAMES, MEANS, { sort: 'score', filter: 'o' });
    expect(named(rows.order)).toEqual(['cello', 'violin', 'rock', 'Hip-Hop']);
    expect(rows.tops[NAMES.indexOf('sad')]).toBeUndefined();
    expect(rows.height).toBe(4 * ROW_HEIGHT);
    expect(layOut(NAMES, MEANS, { sort: 'group', filter: 'xyz' })).toMatchObject({
      order: [],
      headings: [],
      height: 0,
    });
  });
});

it('matches parts of names and beginnings of groups, whatever their case', () => {
  expect(['hip', 'HOP', ' hop ', 'genre', 'gen', ''].every((filter) => matches('Hip-Hop', filter))).toBe(
    true,
  );
  expect(['hop hop', 'ge', 'mood'].some((filter) => matches('Hip-Hop', filter))).toBe(false);
});
