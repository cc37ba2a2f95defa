import { expect, it } from 'vitest';
import { MOST_LINES, Selection } from '../../../web/page/selection.ts';

it('gives each its colour and keeps it when others go', () => {
  const selection = new Selection();
  for (const name of ['a', 'b', 'c']) selection.toggle(name);
  selection.toggle('b');
  expect([selection.slot('a'), selection.slot('b'), selection.slot('c')]).toEqual([0, undefined, 2]);
  selection.toggle('d');
  expect(selection.slot('d'), 'the free colour').toBe(1);
  expect(selection.names).toEqual(['a', 'c', 'd']);
});

it('refuses more than can be told apart', () => {
  const selection = new Selection();
  const names = Array.from({ length: MOST_LINES }, (_, i) => `tag ${i}`);
  expect(names.every((name) => selection.toggle(name))).toBe(true);
  expect(selection.toggle('one more')).toBe(false);
  expect(selection.names).toEqual(names);
});
