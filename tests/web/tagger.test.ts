/** How recordings are spread over engines, and that each is brought to its end there. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { Bridge } from '../../web/bridge.ts';
import { TaggramError } from '../../web/errors.ts';
import type { Made, ReplyTo, Request, Scored, Segment } from '../../web/messages.ts';
import { BridgedTagger } from '../../web/tagger.ts';
import { FAKE_MODEL } from './support/fake-model.ts';

const FORMAT = { sampleRate: 16000, channels: 1 };
const SONG = { sampleRate: 16000, planes: [new Float32Array(16000 * 9)] };
const LONG_SONG = { sampleRate: 16000, planes: [new Float32Array(16000 * 60)] };
const SEGMENT: Segment = { start: 0, end: 3, silent: false, padded: false };
const NOTHING: Scored = {
  segments: [],
  scores: new Float32Array(),
  means: new Float32Array(),
  counted: 0,
  heard: { seconds: 9, nonFinite: 0 },
};

/** Frames of the whole song. */
const MADE: Made = {
  frames: { rows: new Float32Array(563 * 96), loudness: new Float64Array(563 * 2) },
  heard: { seconds: 9, nonFinite: 0 },
  repeated: false,
};

class FakeBridge implements Bridge {
  readonly asked: Request[] = [];
  /** Requests of this kind fail. */
  refuses: Request['kind'] | undefined;

  async ask<R extends Request>(request: R): Promise<ReplyTo<R>> {
    this.asked.push(request);
    if (request.kind === this.refuses) throw new TaggramError('engine', 'It does not work.');
    return (request.kind === 'make' || request.kind === 'makeLast' ? MADE : NOTHING) as ReplyTo<R>;
  }

  /** Numbers of the streams that this was asked of. */
  streams(...kinds: ('open' | 'openMaker' | 'openRange' | 'close')[]): number[] {
    return this.asked.flatMap((request) =>
      'stream' in request && kinds.some((kind) => kind === request.kind) ? [request.stream] : [],
    );
  }

  dispose(): void {}
}

let bridges: [FakeBridge, FakeBridge];
let tagger: BridgedTagger;
beforeEach(() => {
  bridges = [new FakeBridge(), new FakeBridge()];
  tagger = new BridgedTagger(FAKE_MODEL, bridges);
});

const opened = () => bridges.map((bridge) => bridge.streams('open'));

it('two recordings at once are begun by two engines, and tagged by both', async () => {
  await Promise.all([tagger.tag(SONG), tagger.tag(SONG)]);
  expect(bridges.map((bridge) => bridge.streams('openMaker'))).toEqual([[0], [1]]);
  for (const { asked } of bridges) expect(asked.some(({ kind }) => kind === 'tagRange')).toBe(true);
});

it('an engine that has finished takes the next recording', async () => {
  await tagger.stream(FORMAT);
  const second = await tagger.stream(FORMAT);
  await second.close();
  await second.close(); // counts once
  await tagger.stream(FORMAT);
  await tagger.stream(FORMAT);
  expect(opened()).toEqual([
    [0, 3],
    [1, 2],
  ]);
});

it('an engine that could not begin is not taken for busy', async () => {
  bridges[0].refuses = 'open';
  await expect(tagger.stream(FORMAT)).rejects.toThrowError('It does not work.');
  bridges[0].refuses = undefined;
  await tagger.stream(FORMAT);
  expect(opened()).toEqual([[0, 1], []]);
});

/** So small a hop that ranges are given to engines piece by piece. */
const PIECEWISE = { hop: 0.5 };

it.each([
  ['done', async () => tagger.tag(SONG, PIECEWISE)],
  [
    'cancelled',
    async () => {
      const abort = new AbortController();
      const run = tagger.tag(SONG, { ...PIECEWISE, signal: abort.signal, onProgress: () => abort.abort() });
      await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    },
  ],
  [
    'given up',
    async () => {
      bridges[1].refuses = 'pushFrames';
      await expect(tagger.tag(SONG, { ...PIECEWISE, name: 'song.wav' })).rejects.toThrowError(
        'song.wav: It does not work.',
      );
    },
  ],
])('a recording that is %s is closed', async (_, run) => {
  await run();
  await new Promise((resolve) => setTimeout(resolve)); // it needs not be waited for
  for (const bridge of bridges)
    expect(bridge.streams('close').toSorted()).toEqual(bridge.streams('openMaker', 'openRange').toSorted());
});

it('what engines answer after a recording was cancelled is not told', async () => {
  const abort = new AbortController();
  let letGo!: () => void;
  const going = new Promise<void>((resolve) => (letGo = resolve));
  const late: Promise<unknown>[] = [];
  /** The first piece of each engine is answered at once, what comes after it when it is let go. */
  class LateBridge extends FakeBridge {
    private pieces = 0;

    override async ask<R extends Request>(request: R): Promise<ReplyTo<R>> {
      const reply = await super.ask(request);
      if (request.kind !== 'tagRange') return reply;
      if (this.pieces++ > 0) late.push(going);
      if (this.pieces > 1) await going;
      return {
        ...NOTHING,
        segments: [SEGMENT],
        scores: new Float32Array(FAKE_MODEL.tags.length),
      } as ReplyTo<R>;
    }
  }
  const told: number[] = [];
  const both = [new LateBridge(), new LateBridge()];
  const run = new BridgedTagger(FAKE_MODEL, both).tag(LONG_SONG, {
    signal: abort.signal,
    onProgress: (progress) => progress.stage === 'tagging' && told.push(progress.done),
  });
  run.catch(() => {});
  await vi.waitFor(() => expect([told.length > 0, late.length >= 2]).toEqual([true, true]));
  abort.abort();
  const before = told.length;
  letGo();
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  await new Promise((resolve) => setTimeout(resolve)); // all that was answered has been seen by then
  expect(told).toHaveLength(before);
});
