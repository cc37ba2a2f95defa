/** All contenders of a run, made ready: what each of them is asked, whether its scores are ours, and its jobs. */
import type { Browser } from 'playwright-core';
import { BrowserContender, type Name } from './contenders/browser.ts';
import { NativeCore, NativeOnnx } from './contenders/native.ts';
import { formsOf, hearsSamples, listenerOf, shapeOf } from './hearing.ts';
import { LOGMEL, PCM, SAMPLE_RATE, SAMPLES, SHORT_LOGMEL } from './materials.ts';
import { SEGMENT_FRAMES, type Form, type Task, type Work } from './page/contender.ts';
import type { Job, Sample } from './rounds.ts';

export type Place = 'web' | 'native';

/** Of the model that is measured with overlapping segments. */
export const OVERLAPPING = { model: 'MTT_musicnn', hop: 6 };

/** Largest difference from our scores that a peer may have. */
const TOLERANCE = 1e-3;

/** A block's least length in milliseconds. */
const BLOCK_MS = 300;

/** Names of jobs, by which samples are found again. */
export function oursJob(place: Place, model: string, work: Work, hop = SEGMENT_FRAMES): string {
  return [place, 'ours', model, work, hop].join('/');
}

export function peerJob(place: Place, peer: Name, model: string, form: Form): string {
  return [place, peer, model, form].join('/');
}

export const PEERS: Record<Place, Name[]> = { web: ['onnx', 'tensorflow'], native: ['onnx'] };

export function taskOf(model: string, work: Work, hop = SEGMENT_FRAMES, form: Form = 'pruned'): Task {
  const logmel = hop < SEGMENT_FRAMES ? SHORT_LOGMEL : LOGMEL;
  const heard = hearsSamples(model) ? SAMPLES : logmel;
  const input = work === 'score' ? heard : PCM;
  return { model, work, form, hop, input, shape: shapeOf(model), sampleRate: SAMPLE_RATE };
}

/** Where a contender runs makes no difference to what is asked of it. */
interface Ready {
  scores(task: Task): Promise<number[][]>;
  measure(task: Task, least: number): Promise<Sample>;
}

export interface Field {
  jobs: Job[];
  /** Largest difference from our scores, by the peer's job. */
  differences: Record<string, number>;
}

export async function webField(browser: Browser, root: string, models: string[]): Promise<Field> {
  const open = async (name: Name) => {
    const contender = await BrowserContender.open(browser, root, name);
    return {
      scores: async (task: Task) => (await contender.prepare(task), contender.scores(task)),
      measure: async (task: Task, least: number) => (
        await contender.prepare(task),
        contender.measure(task, least)
      ),
    };
  };
  const peers = Object.fromEntries(
    await Promise.all(PEERS.web.map(async (name) => [name, await open(name)] as const)),
  );
  return gather('web', models, await open('ours'), peers);
}

export async function nativeField(models: string[], onnx: NativeOnnx): Promise<Field> {
  const peer: Ready = {
    scores: (task) => onnx.scores(task),
    measure: (task, least) => onnx.measure(task, least),
  };
  return gather('native', models, new NativeCore(), { onnx: peer });
}

async function gather(
  place: Place,
  models: string[],
  ours: Ready,
  peers: Record<string, Ready>,
): Promise<Field> {
  const jobs: Job[] = [];
  const differences: Record<string, number> = {};
  const add = (name: string, contender: Ready, task: Task) =>
    jobs.push({ name, measure: () => contender.measure(task, BLOCK_MS) });
  for (const model of models) {
    const expected = await ours.scores(taskOf(model, 'score'));
    for (const work of ['score', 'tag'] as const) add(oursJob(place, model, work), ours, taskOf(model, work));
    for (const [peer, contender] of Object.entries(peers))
      for (const form of formsOf(model)) {
        const task = taskOf(model, 'score', SEGMENT_FRAMES, form);
        const name = peerJob(place, peer as Name, model, form);
        differences[name] = largestDifference(name, await contender.scores(task), expected);
        add(name, contender, task);
      }
  }
  for (const listener of new Set(models.map((model) => listenerOf(model, models))))
    add(oursJob(place, listener, 'listen'), ours, taskOf(listener, 'listen'));
  if (models.includes(OVERLAPPING.model)) {
    const { model, hop } = OVERLAPPING;
    add(oursJob(place, model, 'score', hop), ours, taskOf(model, 'score', hop));
  }
  return { jobs, differences };
}

function largestDifference(name: string, scores: number[][], expected: number[][]): number {
  const differences = scores.flat().map((score, i) => Math.abs(score - expected.flat()[i]!));
  const largest = Math.max(...differences);
  if (scores.length !== expected.length || !(largest <= TOLERANCE))
    throw new Error(`${name} does not compute what we do: its scores differ by ${largest}.`);
  return largest;
}
