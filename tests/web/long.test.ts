/** Of a long song only a part is in memory at any time. */
import { afterEach, expect, it, vi } from 'vitest';
import type { Bridge } from '../../web/bridge.ts';
import { FrameStore } from '../../web/frame-store.ts';
import { FRAME_SECONDS } from '../../web/frames.ts';
import type { Made, ReplyTo, Request, Scored } from '../../web/messages.ts';
import type { PcmSource } from '../../web/pcm.ts';
import { BridgedTagger } from '../../web/tagger.ts';
import { FAKE_MODEL } from './support/fake-model.ts';

const RATE = 16000;
const PIECE_SECONDS = 12;
const SECONDS = 2 * 3600;
const MOST_SECONDS = 120;

afterEach(() => vi.restoreAllMocks());

/** Silence; `given` counts its seconds as they are asked for. */
class LongSong implements PcmSource {
  readonly sampleRate = RATE;
  readonly channels = 1;
  readonly duration = SECONDS;
  given = 0;

  async *pieces() {
    const piece = [new Float32Array(PIECE_SECONDS * RATE)];
    for (; this.given < SECONDS; this.given += PIECE_SECONDS) yield piece;
  }
}

/** Makes empty frames and hears no segments; `tagging` is what it does with each request to tag some. */
function engine(tagging: () => Promise<void>): Bridge {
  const nothing: Scored = {
    segments: [],
    scores: new Float32Array(),
    means: new Float32Array(),
    counted: 0,
    heard: { seconds: SECONDS, nonFinite: 0 },
  };
  const made = (frames: number): Made => ({
    frames: { rows: new Float32Array(frames), loudness: new Float64Array(2 * frames) },
    heard: nothing.heard,
    repeated: false,
  });
  return {
    dispose: () => {},
    async ask<R extends Request>(request: R): Promise<ReplyTo<R>> {
      const answer = async () => {
        if (request.kind === 'make') return made(request.planes[0]!.length / (RATE * FRAME_SECONDS));
        if (request.kind === 'makeLast') return made(1);
        if (request.kind === 'tagRange') await tagging();
        return nothing;
      };
      return (await answer()) as ReplyTo<R>;
    },
  };
}

const taggerOf = (bridges: Bridge[]) => new BridgedTagger(FAKE_MODEL, bridges);

it.each([2, 3, 8])('frames that no segment will want again are forgotten by %d engines', async (count) => {
  let most = 0;
  const { add } = FrameStore.prototype;
  vi.spyOn(FrameStore.prototype, 'add').mockImplementation(function (this: FrameStore, frames) {
    add.call(this, frames);
    most = Math.max(most, this.kept * FRAME_SECONDS);
  });
  const song = new LongSong();
  await taggerOf(Array.from({ length: count }, () => engine(async () => {}))).tag(song);
  expect(song.given).toBe(SECONDS);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(MOST_SECONDS);
});

it('no more is decoded than what is soon to be tagged', async () => {
  let busy = 0;
  const abort = new AbortController();
  const song = new LongSong();
  let goOn!: () => void;
  const bothBusy = new Promise<void>((resolve) => (goOn = resolve));
  const endless = () => {
    if (++busy === 2) goOn();
    return new Promise<void>(() => {});
  };
  const run = taggerOf([engine(endless), engine(endless)]).tag(song, { signal: abort.signal });
  await bothBusy; // the one that makes frames has found that there are enough
  expect(song.given).toBeLessThan(MOST_SECONDS);
  abort.abort();
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
});
