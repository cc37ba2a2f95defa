import { expect, it } from 'vitest';
import { Tape } from '../../../web/live/tape.ts';

const RATE = 1000;
const HEAD = 44;

/** A block of 0.1 s, all of one value. */
const block = (value: number) => [new Float32Array(RATE / 10).fill(value / 2 ** 15)];

async function samplesOf(file: File): Promise<number[]> {
  return [...new Int16Array((await file.arrayBuffer()).slice(HEAD))];
}

const repeated = (...values: number[]) => values.flatMap((value) => Array<number>(RATE / 10).fill(value));

it('gives what was heard so far, as often as it is asked, and goes on', async () => {
  const tape = new Tape(RATE, 1);
  tape.add(block(1));
  tape.add(block(2));
  const before = tape.file('before');
  expect(await samplesOf(tape.file('again'))).toEqual(repeated(1, 2));
  tape.add(block(3));
  expect(await samplesOf(before)).toEqual(repeated(1, 2));
  expect(tape.isOver).toBe(false);
  tape.end();
  expect(await samplesOf(tape.file('all'))).toEqual(repeated(1, 2, 3));
  expect(tape.isOver).toBe(true);
});
