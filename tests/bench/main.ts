/** The benchmark: called by build-scripts/bench, which has built and installed what it needs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Browser } from 'playwright-core';
import { builtPage } from '../web/support/built.ts';
import { launch } from '../web/support/chromium.ts';
import { serve } from '../web/support/server.ts';
import { comparisonsOf } from './comparisons.ts';
import { NativeOnnx } from './contenders/native.ts';
import { nativeField, webField, type Field, type Place } from './field.ts';
import { describeMachine, versionsOf } from './machine.ts';
import { makeMaterials } from './materials.ts';
import type { Comparison, LongSong, PageFigures, Result, Stages } from './measured.ts';
import { HELP, isWhole, parseOptions, type Options } from './options.ts';
import { chart } from './report/chart.ts';
import { table } from './report/table.ts';
import { inRounds } from './rounds.ts';
import { weighFirstVisit } from './site/first-visit.ts';
import { measureMemory } from './site/memory.ts';
import { measureOpening } from './site/opening.ts';
import { measurePanning } from './site/panning.ts';
import { measureSong } from './site/song.ts';
import { measureStages } from './stages.ts';

/**
 * How often things are repeated, the least that the core with a clock runs, in milliseconds, and how much of the songs of
 * hours is tagged.
 */
const THOROUGH = { rounds: 7, visits: 7, clocked: 100, ofHours: 1 };
const QUICK = { rounds: 2, visits: 2, clocked: 50, ofHours: 0.05 };
type Effort = typeof THOROUGH;

/** Returns the exit status. */
export async function main(words: string[]): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(words);
  } catch (error) {
    console.error(`build-scripts/bench: ${(error as Error).message}\nTry: build-scripts/bench --help`);
    return 2;
  }
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const result = await measure(options);
  console.log(table(result));
  save(result, isWhole(options) ? 'docs' : 'build/bench');
  return 0;
}

async function measure(options: Options): Promise<Result> {
  const effort = options.quick ? QUICK : THOROUGH;
  say('Making graphs and sounds');
  await makeMaterials(options.models);
  const machine = describeMachine();
  const browser = await launch();
  const repository = await serve('.');
  try {
    const figures = await measureParts(options, effort, browser, repository.address);
    const versions = versionsOf(browser.version());
    return { date: new Date().toISOString(), machine, versions, rounds: effort.rounds, ...figures };
  } finally {
    await browser.close();
    repository.close();
  }
}

async function measureParts(
  { models, parts }: Options,
  effort: Effort,
  browser: Browser,
  root: string,
): Promise<Pick<Result, 'comparisons' | 'stages' | 'page' | 'memory'>> {
  const comparisons: Comparison[] = [];
  let stages: Stages[] = [];
  if (parts.includes('web'))
    comparisons.push(...(await compare('web', await webField(browser, root, models), models, effort)));
  if (parts.includes('native')) {
    const onnx = new NativeOnnx();
    const field = await nativeField(models, onnx);
    comparisons.push(...(await compare('native', field, models, effort)));
    onnx.close();
  }
  if (parts.includes('stages')) {
    say('Measuring kinds of work');
    stages = await measureStages(browser, root, models, effort.clocked);
  }
  const page = parts.includes('page') ? await measurePage(effort) : undefined;
  const memory = parts.includes('memory') ? await measureLongSongs(effort) : undefined;
  return { comparisons, stages, ...(page && { page }), ...(memory && { memory }) };
}

async function compare(
  place: Place,
  field: Field,
  models: string[],
  { rounds }: Effort,
): Promise<Comparison[]> {
  const samples = await inRounds(field.jobs, rounds, (round) =>
    say(round === 0 ? `Warming up (${place})` : `Round ${round} of ${rounds} (${place})`),
  );
  return models.flatMap((model) => comparisonsOf(samples, field.differences, place, model, models));
}

function measurePage({ visits }: Effort): Promise<PageFigures> {
  say('Measuring the page');
  return withSite(async (browser, address, folder) => ({
    song: await measureSong(browser, address, visits),
    firstVisit: await weighFirstVisit(browser, address, folder),
    opening: await measureOpening(browser, address, visits),
    panning: await measurePanning(browser),
  }));
}

function measureLongSongs({ ofHours }: Effort): Promise<LongSong[]> {
  say('Measuring memory with songs of hours');
  return withSite((browser, address) => measureMemory(browser, address, ofHours));
}

/** In a browser of its own, without the contenders' pages. */
async function withSite<T>(
  measure: (browser: Browser, address: string, folder: string) => Promise<T>,
): Promise<T> {
  const folder = dirname(builtPage());
  const browser = await launch();
  const site = await serve(folder);
  try {
    return await measure(browser, site.address, folder);
  } finally {
    await browser.close();
    site.close();
  }
}

function save(result: Result, folder: string): void {
  mkdirSync(`${folder}/images`, { recursive: true });
  writeFileSync(`${folder}/bench.json`, `${JSON.stringify(result, null, 2)}\n`);
  const drawing = chart(result);
  if (drawing) writeFileSync(`${folder}/images/bench.svg`, drawing);
  say(`Written: ${folder}/bench.json${drawing ? ` and ${folder}/images/bench.svg` : ''}`);
}

function say(words: string): void {
  console.error(words);
}
