/** Where the time of a segment goes, as builds of the core with a clock tell it. */
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { BrowserContender } from './contenders/browser.ts';
import { NativeCore } from './contenders/native.ts';
import { shapeOf } from './hearing.ts';
import { SONG_PCM, SONG_RATE } from './materials.ts';
import type { Stages } from './measured.ts';
import { SEGMENT_FRAMES, type Clock, type Task } from './page/contender.ts';
import type { Sample } from './rounds.ts';
import { summarise } from './statistics.ts';

const RUNS = 12;

interface Clocked {
  measure(task: Task, least: number): Promise<Sample>;
  stages(task: Task, least: number): Promise<Clock>;
}

export async function measureStages(
  browser: Browser,
  root: string,
  models: string[],
  least: number,
): Promise<Stages[]> {
  const arithmetic = JSON.parse(readFileSync('build/bench/graphs/arithmetic.json', 'utf8'));
  const web = await BrowserContender.open(browser, root, 'clock');
  const stages: Stages[] = [];
  for (const model of models) {
    const task: Task = {
      model,
      work: 'tag',
      form: 'pruned',
      hop: SEGMENT_FRAMES,
      input: SONG_PCM,
      shape: shapeOf(model),
      sampleRate: SONG_RATE,
    };
    await web.prepare(task);
    stages.push({
      model,
      web: await segmentStages(web, task, least),
      native: await segmentStages(new NativeCore(), task, least),
      arithmetic: arithmetic[model],
    });
  }
  return stages;
}

/**
 * The core's clock is that on the wall: the run that was interrupted least tells the parts, and the processor's time tells
 * how much they are parts of.
 */
async function segmentStages(core: Clocked, task: Task, least: number): Promise<Record<string, number>> {
  const times: number[] = [];
  const runs: Clock[] = [];
  for (let run = 0; run < RUNS; run++) {
    times.push((await core.measure(task, least)).cpu);
    runs.push(await core.stages(task, least));
  }
  const { seconds } = runs.toSorted((a, b) => total(a) / a.segments - total(b) / b.segments)[0]!;
  const share = summarise(times).median / total({ seconds });
  return Object.fromEntries(
    Object.entries(seconds).flatMap(([work, part]) => (part > 0 ? [[work, part * share]] : [])),
  );
}

function total({ seconds }: Pick<Clock, 'seconds'>): number {
  return Object.values(seconds).reduce((sum, part) => sum + part, 0);
}
