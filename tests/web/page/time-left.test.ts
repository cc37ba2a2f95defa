/** How long a song still takes, by a made-up clock. */
import { describe, expect, it } from 'vitest';
import { TimeLeft } from '../../../web/page/time-left.ts';

/** What is told from moment to moment, in seconds, of a song that gets on as `done` says. */
function told(seconds: number, total: number, done: (second: number) => number, step = 0.1): string[] {
  const timeLeft = new TimeLeft();
  const words = [];
  for (let at = 0; at <= seconds; at += step)
    words.push(timeLeft.note(Math.floor(done(at)), total, 1000 * at));
  return words;
}

const changes = (words: readonly string[]) => words.filter((word, i) => word !== words[i - 1]);

/** Unlike Math.random always the same; from 0 to 1. */
function noise(): () => number {
  let state = 1;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

describe('the time left', () => {
  it('is told after three seconds of work', () => {
    const words = told(4, 1000, (second) => 10 * second);
    expect(words.findIndex(Boolean)).toBe(30);
    expect(words.at(-1)).toBe('2 min left');
  });

  it('counts down to the end', () => {
    expect(changes(told(100, 1000, (second) => 10 * second)).slice(1)).toEqual([
      '2 min left',
      '1 min left',
      '50 s left',
      '40 s left',
      '30 s left',
      '20 s left',
      '15 s left',
      '10 s left',
      '5 s left',
    ]);
  });

  it('is not told of songs that are done in a few seconds', () => {
    expect(told(2.9, 29, (second) => 10 * second).every((word) => word === '')).toBe(true);
    expect(told(7, 70, (second) => 10 * second).every((word) => word === '')).toBe(true);
  });

  it('is told in hours where there are some', () => {
    expect(told(4, 40 * 3600, (second) => 10 * second).at(-1)).toBe('4 h left');
    expect(told(4, 50_000, (second) => 10 * second).at(-1)).toBe('1 h 25 min left');
  });

  it('does not jump when segments come by fits and starts', () => {
    const random = noise();
    let done = 0;
    const words = changes(told(190, 2000, () => (done += random() < 0.2 ? 10 * random() : 0)));
    const numbers = words.slice(1).map((word) => parseInt(word) * (word.includes('min') ? 60 : 1));
    expect(numbers[0]).toBeGreaterThan(120);
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
  });

  it('follows a pace that changes for good', () => {
    const slower = (second: number) => (second < 20 ? 10 * second : 200 + (second - 20));
    const words = told(60, 1000, slower);
    expect(words[199]).toBe('2 min left');
    expect(words.at(-1)).toMatch(/^1[234] min left$/); // of 760 s
  });
});
