/** A picture's legend stays within its width, and says everything. */
import { describe, expect, it } from 'vitest';
import { layOutLegend } from '../../../../web/page/export/legend.ts';

const LETTER = 6;
const measure = (text: string) => text.length * LETTER;
const SCORE = { name: 'score', from: '0', to: '1' };
const DIFFERENCE = {
  name: 'difference',
  from: '−0.50 or less, MSD_musicnn higher',
  to: '+0.50 or more, MTT_musicnn higher',
};
const ALL = { silent: true, padded: true, unheard: true };

describe.each([
  ['a score’s', SCORE, 400, 0],
  ['a difference’s', DIFFERENCE, 1200, 0],
  ['a narrow difference’s', DIFFERENCE, 582, 1],
] as const)('%s', (_, words, width, endsAt) => {
  const legend = layOutLegend(words, ALL, width, measure);
  const [name, from, to, ...grounds] = legend.words;
  const right = ({ text, x }: { text: string; x: number }) => x + measure(text);

  it('has its ends at the bar, in the same line or below it', () => {
    const { bar } = legend;
    expect([name!.text, from!.text, to!.text]).toEqual([words.name, words.from, words.to]);
    expect([name!.line, from!.line, to!.line]).toEqual([0, endsAt, endsAt]);
    if (endsAt === 0) {
      expect(right(from!)).toBeLessThan(bar.x);
      expect(to!.x).toBeGreaterThan(bar.x + bar.width);
    } else {
      expect(from!.x).toBe(bar.x);
      expect(right(to!)).toBe(bar.x + bar.width);
    }
  });

  it('keeps its words apart, in lines that are no longer than the picture is wide', () => {
    expect(grounds).toHaveLength(3);
    for (let line = 0; line < legend.lines; line++) {
      const along = legend.words.filter((each) => each.line === line).sort((a, b) => a.x - b.x);
      expect(along).not.toHaveLength(0);
      along.forEach((each, i) => expect(right(each)).toBeLessThanOrEqual(along[i + 1]?.x ?? width));
    }
  });
});

it('tells only of grounds that are seen', () => {
  const seen = { silent: true, padded: false, unheard: false };
  expect(layOutLegend(SCORE, seen, 600, measure).words.map(({ text }) => text)).toEqual([
    'score',
    '0',
    '1',
    'hatched: silent: no answer',
  ]);
});
