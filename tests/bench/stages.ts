/** Where the time of a segment goes, as builds of the core with a clock tell it. */
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { BrowserContender } from './contenders/browser.ts';
import { NativeCore } from './contenders/native.ts';
import { SONG_PCM, SONG_RATE } from './materials.ts';
import type { Stages } from './measured.ts';
import { SEGMENT_FRAMES, type Task } from './page/contender.ts';
import type { Sample } from './rounds.ts';

interface Clocked {
  measure(task: Task, least: number): Promise<Sample>;
  stages(task: Task, least: number): Promise<Record<string, number>>;
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

/** The core's clock is that on the wall: it tells the parts, and the processor's time how much they are parts of. */
async function segmentStages(core: Clocked, task: Task, least: number): Promise<Record<string, number>> {
  await core.measure(task, least / 2);
  const { cpu } = await core.measure(task, least);
  const seconds = await core.stages(task, least);
  const all = Object.values(seconds).reduce((sum, part) => sum + part, 0);
  return Object.fromEntries(
    Object.entries(seconds).flatMap(([work, part]) => (part > 0 ? [[work, (cpu * part) / all]] : [])),
  );
}
