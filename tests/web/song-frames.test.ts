/** A song's frames are made once, for all who listen to it, where it is not too long. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { InlineBridge, type Bridge } from '../../web/bridge.ts';
import type { ReplyTo, Request } from '../../web/messages.ts';
import type { PcmSource } from '../../web/pcm.ts';
import { framesOf, type Maker } from '../../web/song-frames.ts';
import { BridgedTagger } from '../../web/tagger.ts';
import { compiledEngine, modelBytes } from './support/built.ts';
import { golden } from './support/npy.ts';
import { asFloat } from './support/signals.ts';

const RATE = 16000;

/** The example, three seconds at a time; `asked` counts how often it is begun, `given` its pieces. */
class Example implements PcmSource {
  readonly sampleRate = RATE;
  readonly channels = 1;
  asked = 0;
  given = 0;
  /** It breaks off before this piece. */
  breaksAt = Infinity;
  onPiece = () => {};
  private readonly samples = asFloat(golden('example/pcm.npy').values as Int16Array);

  constructor(readonly duration = 30) {}

  async *pieces() {
    this.asked++;
    for (let piece = 0; piece < 10; piece++) {
      if (piece === this.breaksAt) throw new Error('It breaks off.');
      this.given++;
      this.onPiece();
      yield [this.samples.slice(piece * 3 * RATE, (piece + 1) * 3 * RATE)];
    }
  }
}

let song: Example;
let musicnn: Bridge[];
let vgg: Bridge[];
let taggers: Record<'musicnn' | 'vgg' | 'alone', BridgedTagger>;

async function bridgesOf(model: string, count: number): Promise<[Bridge[], BridgedTagger]> {
  const wasm = await compiledEngine();
  const bridges = Array.from({ length: count }, () => new InlineBridge());
  const load = { kind: 'load', wasm, model: modelBytes(model) } as const;
  const [facts] = await Promise.all(bridges.map((bridge) => bridge.ask(load)));
  return [bridges, new BridgedTagger(facts!, bridges)];
}

beforeAll(async () => {
  const [[all, two], [others, second]] = await Promise.all([
    bridgesOf('MSD_musicnn', 2),
    bridgesOf('MSD_vgg', 2),
  ]);
  [musicnn, vgg] = [all!, others!];
  taggers = { musicnn: two!, vgg: second!, alone: new BridgedTagger(two!.model, all!.slice(0, 1)) };
});
afterAll(() => [...musicnn, ...vgg].forEach((bridge) => bridge.dispose()));
beforeEach(() => {
  song = new Example();
});

const again = () => taggers.musicnn.tag(new Example());

it.each(['musicnn', 'alone'] as const)('another hop does not hear it again (%s)', async (which) => {
  const tagger = taggers[which];
  await tagger.tag(song, { hop: 1 });
  expect(await tagger.tag(song)).toEqual(await again());
  expect(song.asked).toBe(1);
});

it('another model does not hear it again', async () => {
  const [, other] = [await taggers.musicnn.tag(song), await taggers.vgg.tag(song)];
  expect(other).toEqual(await taggers.vgg.tag(new Example()));
  expect(song.asked).toBe(1);
});

it('two who listen at once hear it once', async () => {
  const [one, other] = await Promise.all([taggers.musicnn.tag(song), taggers.vgg.tag(song)]);
  expect(song.asked).toBe(1);
  expect(song.given).toBe(10);
  expect(one).toEqual(await again());
  expect(other).toEqual(await taggers.vgg.tag(new Example()));
});

it('a segment of another length wants frames of its own, for the sake of what is shorter', async () => {
  await taggers.musicnn.tag(song);
  await taggers.musicnn.tag(song, { length: 1 });
  expect(song.asked).toBe(2);
});

it('it is heard again where it is long', async () => {
  const long = new Example(2 * 3600);
  await taggers.musicnn.tag(long);
  await taggers.musicnn.tag(long);
  expect(long.asked).toBe(2);
});

it('when the first gives up, the second has all of it', async () => {
  const abort = new AbortController();
  const first = taggers.musicnn.tag(song, { signal: abort.signal, onProgress: () => abort.abort() });
  const second = taggers.vgg.tag(song);
  await expect(first).rejects.toMatchObject({ name: 'AbortError' });
  expect(await second).toEqual(await taggers.vgg.tag(new Example()));
  expect(song.asked).toBe(1);
});

it('what nobody waits for is given up, and begun anew', async () => {
  const abort = new AbortController();
  song.onPiece = () => abort.abort();
  const run = taggers.musicnn.tag(song, { signal: abort.signal });
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  expect(await taggers.musicnn.tag(song)).toEqual(await again());
  expect(song.asked).toBe(2);
});

it('what breaks off fails all who listen, and is begun anew', async () => {
  song.breaksAt = 5;
  const both = [taggers.musicnn.tag(song), taggers.vgg.tag(song)];
  for (const run of both) await expect(run).rejects.toThrow('It breaks off.');
  song.breaksAt = Infinity;
  expect(await taggers.musicnn.tag(song)).toEqual(await again());
});

it('an engine that can’t begin is not waited for again', async () => {
  const refusing: Bridge = {
    ask: async <R extends Request>(request: R): Promise<ReplyTo<R>> => {
      if (request.kind === 'openMaker') throw new Error('No.');
      return musicnn[0]!.ask(request);
    },
    dispose: () => {},
  };
  const tagger = new BridgedTagger(taggers.musicnn.model, [refusing]);
  await expect(tagger.tag(song)).rejects.toThrow('No.');
  expect(await taggers.musicnn.tag(song)).toEqual(await again());
});

it('what failed takes nothing away from what came after it', async () => {
  const maker = (ask: () => Promise<never>): Maker => ({
    bridge: { ask, dispose: () => {} },
    stream: 0,
    options: { sampleRate: RATE, channels: 1, segmentFrames: 187, hopFrames: 187, keepTail: false },
    frameWidth: 96,
  });
  const failed = framesOf(
    song,
    maker(() => Promise.reject(new Error('No.'))),
  );
  await expect(failed.more()).rejects.toThrow('No.');
  const waiting = maker(() => new Promise(() => {}));
  const later = framesOf(song, waiting);
  failed.leave();
  expect(framesOf(song, waiting)).toBe(later);
});
