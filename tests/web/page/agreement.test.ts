import { expect, it } from 'vitest';
import { Agreement } from '../../../web/page/agreement.ts';
import { Scores } from '../../../web/page/raster.ts';

const TAGS = 8;
const FALLING = [0.9, 0.8, 0.7, 0.6, 0.5, 0.3, 0.2, 0.1];
const RISING = FALLING.toReversed();

function answers(...rows: (readonly number[] | null)[]): Scores {
  const scores = new Scores(TAGS, 1);
  rows.forEach((row, i) =>
    scores.add({ start: i, end: i + 1, silent: row === null, padded: false }, row ?? FALLING),
  );
  return scores;
}

function agreementOf(first: Scores, second: Scores): Agreement {
  const agreement = new Agreement(
    () => first,
    () => second,
  );
  agreement.update();
  return agreement;
}

it('is whole with itself', () => {
  const agreement = agreementOf(answers(FALLING, RISING), answers(FALLING, RISING));
  expect(agreement.common).toBe(5);
  expect(agreement.correlation).toBeCloseTo(1, 12);
});

it('counts the five strongest that are the same, and tells where scores are furthest apart', () => {
  const agreement = agreementOf(answers(FALLING, FALLING, FALLING), answers(FALLING, RISING, FALLING));
  expect(agreement.common, '5, 2 and 5').toBe(4);
  expect(agreement.furthest).toMatchObject({ start: 1 });
  expect(agreement.correlation).toBeLessThan(0.5);
  expect(agreementOf(answers(FALLING), answers(RISING)).correlation).toBeCloseTo(-1, 1);
});

it('leaves out what either calls silent, and grows with the two', () => {
  const [first, second] = [answers(FALLING, null), answers(null, FALLING)];
  const agreement = agreementOf(first, second);
  expect(agreement.counted).toBe(0);
  const segment = { start: 2, end: 3, silent: false, padded: false };
  first.add(segment, FALLING);
  agreement.update();
  expect(agreement.counted, 'the other is not so far').toBe(0);
  second.add(segment, FALLING);
  agreement.update();
  expect([agreement.counted, agreement.common]).toEqual([1, 5]);
});

it('has no correlation where nothing changes', () => {
  const flat = new Array<number>(TAGS).fill(0.5);
  expect(agreementOf(answers(flat), answers(FALLING)).correlation).toBeNaN();
});
