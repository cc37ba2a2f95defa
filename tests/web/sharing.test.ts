/** A song that several engines share has the answers that one engine gives. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { InlineBridge, type Bridge } from '../../web/bridge.ts';
import { BridgedTagger } from '../../web/tagger.ts';
import type { Pcm, Progress, TagOptions, TagResult } from '../../web/taggram.ts';
import type { ModelFacts, ReplyTo, Request } from '../../web/messages.ts';
import { compiledEngine, modelBytes } from './support/built.ts';
import { golden, largestDifference } from './support/npy.ts';
import { asFloat } from './support/signals.ts';

const MOST = 3;

let wasm: WebAssembly.Module;
let facts: ModelFacts;
let bridges: Bridge[];

beforeAll(async () => {
  wasm = await compiledEngine();
  bridges = Array.from({ length: MOST }, () => new InlineBridge());
  const load = { kind: 'load', wasm, model: modelBytes('MSD_musicnn') } as const;
  [facts] = (await Promise.all(bridges.map((bridge) => bridge.ask(load)))) as [ModelFacts];
});
afterAll(() => bridges.forEach((bridge) => bridge.dispose()));

const sharedBy = (count: number) => new BridgedTagger(facts, bridges.slice(0, count));

function example(): Pcm {
  const samples = asFloat(golden('example/pcm.npy').values as Int16Array);
  samples.fill(0, 16000 * 6, 16000 * 13); // silent segments are left out of the means
  samples.fill(NaN, 100, 103);
  return { sampleRate: 16000, planes: [samples] };
}

function cut(seconds: number): Pcm {
  return { sampleRate: 16000, planes: [example().planes[0]!.subarray(0, 16000 * seconds)] };
}

async function told(count: number, pcm: Pcm, options: TagOptions): Promise<[TagResult, Progress[]]> {
  const progress: Progress[] = [];
  const tagger = sharedBy(count);
  const result = await tagger.tag(pcm, { ...options, onProgress: (latest) => progress.push(latest) });
  return [result, progress];
}

it.each<[string, Pcm, TagOptions]>([
  ['side by side', example(), { top: 50 }],
  ['side by side, with the tail', example(), { keepTail: true, features: ['penultimate', 'logits'] }],
  ['half a segment apart', example(), { hop: 1.472, keepTail: true, features: ['mean_pool'] }],
  ['a tenth of a second apart', cut(14), { hop: 0.096, keepTail: true }],
  ['a frame apart', cut(5), { hop: 0.016 }],
  ['of another length', cut(14), { length: 1, hop: 0.5 }],
  ['ending where a range ends', cut(17.968), { keepTail: true }], // 6 * 187 frames
  ['of audio that fills a segment', cut(2.992), {}],
  ['of audio that is repeated', cut(1.5), { hop: 0.096, keepTail: true }],
])('segments %s', async (_, pcm, options) => {
  const [alone, steps] = await told(1, pcm, options);
  for (let count = 2; count <= MOST; count++) {
    const [shared, progress] = await told(count, pcm, options);
    const { taggram, top, features = {} } = shared;
    expect({ ...shared, taggram: [], top: [], features }).toEqual({
      ...alone,
      taggram: [],
      top: [],
      features,
    });
    expect(largestDifference(taggram.flat(), alone.taggram.flat())).toBeLessThan(1e-5);
    expect(top.map(({ tag }) => tag)).toEqual(alone.top.map(({ tag }) => tag));
    expect(largestDifference(scoresOf(top), scoresOf(alone.top))).toBeLessThan(1e-5);
    expect(Object.keys(features)).toEqual(Object.keys(alone.features ?? {}));
    for (const [name, { shape, data }] of Object.entries(features)) {
      expect(shape).toEqual(alone.features![name]!.shape);
      expect(largestDifference(data, alone.features![name]!.data)).toBeLessThan(1e-4);
    }
    expect(courseOf(progress)).toEqual(courseOf(steps));
  }
});

const scoresOf = (top: TagResult['top']) => top.map(({ score }) => score);

/** Starts of segments in the order in which they were reported, and what the last report stands at. */
function courseOf(progress: Progress[]) {
  const reports = progress.flatMap((report) => (report.stage === 'tagging' ? [report] : []));
  const { done, total, duration, hop, latest } = reports[reports.length - 1]!;
  const starts = reports.flatMap((report) => report.latest.segments.map(({ start }) => start));
  return { starts, done, total, duration, hop, counted: latest.counted, heard: latest.heard };
}

it('audio that is too short is refused as by one engine', async () => {
  const click = { sampleRate: 16000, planes: [new Float32Array(100)], name: 'click.wav' };
  const alone = await sharedBy(1)
    .tag(click)
    .catch((error: unknown) => error);
  await expect(sharedBy(MOST).tag(click)).rejects.toEqual(alone);
  expect(alone).toMatchObject({ code: 'too-short', message: expect.stringContaining('click.wav') });
});

it('two songs at once do not disturb each other', async () => {
  const tagger = sharedBy(MOST);
  const song = cut(14);
  const [first, second] = await Promise.all([tagger.tag(song), tagger.tag(song)]);
  expect(second).toEqual(first);
});

/** An engine that holds its answers to requests of this kind back until it is let go. */
class HeldBridge implements Bridge {
  readonly isAsked: Promise<void>;
  private asked!: () => void;
  go!: () => void;
  private readonly going: Promise<void>;

  constructor(
    private readonly bridge: Bridge,
    private readonly kind: Request['kind'],
  ) {
    this.isAsked = new Promise((resolve) => (this.asked = resolve));
    this.going = new Promise((resolve) => (this.go = resolve));
  }

  async ask<R extends Request>(request: R): Promise<ReplyTo<R>> {
    const reply = this.bridge.ask(request);
    if (request.kind === this.kind) {
      this.asked();
      await this.going;
    }
    return reply;
  }

  dispose(): void {}
}

it('answers are told in order of time, whoever is first', async () => {
  const [maker, second, third] = bridges as [Bridge, Bridge, Bridge];
  const slow = new HeldBridge(second, 'tagRange'); // it takes the first range
  let finished = 0;
  const fast = (bridge: Bridge): Bridge => ({
    dispose: () => {},
    ask: async (request) => {
      const reply = await bridge.ask(request);
      if (request.kind === 'tagRange' && ++finished === 2) slow.go();
      return reply;
    },
  });
  const starts: number[] = [];
  const { segments } = await new BridgedTagger(facts, [fast(maker), slow, fast(third)]).tag(example(), {
    onProgress: (step) =>
      step.stage === 'tagging' && starts.push(...step.latest.segments.map(({ start }) => start)),
  });
  expect(starts).toEqual(segments.map(({ start }) => start));
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
});

it.each([
  ['make', 0, {}],
  ['tagRange', 1, {}], // the first engine begins with it later, if at all
  ['pushFrames', 1, { hop: 0.5 }],
] as const)('is cancelled while an engine is busy with %s', async (kind, index, options) => {
  const held = new HeldBridge(bridges[index]!, kind);
  const abort = new AbortController();
  let reports = 0;
  const run = new BridgedTagger(facts, bridges.with(index, held)).tag(example(), {
    ...options,
    signal: abort.signal,
    onProgress: () => reports++,
  });
  await held.isAsked;
  abort.abort();
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  const before = reports;
  held.go();
  await Promise.all(bridges.map((bridge) => bridge.ask({ kind: 'close', stream: -1 }).catch(() => {})));
  expect(reports).toBe(before);
});
