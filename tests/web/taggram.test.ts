/** The web API in Node, on the calling thread. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { segmentCount } from '../../web/tagger.ts';
import { createTagger, MODELS, TaggramError, type Progress, type Tagger } from '../../web/taggram.ts';
import { modelBytes } from './support/built.ts';
import { golden, largestDifference } from './support/npy.ts';
import { asFloat, SIGNALS } from './support/signals.ts';

let tagger: Tagger;

beforeAll(async () => {
  tagger = await createTagger({ workers: 0 });
});
afterAll(() => tagger.dispose());

/** An error that says in one sentence or two what is wrong and what to do. */
const refusal = () =>
  expect.objectContaining({ code: 'bad-option', message: expect.stringMatching(/^[A-Z].*\.$/) });

async function expectRefusal(promise: Promise<unknown>): Promise<void> {
  await expect(promise).rejects.toEqual(refusal());
  await expect(promise).rejects.toBeInstanceOf(TaggramError);
}

const SECOND = { sampleRate: 16000, planes: [new Float32Array(16000)] };

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

  it('stops when a timer cancels it', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort());
    const run = tagger.tag(example(), { hop: 0.1, signal: abort.signal });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('lists as many top tags as are asked for', async () => {
    const all = await tagger.tag(example(), { top: 50 });
    expect(all.top.map(({ tag }) => tag).toSorted()).toEqual(tagger.tags.toSorted());
    const five = await tagger.tag(example(), { top: 5 });
    expect(five.top).toEqual(all.top.slice(0, 5));
    expect(await tagger.tag(example(), { top: 0 })).toMatchObject({ top: [] });
  });

  it('keeps the tail when asked to', async () => {
    let last: Progress | undefined;
    const result = await tagger.tag(example(), {
      keepTail: true,
      onProgress: (progress) => (last = progress),
    });
    expect(result.segments).toHaveLength(11);
    expect(Math.abs(result.segments[10]!.end - 30)).toBeLessThanOrEqual(0.016); // a frame
    expect(last).toMatchObject({ done: 11, total: 11 });
  });

  it.each([
    ...[0, -1, NaN, 3.02, '1', 1n, null].map((hop) => ({ hop })),
    ...[0, -1, NaN, Infinity, '3'].map((length) => ({ length })),
    ...[-1, NaN, 1.5, Infinity, '3'].map((top) => ({ top })),
    { keepTail: 'yes' },
    { features: 'logits' },
    null,
  ])('refuses the options %o', async (options) => {
    await expectRefusal(tagger.tag(SECOND, options as object));
  });

  it.each([
    ['planes of int16', { planes: [new Int16Array(16000)] }],
    ['planes of float64', { planes: [new Float64Array(16000)] }],
    ['planes that are lists', { planes: [[0.5, 0.5]] }],
    ['a plane without a list around it', { planes: new Float32Array(16000) }],
    ['planes of different lengths', { planes: [new Float32Array(16000), new Float32Array(16001)] }],
    ['no channels', { planes: [] }],
    ['a fraction as its sample rate', { sampleRate: 44100.7 }],
    ['NaN as its sample rate', { sampleRate: NaN }],
    ['infinity as its sample rate', { sampleRate: Infinity }],
    ['a sample rate of 0', { sampleRate: 0 }],
    ['a text as its sample rate', { sampleRate: '44100' }],
    ['no sample rate', { sampleRate: undefined }],
  ])('refuses audio with %s', async (_, wrong: object) => {
    await expectRefusal(tagger.tag({ ...SECOND, ...wrong }));
  });

  it.each([[undefined], [null], ['song.mp3'], [{}], [new Blob(['a file, which Node decodes not'])]])(
    'refuses %s in place of audio',
    async (source) => {
      await expectRefusal(tagger.tag(source as Blob));
    },
  );

  it('refuses work once it is disposed of', async () => {
    const made = await createTagger({ workers: 0 });
    const run = made.tag(example());
    made.dispose();
    for (const late of [run, made.tag(example()), made.stream({ sampleRate: 16000, channels: 1 })])
      await expect(late).rejects.toMatchObject({ name: 'TaggramError', code: 'engine' });
  });

  it('names the file in what the core complains of', async () => {
    const sample = { sampleRate: 16000, planes: [new Float32Array(1)] };
    await expect(tagger.tag(sample, { name: 'click.wav' })).rejects.toMatchObject({
      code: 'too-short',
      message: expect.stringContaining('click.wav'),
    });
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

  it.each([
    ['another number of planes', [new Float32Array(9)]],
    ['planes of different lengths', [new Float32Array(9), new Float32Array(8)]],
    ['int16', [new Int16Array(9), new Int16Array(9)]],
  ])('refuses %s, and goes on', async (_, planes) => {
    const stream = await tagger.stream({ sampleRate: 16000, channels: 2 });
    await expectRefusal(stream.push(planes as Float32Array[]));
    const { heard } = await stream.push([new Float32Array(16000), new Float32Array(16000)]);
    expect(heard.seconds).toBe(1);
    await stream.close();
  });

  it('takes nothing after its end', async () => {
    const stream = await tagger.stream({ sampleRate: 16000, channels: 1 });
    await stream.push([new Float32Array(16000)]);
    await stream.finish();
    await expectRefusal(stream.push([new Float32Array(16000)]));
    await expectRefusal(stream.finish());
    await stream.close();
    await expectRefusal(stream.push([new Float32Array(16000)]));
  });

  it.each([[null], [{ sampleRate: 44100.7, channels: 1 }], [{ sampleRate: 44100, channels: 1.5 }]])(
    'is not opened for %o',
    async (format) => {
      await expectRefusal(tagger.stream(format as { sampleRate: number; channels: number }));
    },
  );
});

describe('features', () => {
  const SHAPES = {
    MTT_musicnn: {
      timbral: [187, 408],
      temporal: [187, 153],
      cnn3: [187, 64],
      penultimate: [200],
      max_pool: [753],
    },
    MSD_vgg: { pool1: [46, 96, 128], pool5: [2, 1, 128] },
  };

  it.each(Object.entries(SHAPES))('of %s come by name, a block a segment', async (model, shapes) => {
    const made = await createTagger({ model, workers: 0 });
    const features = [...Object.keys(shapes), 'logits'];
    const pcm = { sampleRate: 16000, planes: [example().planes[0]!.subarray(0, 7 * 16000)] };
    const result = await made.tag(pcm, { features });
    made.dispose();
    expect(Object.keys(result.features!)).toEqual(features);
    for (const [name, shape] of Object.entries(shapes)) {
      const feature = result.features![name]!;
      expect([name, ...feature.shape]).toEqual([name, 2, ...shape]);
      expect(feature.data).toHaveLength(shape.reduce((product, size) => product * size, 2));
      expect(feature.data.some((value) => value !== 0)).toBe(true);
    }
    const fromLogits = Array.from(result.features!['logits']!.data, (x) => 1 / (1 + Math.exp(-x)));
    expect(largestDifference(fromLogits, result.taggram.flat())).toBeLessThan(1e-5);
  });

  it('are absent when not asked for', async () => {
    expect(await tagger.tag(example())).not.toHaveProperty('features');
  });

  it('that the model lacks are refused, and the others named', async () => {
    await expect(tagger.tag(example(), { features: ['pool1'] })).rejects.toMatchObject({
      code: 'bad-option',
      message: expect.stringMatching(/MTT_musicnn has no feature named pool1; it has .*timbral/),
    });
  });
});

describe('length', () => {
  it('is what the segments last, and the hop follows it', async () => {
    const result = await tagger.tag(example(), { length: 1 });
    expect(result).toMatchObject({ length: 0.992, hop: 0.992 });
    expect(result.segments).toHaveLength(30);
    expect(result.segments[1]).toMatchObject({ start: 0.992, end: 1.984 });
  });

  it('is fixed in vgg models, which say so', async () => {
    const vgg = await createTagger({ model: 'MTT_vgg', workers: 0 });
    await expect(vgg.tag(example(), { length: 2 })).rejects.toThrowError(/MTT_vgg takes segments of 2\.992/);
    vgg.dispose();
  });
});

const DATASETS: Record<string, RegExp> = {
  MSD_musicnn: /Million Song Dataset/,
  MSD_vgg: /Million Song Dataset/,
  MTT_musicnn: /MagnaTagATune/,
  MTT_vgg: /MagnaTagATune/,
  spectrogram: /free game and classical music/,
  waveform: /free game and classical music/,
};

describe('models', () => {
  it('are known before they are loaded, by what their files say', async () => {
    expect(MODELS.map(({ name }) => name)).toEqual(Object.keys(DATASETS));
    for (const { bytes, integrity, ...facts } of MODELS) {
      const made = await createTagger({ model: facts.name, workers: 0 });
      expect(made.model).toEqual(facts);
      const file = modelBytes(facts.name);
      expect(bytes).toBe(file.length);
      expect(integrity).toBe(`sha256-${createHash('sha256').update(file).digest('base64')}`);
      expect(facts.dataset).toMatch(DATASETS[facts.name]!);
      expect(facts.publishedScores).toMatch(/ROC-AUC/);
      made.dispose();
    }
  });

  it.each([
    ['bytes', () => modelBytes('MTT_vgg')],
    ['a file', () => new Blob([modelBytes('MTT_vgg') as Uint8Array<ArrayBuffer>])],
    ['an address', () => new URL('../../models/MTT_vgg.gguf', import.meta.url)],
    ['an address in words', () => new URL('../../models/MTT_vgg.gguf', import.meta.url).href],
  ])('come as %s, too', async (_, model) => {
    const made = await createTagger({ model: model(), workers: 0 });
    expect(made.model.name).toBe('MTT_vgg');
    made.dispose();
  });

  it('of an unknown name get the nearest suggested', async () => {
    await expect(createTagger({ model: 'MTT_vg', workers: 0 })).rejects.toMatchObject({
      code: 'bad-option',
      message: expect.stringMatching(/no model named MTT_vg; did you mean MTT_vgg\?/),
    });
  });

  it('that are not there are not loaded', async () => {
    const model = new URL('none.gguf', import.meta.url);
    await expect(createTagger({ model, workers: 0 })).rejects.toMatchObject({ code: 'load' });
  });
});

it("memory is the engine's", async () => {
  const [bytes, ...others] = await tagger.memory();
  expect(bytes).toBeGreaterThan(1e6);
  expect(others).toEqual([]);
});

describe('createTagger', () => {
  it.each([
    ...[-1, NaN, 1.5, '1', 1].map((workers) => ({ workers })), // 1: Node has none
    { model: 5, workers: 0 },
    { model: new ArrayBuffer(8), workers: 0 },
    null,
  ])('refuses %o', async (options) => {
    await expectRefusal(createTagger(options as object));
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
