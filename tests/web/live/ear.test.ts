/** An ear with an engine that is as slow as a test wants. */
import { expect, it } from 'vitest';
import { Ear } from '../../../web/live/ear.ts';
import { Tape } from '../../../web/live/tape.ts';
import {
  createTagger,
  type Scored,
  type Segment,
  type Tagger,
  type TagStream,
} from '../../../web/taggram.ts';
import { largestDifference } from '../support/npy.ts';
import { asFloat, SIGNALS } from '../support/signals.ts';

const RATE = 16000;
const SETTINGS = { segmentFrames: 187, hopFrames: 31 };
const HOP = 0.496;
const LENGTH = 2.992;

/** A tape with a length of noise, added in blocks of 0.1 s. */
function record(tape: Tape, seconds: number): void {
  const noise = asFloat(SIGNALS['noise']!());
  for (let block = 0; block < seconds * 10; block++) {
    const from = (tape.length + block * 7) % (noise.length - 1600);
    tape.add([noise.slice(from, from + 1600)]);
  }
}

/** What an ear tells. */
class Notes {
  readonly segments: Segment[] = [];
  readonly scores: number[] = [];
  readonly leftOut: [number, boolean][] = [];
  last: Scored | undefined;

  onAnswers = (latest: Scored) => {
    this.segments.push(...latest.segments);
    this.scores.push(...latest.scores);
    this.last = latest;
  };
  onLeftOut = (seconds: number, isLate: boolean) => this.leftOut.push([seconds, isLate]);
}

/** The tagger, of which each answer to audio waits for a turn. */
function slow(tagger: Tagger, turn: () => Promise<void>): Tagger {
  const stream = async (...given: Parameters<Tagger['stream']>): Promise<TagStream> => {
    const real = await tagger.stream(...given);
    return {
      push: async (planes) => {
        await turn();
        return real.push(planes);
      },
      finish: () => real.finish(),
      close: () => real.close(),
    };
  };
  return { ...tagger, tags: tagger.tags, model: tagger.model, stream } as Tagger;
}

async function wholeOf(tagger: Tagger, tape: Tape) {
  tape.end();
  const bytes = new Int16Array((await tape.file('whole').arrayBuffer()).slice(44));
  return tagger.tag({ sampleRate: RATE, planes: [asFloat(bytes)] }, { hop: HOP });
}

const tagging = createTagger({ workers: 0 });

it('hears what the file holds', async () => {
  const tagger = await tagging;
  const [tape, notes] = [new Tape(RATE, 1), new Notes()];
  const ear = new Ear(tape, tagger, { ...SETTINGS, signal: new AbortController().signal }, notes);
  const hearing = ear.hear();
  for (let i = 0; i < 5; i++) {
    record(tape, 1);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const whole = await wholeOf(tagger, tape);
  expect((await hearing)!.flatMap(({ segments }) => segments)).toEqual(whole.segments);
  expect(notes.segments).toEqual(whole.segments);
  expect(largestDifference(notes.scores, whole.taggram.flat())).toBeLessThan(1e-4);
  expect(notes.leftOut).toEqual([]);
});

it('behind by more than it may be, it leaves segments out and goes on from now, in step with the others', async () => {
  const tagger = await tagging;
  const [tape, notes] = [new Tape(RATE, 1), new Notes()];
  let turns = 0;
  const turn = async () => {
    if (++turns === 5) record(tape, 20); // while one second is heard, twenty come
  };
  const ear = new Ear(tape, slow(tagger, turn), { ...SETTINGS, signal: new AbortController().signal }, notes);
  record(tape, 5);
  const hearing = ear.hear();
  while (notes.leftOut.length === 0) await new Promise((resolve) => setImmediate(resolve));
  record(tape, 2);
  const whole = await wholeOf(tagger, tape);
  expect(await hearing).toBeUndefined();
  expect(notes.segments.map(({ start, end }) => [start, end])).toEqual(
    whole.segments.map(({ start, end }) => [start, end]),
  );
  const missing = notes.segments.filter(({ silent }) => silent).length;
  expect(notes.leftOut).toEqual([[Math.round(missing * HOP), false]]);
  const tags = tagger.tags.length;
  notes.segments.forEach(({ silent }, row) => {
    if (silent) return;
    const heard = notes.scores.slice(row * tags, (row + 1) * tags);
    // A stream that begins later resamples from another sample on.
    expect(largestDifference(heard, whole.taggram[row]!)).toBeLessThan(1e-2);
  });
  const rows = whole.taggram.filter((_, row) => !notes.segments[row]!.silent);
  const means = tagger.tags.map((_, tag) => rows.reduce((sum, row) => sum + row[tag]!, 0) / rows.length);
  expect(notes.last!.counted).toBe(rows.length);
  expect(largestDifference([...notes.last!.means], means)).toBeLessThan(1e-2);
});

it('that comes late says so, and has room for a segment at once', async () => {
  const tagger = await tagging;
  const [tape, notes] = [new Tape(RATE, 1), new Notes()];
  record(tape, 60);
  const abort = new AbortController();
  const hearing = new Ear(tape, tagger, { ...SETTINGS, signal: abort.signal }, notes).hear();
  while (notes.leftOut.length === 0) await new Promise((resolve) => setImmediate(resolve));
  record(tape, HOP + 0.1);
  while (!notes.segments.some(({ silent }) => !silent)) await new Promise((resolve) => setImmediate(resolve));
  expect(notes.leftOut).toEqual([[57, true]]);
  expect(notes.segments.at(-1)!.end).toBeGreaterThan(60 - HOP);
  expect(notes.segments.at(-1)!.end - notes.segments.at(-1)!.start).toBeCloseTo(LENGTH);
  abort.abort(new Error('enough'));
  tape.end();
  await expect(hearing).rejects.toThrow('enough');
});

it('that is told to stop while it leaves segments out passes none of them on', async () => {
  const tagger = await tagging;
  const [tape, notes] = [new Tape(RATE, 1), new Notes()];
  const abort = new AbortController();
  const stream: Tagger['stream'] = async (...given) => {
    const real = await tagger.stream(...given);
    return {
      push: (planes) => real.push(planes),
      finish: () => real.finish(),
      close: async () => {
        await real.close();
        abort.abort(new Error('enough'));
      },
    };
  };
  record(tape, 60); // it comes late, and closes the stream that it began with
  const closing = { tags: tagger.tags, model: tagger.model, stream } as Tagger;
  const ear = new Ear(tape, closing, { ...SETTINGS, signal: abort.signal }, notes);
  await expect(ear.hear()).rejects.toThrow('enough');
  expect(notes.segments).toEqual([]);
  expect(notes.leftOut).toEqual([]);
});
