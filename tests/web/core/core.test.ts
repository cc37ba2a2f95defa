/** The WebAssembly build against the goldens of the original network. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Core } from '../../../web/core/core.ts';
import type { Model } from '../../../web/core/model.ts';
import type { Stream } from '../../../web/core/stream.ts';
import type { Feature, Scored, Segment } from '../../../web/messages.ts';
import { compiledEngine, inRepository, modelBytes } from '../support/built.ts';
import { golden, largestDifference } from '../support/npy.ts';
import { asFloat, SIGNALS } from '../support/signals.ts';

const BANDS = 96;
const FRAME_SECONDS = 0.016;
/** Features differ by what int16 kernels and the log-mel's float16 steps cost: part of their largest value. */
const TOLERANCE = { logmel: 1e-3, tags: 2e-4, logits: 2e-3, feature: 1e-3 };
const MUSICNN = ['timbral', 'temporal', 'cnn1', 'cnn2', 'cnn3', 'max_pool', 'mean_pool', 'penultimate'];
const VGG = ['pool2', 'pool3', 'pool4', 'pool5'];
const FEATURES: Record<string, string[]> = {
  MTT_musicnn: MUSICNN,
  MSD_musicnn: MUSICNN,
  MTT_vgg: VGG,
  MSD_vgg: VGG,
};
const MODELS = Object.keys(FEATURES);
const PAPER = ['waveform', 'spectrogram'];

let core: Core;
let models: Map<string, Model>;
let model: Model;

beforeAll(async () => {
  core = await Core.instantiate(await compiledEngine());
  models = new Map([...MODELS, ...PAPER].map((name) => [name, core.loadModel(modelBytes(name))]));
  model = models.get('MTT_musicnn')!;
});

function open(hopFrames: number, keepTail = false, from = model): Stream {
  return from.openStream({ sampleRate: 16000, channels: 1, hopFrames, keepTail });
}

function inputNamed(name: string): Float32Array {
  return asFloat(name === 'example' ? (golden('example/pcm.npy').values as Int16Array) : SIGNALS[name]!());
}

/** Pushes in pieces, as a decoder would. */
function listen(stream: Stream, samples: Float32Array, onSegment: (segment: Segment) => void): Scored[] {
  const parts: Scored[] = [];
  for (let at = 0; at < samples.length; at += 1000)
    parts.push(stream.push([samples.subarray(at, at + 1000)], onSegment));
  return [...parts, stream.finish(onSegment)];
}

describe('synthetic inputs', () => {
  const sums = readFileSync(inRepository('tests/goldens/signals.sha256'), 'utf8');

  it.each(Object.keys(SIGNALS))('%s is the one that the goldens were made from', (name) => {
    const sum = createHash('sha256').update(new Uint8Array(SIGNALS[name]!().buffer)).digest('hex');
    expect(sums).toMatch(new RegExp(`${sum}\\s+\\*?${name}`));
  });
});

const INPUTS = [...Object.keys(SIGNALS), 'example'];
const CASES = MODELS.flatMap((name) =>
  INPUTS.flatMap((input) => [187, 92].map((hop) => ({ name, input, hop }))),
);

describe.each(CASES)('$name, $input at a hop of $hop frames', ({ name, input, hop }) => {
  it('gives the scores, logits and log-mel of the goldens', () => {
    const tags = golden(`${input}/${name}/tags_hop${hop}.npy`);
    const logits = golden(`${input}/${name}/logits_hop${hop}.npy`);
    const logmel = golden(`${input}/logmel.npy`).values;
    const used = models.get(name)!;
    const count = used.facts.tags.length;
    const worst = { tags: 0, logits: 0, logmel: 0 };
    let row = 0;
    const stream = open(hop, false, used);
    const parts = listen(stream, inputNamed(input), ({ start }) => {
      const ourLogits = stream.feature('logits').data;
      const ourLogmel = stream.feature('logmel').data;
      const theirLogits = logits.values.subarray(row * count, ++row * count);
      const first = Math.round(start / FRAME_SECONDS) * BANDS;
      const theirLogmel = logmel.subarray(first, first + ourLogmel.length);
      worst.logits = Math.max(worst.logits, largestDifference(ourLogits, theirLogits));
      worst.logmel = Math.max(worst.logmel, largestDifference(ourLogmel, theirLogmel));
    });
    worst.tags = largestDifference(
      parts.flatMap(({ scores }) => [...scores]),
      tags.values,
    );
    stream.free();
    console.log(`${name}, ${input} hop ${hop}: largest differences`, JSON.stringify(worst));
    expect(row).toBe(tags.shape[0]);
    expect(worst.tags).toBeLessThan(TOLERANCE.tags);
    expect(worst.logits).toBeLessThan(TOLERANCE.logits);
    expect(worst.logmel).toBeLessThan(TOLERANCE.logmel);
  });
});

describe.each(PAPER.flatMap((name) => INPUTS.map((input) => ({ name, input }))))(
  '$name, $input',
  ({ name, input }) => {
    it('gives the scores and logits of PyTorch', () => {
      const expected = {
        tags: golden(`${input}/${name}/tags_hop187.npy`).values,
        logits: golden(`${input}/${name}/logits_hop187.npy`).values,
      };
      const stream = open(187, false, models.get(name)!);
      const logits: number[] = [];
      const parts = listen(stream, inputNamed(input), () => logits.push(...stream.feature('logits').data));
      stream.free();
      const scores = parts.flatMap((part) => [...part.scores]);
      const worst = {
        tags: largestDifference(scores, expected.tags),
        logits: largestDifference(logits, expected.logits),
      };
      console.log(`${name}, ${input}: largest differences`, JSON.stringify(worst));
      expect(scores.length).toBe(expected.tags.length);
      expect(worst.tags).toBeLessThan(TOLERANCE.tags);
      expect(worst.logits).toBeLessThan(TOLERANCE.logits);
    });
  },
);

describe('overlap', () => {
  it('gives the scores of the goldens at a hop of 6 frames, over the first eight seconds of the example', () => {
    const tags = golden('example/MTT_musicnn/tags_hop6.npy').values;
    const stream = open(6);
    const scored = stream.push([inputNamed('example').subarray(0, 8 * 16000)]);
    stream.free();
    const worst = largestDifference(scored.scores, tags.subarray(0, scored.scores.length));
    console.log(`example hop 6: ${scored.segments.length} segments, largest difference ${worst}`);
    expect(scored.segments.length).toBeGreaterThan(48);
    expect(worst).toBeLessThan(TOLERANCE.tags);
  });
});

describe('length', () => {
  it('gives the scores of the goldens for segments of 10 s', () => {
    const tags = golden('example/MSD_musicnn/tags_length10.npy');
    const options = { sampleRate: 16000, channels: 1, segmentFrames: 625, hopFrames: 625, keepTail: false };
    const stream = models.get('MSD_musicnn')!.openStream(options);
    const parts = listen(stream, inputNamed('example'), () => {});
    stream.free();
    const worst = largestDifference(
      parts.flatMap(({ scores }) => [...scores]),
      tags.values,
    );
    expect(worst).toBeLessThan(TOLERANCE.tags);
  });
});

describe.each(MODELS)('features of the example by %s', (name) => {
  it.each(FEATURES[name]!)('%s', (feature) => {
    const stream = open(187, false, models.get(name)!);
    let ours: Feature = { data: new Float32Array(), shape: [] };
    stream.push(
      [inputNamed('example').subarray(0, 187 * 256 + 1024)],
      () => (ours = stream.feature(feature)),
    );
    stream.free();
    const theirs = golden(`example/${name}/segment0/${feature}.npy`);
    const wide = (shape: number[]) => shape.filter((size) => size > 1); // a vector may be stored as one row
    expect(wide(ours.shape)).toEqual(wide(theirs.shape));
    const largest = largestDifference(theirs.values, new Float32Array(theirs.values.length));
    const worst = largestDifference(ours.data, theirs.values) / largest;
    console.log(`${name} ${feature}: largest difference ${worst} of ${largest}`);
    expect(worst).toBeLessThan(TOLERANCE.feature);
  });

  it('have the names that the model tells', () => {
    const told = models.get(name)!.facts.features;
    expect(told).toEqual(expect.arrayContaining(['logmel', 'logits', ...FEATURES[name]!]));
  });
});

describe('the wrapper', () => {
  it('knows its model', () => {
    expect(model.facts).toMatchObject({
      name: 'MTT_musicnn',
      architecture: 'musicnn',
      segmentFrames: 187,
      anyLength: true,
    });
    expect(models.get('MSD_vgg')!.facts).toMatchObject({ architecture: 'vgg', anyLength: false });
    expect(model.facts.tags).toHaveLength(50);
    expect(model.facts.tags[0]).toBe('guitar');
    expect(model.facts.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('averages channels', () => {
    const samples = inputNamed('noise');
    const mono = open(187);
    const stereo = model.openStream({ sampleRate: 16000, channels: 2, hopFrames: 187, keepTail: false });
    const once = mono.push([samples.map((sample) => sample / 2)]);
    const twice = stereo.push([samples, new Float32Array(samples.length)]);
    expect(largestDifference(twice.scores, once.scores)).toBeLessThan(1e-6);
    mono.free();
    stereo.free();
  });

  it('marks silence and leaves it out of the means', () => {
    const stream = open(187);
    const scored = stream.push([inputNamed('silence')]);
    expect(scored.segments[0]).toMatchObject({ silent: true, padded: false });
    expect(scored.counted).toBe(0);
    expect([...scored.means].every((mean) => mean === 0)).toBe(true);
    stream.free();
  });

  it('repeats short audio and says so', () => {
    const stream = open(187);
    stream.push([inputNamed('noise').subarray(0, 8000)]);
    const scored = stream.finish();
    expect(scored.segments).toMatchObject([{ start: 0, padded: true }]);
    expect(scored.heard.seconds).toBe(0.5);
    stream.free();
  });

  it('refuses audio that is too short', () => {
    const stream = open(187);
    stream.push([inputNamed('noise').subarray(0, 100)]);
    expect(() => stream.finish()).toThrowError(expect.objectContaining({ code: 'too-short' }));
    stream.free();
  });

  it('counts samples that are not finite', () => {
    const samples = inputNamed('noise');
    samples[7] = NaN;
    samples[11] = Infinity;
    const stream = open(187);
    const scored = stream.push([samples]);
    expect(scored.heard.nonFinite).toBe(2);
    expect(scored.scores.every(Number.isFinite)).toBe(true);
    stream.free();
  });

  it('keeps the tail when asked to', () => {
    const stream = open(187, true);
    const first = stream.push([inputNamed('noise')]);
    const last = stream.finish();
    expect(first.segments).toHaveLength(1);
    expect(last.segments).toHaveLength(1);
    expect(last.segments[0]!.end).toBeGreaterThan(3.9);
    stream.free();
  });

  it('refuses planes of the wrong number or length', () => {
    const stream = open(187);
    expect(() => stream.push([])).toThrowError(/1 channels/);
    expect(() => stream.push([new Float32Array(2), new Float32Array(2)])).toThrowError(/1 channels/);
    stream.free();
  });

  it('refuses a feature that the model lacks', () => {
    const stream = open(187);
    const refused = vi.fn(() =>
      expect(() => stream.feature('pool6')).toThrowError(expect.objectContaining({ code: 'bad-option' })),
    );
    stream.push([inputNamed('noise')], refused);
    expect(refused).toHaveBeenCalled();
    stream.free();
  });

  it.each([
    ['nothing', () => new Uint8Array()],
    ['text', () => new TextEncoder().encode('this is not a model')],
    ['half a model', () => modelBytes().subarray(0, modelBytes().length / 2)],
  ])('refuses %s as a model, with a sentence', (_, bytes) => {
    expect(() => core.loadModel(bytes())).toThrowError(expect.objectContaining({ code: 'bad-model' }));
  });

  it('refuses a module that wants more of its host than it gets', async () => {
    // (module (import "env" "launch" (func)))
    const bytes = [
      0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 14, 1, 3, 101, 110, 118, 6, 108, 97, 117, 110, 99,
      104, 0, 0,
    ];
    const foreign = await WebAssembly.compile(new Uint8Array(bytes));
    await expect(Core.instantiate(foreign)).rejects.toThrowError(/env\.launch/);
  });
});
