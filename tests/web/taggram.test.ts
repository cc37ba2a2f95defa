/** The web API in Node, on the calling thread. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTagger, segmentCount, type Progress, type Tagger } from '../../web/taggram.ts';
import { compiledEngine, modelBytes } from './support/built.ts';
import { golden, largestDifference } from './support/npy.ts';
import { asFloat, SIGNALS } from './support/signals.ts';

let tagger: Tagger;

beforeAll(async () => {
  tagger = await createTagger({ wasm: await compiledEngine(), model: modelBytes(), workers: 0 });
});
afterAll(() => tagger.dispose());

function example() {
  return { sampleRate: 16000, planes: [asFloat(golden('example/pcm.npy').values as Int16Array)] };
}

describe('tag', () => {
  it('gives the result that the goldens give, and reports its way there', async () => {
    const seen: Progress[] = [];
    const result = await tagger.tag(example(), {
      name: 'example',
      onProgress: (progress) => seen.push(progress),
    });
    const tags = golden('example/MTT_musicnn/tags_hop187.npy').values;
    expect(largestDifference(result.taggram.flat(), tags)).toBeLessThan(2e-4);
    expect(result).toMatchObject({
      file: 'example',
      model: 'MTT_musicnn',
      sample_rate: 16000,
      duration: 30,
      hop: 2.992,
      length: 2.992,
      warnings: [],
    });
    expect(result.segments[1]).toEqual({ start: 2.992, end: 5.984, silent: false, padded: false });
    expect(result.top).toHaveLength(3);
    expect(result.top[0]!.score).toBeGreaterThan(result.top[1]!.score);
    const last = seen[seen.length - 1]!;
    expect(last).toMatchObject({ stage: 'tagging', done: 10, total: 10 });
    const counts = seen.map((progress) => (progress.stage === 'tagging' ? progress.done : 0));
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
  });

  it('means are over segments that are not silent', async () => {
    const noise = asFloat(SIGNALS['noise']!());
    const silenceThenNoise = new Float32Array(187 * 256 * 2);
    silenceThenNoise.set(noise.subarray(0, 187 * 256 - 8000), 187 * 256 + 8000);
    const result = await tagger.tag({ sampleRate: 16000, planes: [silenceThenNoise] });
    expect(result.segments[0]!.silent).toBe(true);
    const second = result.taggram[1]!;
    expect(result.top[0]!.score).toBeCloseTo(Math.max(...second), 6);
  });

  it('has no top tags when all is silent', async () => {
    const result = await tagger.tag({ sampleRate: 16000, planes: [new Float32Array(16000 * 4)] });
    expect(result.top).toEqual([]);
  });

  it('stops when it is cancelled, and delivers nothing afterwards', async () => {
    const abort = new AbortController();
    let reports = 0;
    const run = tagger.tag(example(), {
      signal: abort.signal,
      onProgress: () => {
        if (++reports === 3) abort.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(reports).toBe(3);
  });

  it.each([0, -1, NaN, 3.1])('refuses a hop of %s seconds', async (hop) => {
    await expect(tagger.tag(example(), { hop })).rejects.toMatchObject({ code: 'bad-option' });
  });

  it('names the file in what the core complains of', async () => {
    const sample = { sampleRate: 16000, planes: [new Float32Array(1)] };
    await expect(tagger.tag(sample, { name: 'click.wav' })).rejects.toMatchObject({
      code: 'too-short',
      message: expect.stringContaining('click.wav'),
    });
  });

  it.each([
    ['no channels', { sampleRate: 16000, planes: [] }],
    ['a sample rate of 0', { sampleRate: 0, planes: [new Float32Array(10)] }],
  ])('refuses audio with %s', async (_, pcm) => {
    await expect(tagger.tag(pcm)).rejects.toMatchObject({ code: 'bad-option' });
  });

  it('warns of samples that are not numbers', async () => {
    const pcm = example();
    pcm.planes[0]!.fill(NaN, 100, 103);
    const result = await tagger.tag({ ...pcm, planes: [pcm.planes[0]!.subarray(0, 64000)] });
    expect(result.warnings).toEqual(['3 samples were not finite (NaN or infinity) and counted as 0.']);
  });
});

describe('stream', () => {
  it('gives segments as they become complete', async () => {
    const stream = await tagger.stream({ sampleRate: 16000, channels: 1 }, { hop: 1 });
    const noise = asFloat(SIGNALS['noise']!());
    const parts = [await stream.push([noise.slice(0, 16000)]), await stream.push([noise.slice(16000)])];
    parts.push(await stream.finish());
    await stream.close();
    const starts = parts.map(({ segments }) => segments.map(({ start }) => start));
    expect(starts).toEqual([[], [0], [1.008]]); // one second is 63 frames; the last one needs the end
  });
});

describe('segmentCount', () => {
  it.each([
    [1, 2.992, false, 1],
    [30, 2.992, false, 10],
    [30, 2.992, true, 11],
    [240, 2.992, false, 80],
  ])('%d s at a hop of %d s, tail kept: %s', (duration, hop, keepTail, count) => {
    expect(segmentCount(duration, hop, 2.992, keepTail)).toBe(count);
  });
});
