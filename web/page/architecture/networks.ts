/** The networks as their figures show them: the steps that a segment goes through, from samples to tags. */
import { number } from '../format.ts';
import { decimal, say } from '../language.ts';

/** A map of numbers: so many moments, so many features at each. What has one moment is about the whole segment. */
export interface Shape {
  kind: 'samples' | 'map' | 'tags';
  moments: number;
  features: number;
}

export interface Step {
  name: string;
  /** Side by side; usually one. */
  shapes: readonly Shape[];
  /** In words, of all shapes together. */
  size: string;
  text: string;
  /** What comes in is added to what goes out. */
  residual?: boolean;
}

export interface Network {
  title: string;
  summary: string;
  steps: readonly Step[];
}

const RATE = 16_000;
const FRAMES = 187;
const SAMPLES = FRAMES * 256;
const BANDS = 96;

const samples: Step = {
  name: say`Samples`,
  shapes: [{ kind: 'samples', moments: SAMPLES, features: 1 }],
  size: say`${number(SAMPLES)} numbers`,
  text: say`Three seconds of sound, 16,000 numbers a second.`,
};

const logMel: Step = map(
  say`Log-mel spectrogram`,
  FRAMES,
  BANDS,
  say`How much sounds in each of 96 bands of frequency, every 16 ms. This is measured, not learned.`,
);

function map(name: string, moments: number, features: number, text: string): Step {
  return { name, shapes: [{ kind: 'map', moments, features }], size: sizeOf(moments, features), text };
}

/** Side by side over the same moments. */
function branches(name: string, features: readonly number[], text: string): Step {
  const shapes = features.map((each) => ({ kind: 'map' as const, moments: FRAMES, features: each }));
  return { name, shapes, size: `${FRAMES} × (${features.join(' + ')})`, text };
}

function tags(lists: number, text: string): Step {
  return {
    name: say`Tags`,
    shapes: Array.from({ length: lists }, () => ({ kind: 'tags' as const, moments: 1, features: 50 })),
    size: lists > 1 ? say`${lists} lists of 50 scores` : say`50 scores`,
    text,
  };
}

/** Filters of three samples, over and over: each layer hears three times as much at once as the one before. */
function sampleLevel(): Step[] {
  let moments = Math.floor(SAMPLES / 3);
  let heard = 3; // samples that a moment hears
  let stride = 3; // samples from a moment to the next
  const steps = [
    map(
      say`First filters`,
      moments,
      64,
      say`64 filters of three samples. A moment is now a fifth of a millisecond.`,
    ),
  ];
  [64, 64, 128, 128, 128, 256].forEach((features, index) => {
    moments = Math.floor((moments - 2) / 3);
    heard += 4 * stride;
    stride *= 3;
    const name = say`Layer ${index + 2} of 7`;
    const text = say`Filters of three moments; of three neighbours the strongest is kept. Each number now hears ${milliseconds(heard)}.`;
    steps.push(map(name, moments, features, text));
  });
  return steps;
}

/** What the paper puts behind either front-end. */
function sharedBackEnd(frames: number): Step[] {
  const narrower = frames - 6;
  const half = Math.floor(narrower / 2);
  return [
    map(
      say`Back-end, first layer`,
      narrower,
      512,
      say`512 filters that hear seven moments of all features. The same back-end stands behind both front-ends.`,
    ),
    {
      ...map(say`Second layer`, narrower, 512, say`512 more; what comes in is added to what they find.`),
      residual: true,
    },
    map(say`The stronger of two`, half, 512, say`Of every two moments the stronger answer is kept.`),
    { ...map(say`Third layer`, half, 512, say`Once more, with what comes in added.`), residual: true },
    map(
      say`Maximum and mean`,
      1,
      1024,
      say`Each feature’s strongest moment and its mean: time is gone, so a segment may have any length.`,
    ),
    map(say`Dense layer`, 1, 500, say`Every feature is weighed with every other.`),
    tags(
      2,
      say`A score from 0 to 1 for each of two vocabularies, MagnaTagATune’s and the Million Song Dataset’s.`,
    ),
  ];
}

function waveform(): Step[] {
  const front = sampleLevel();
  return [samples, ...front, ...sharedBackEnd(front.at(-1)!.shapes[0]!.moments)];
}

const spectrogram: Step[] = [
  samples,
  logMel,
  branches(
    say`Timbre and rhythm`,
    [112, 112, 240],
    say`Tall filters, of 86 and 38 bands, find timbres at any pitch; long ones, of 0.5 to 2.6 s, follow the energy.`,
  ),
  map(say`Front-end’s features`, FRAMES, 464, say`What both found, side by side.`),
  ...sharedBackEnd(FRAMES),
];

const MIDDLE = 64;

const musicnn: Step[] = [
  samples,
  logMel,
  branches(
    say`Timbre and rhythm`,
    [204, 204, 153],
    say`Tall filters, of 67 and 38 bands, find timbres at any pitch; long ones, of 0.5 to 2 s, find rhythms.`,
  ),
  map(say`Front-end’s features`, FRAMES, 561, say`What both found, side by side.`),
  map(say`Mid-end, first layer`, FRAMES, MIDDLE, say`64 filters that hear seven moments of all features.`),
  {
    ...map(say`Second layer`, FRAMES, MIDDLE, say`64 more; what comes in is added to what they find.`),
    residual: true,
  },
  { ...map(say`Third layer`, FRAMES, MIDDLE, say`Once more, with what comes in added.`), residual: true },
  map(
    say`All features`,
    FRAMES,
    561 + 3 * MIDDLE,
    say`Those of the front-end and of all three layers, side by side.`,
  ),
  map(say`Maximum and mean`, 1, 2 * 753, say`Each feature’s strongest moment and its mean: time is gone.`),
  map(say`Dense layer`, 1, 200, say`Every feature is weighed with every other.`),
  tags(1, say`A score from 0 to 1 for each tag, independent of the others.`),
];

const vgg: Step[] = [
  samples,
  logMel,
  ...[
    [92, 48],
    [46, 24],
    [23, 12],
    [11, 6],
    [2, 1],
  ].map(([moments, bands], index) => ({
    ...map(
      say`Layer ${index + 1} of 5`,
      moments!,
      bands!,
      say`128 filters of 3 × 3 places, as for pictures: time and frequency are alike to them. The strongest of neighbours stays.`,
    ),
    size: `${moments} × ${bands} × 128`,
  })),
  tags(1, say`A score from 0 to 1 for each tag, from the two places that are left.`),
];

/** By the architecture that a model file names. */
export const NETWORKS: Readonly<Record<string, Network>> = {
  waveform: {
    title: say`Waveform`,
    summary: say`The paper’s first way: nothing is assumed about music. Filters of three samples, stacked seven deep, have to find out what a pitch is.`,
    steps: waveform(),
  },
  spectrogram: {
    title: say`Spectrogram`,
    summary: say`The paper’s second way: what is known of music shapes the filters. It starts from a spectrogram and looks for timbres and rhythms.`,
    steps: spectrogram,
  },
  musicnn: {
    title: 'musicnn',
    summary: say`The network of the released library, smaller than the paper’s: timbres and rhythms in a spectrogram, then three layers over time.`,
    steps: musicnn,
  },
  vgg: {
    title: 'vgg',
    summary: say`A network of computer vision, for comparison: it sees the spectrogram as a picture.`,
    steps: vgg,
  },
};

function sizeOf(moments: number, features: number): string {
  return moments === 1 ? say`${number(features)} numbers` : `${number(moments)} × ${number(features)}`;
}

function milliseconds(heard: number): string {
  const exact = (heard / RATE) * 1000;
  return `${exact < 10 ? decimal(exact, 1) : Math.round(exact)} ms`;
}
