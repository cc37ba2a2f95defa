import { expect, it } from 'vitest';
import { MOST_LINES, Selection } from '../../../web/page/selection.ts';

const SHOWN = new Set(['a', 'b', 'c', 'd']);

it('gives each its colour and keeps it when others go', () => {
  const selection = new Selection();
  for (const name of ['a', 'b', 'c']) selection.toggle(name, SHOWN);
  selection.toggle('b', SHOWN);
  expect([selection.slot('a'), selection.slot('b'), selection.slot('c')]).toEqual([0, undefined, 2]);
  selection.toggle('d', SHOWN);
  expect(selection.slot('d'), 'the free colour').toBe(1);
  expect(selection.names).toEqual(['a', 'c', 'd']);
});

it('refuses more than can be told apart, but lets go of what no taggram shows', () => {
  const selection = new Selection();
  const names = Array.from({ length: MOST_LINES }, (_, i) => `tag ${i}`);
  const shown = new Set([...names, 'one more']);
  expect(names.every((name) => selection.toggle(name, shown))).toBe(true);
  expect(selection.toggle('one more', shown)).toBe(false);
  expect(selection.names).toEqual(names);
  shown.delete(names[2]!);
  expect(selection.toggle('one more', shown)).toBe(true);
  expect(selection.names).toEqual([...names.filter((name) => name !== names[2]), 'one more']);
});
