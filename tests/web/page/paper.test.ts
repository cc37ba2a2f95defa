/** The paper's own two models on the page: two lists of tags from one pass, two front-ends side by side. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { examplePath } from '../support/built.ts';
import { Site, type Visit } from '../support/browser.ts';
import { largestDifference } from '../support/npy.ts';
import { buildWithPaperModels } from '../support/paper.ts';
import { tagInTerminal } from '../support/program.ts';
import { EXAMPLE } from '../support/songs.ts';

let folder: string;
let site: Site;
let visit: Visit;
let page: Page;

beforeAll(async () => {
  folder = buildWithPaperModels();
  site = await Site.open(join(folder, 'dist'));
});
afterAll(async () => {
  await site?.close();
  if (folder) rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  visit = await site.visit({ reducedMotion: 'reduce' });
  page = visit.page;
});
afterEach(async () => {
  await visit.close();
  expect(visit.unexpected()).toEqual([]);
});

const inTerminal = (model: string, ...options: string[]) =>
  tagInTerminal(examplePath(), '--model', join(folder, `models/${model}.gguf`), ...options);

async function tagExample(): Promise<void> {
  await page.click('[data-action="example"]');
  await visit.tagged(EXAMPLE);
}

async function chooseModel(name: string): Promise<void> {
  await visit.choose('#model', name);
  await visit.tagged(EXAMPLE);
}

async function chooseList(label: string): Promise<void> {
  await page.selectOption('#list', { label });
  await visit.still();
}

const texts = (selector: string) => page.locator(selector).allTextContents();

describe('lists of tags', () => {
  it('are offered where the model has some', async () => {
    await tagExample();
    expect(await page.locator('#list').isVisible()).toBe(false);
    await chooseModel('waveform');
    expect(await page.locator('#list').isVisible()).toBe(true);
    expect(await texts('#list option')).toEqual(['MTT', 'MSD', 'both']);
  });

  it.each(['MTT', 'MSD', 'both'])('%s: what is saved is what the program gives', async (list) => {
    await tagExample();
    await chooseModel('waveform');
    await chooseList(list);
    const theirs = inTerminal('waveform', ...(list === 'both' ? [] : ['--list', list]));
    const ours = await visit.result();
    const { taggram, top, file: _, duration: __, ...facts } = theirs;
    expect(ours).toMatchObject(facts);
    expect(largestDifference(ours.taggram.flat(), taggram.flat())).toBeLessThan(5e-3);
    expect(ours.top.map(({ tag }) => tag)).toEqual(top.map(({ tag }) => tag));
    expect((await texts('.label')).toSorted()).toEqual(theirs.tags.toSorted());
  });

  it('stand under a heading each where both are seen, with their own strongest tags', async () => {
    await tagExample();
    await chooseModel('waveform');
    expect(await texts('.group-heading')).toEqual([]);
    await chooseList('both');
    expect(await texts('.group-heading')).toEqual(['MTT', 'MSD']);
    expect(await texts('.top-model')).toEqual(['MTT', 'MSD']);
    for (const [place, list] of ['MTT', 'MSD'].entries()) {
      const { top } = inTerminal('waveform', '--list', list);
      const names = page.locator('.top-list').nth(place).locator('.top-name');
      expect((await names.allTextContents()).slice(0, 3)).toEqual(top.map(({ tag }) => tag));
    }
    await page.selectOption('#sort', 'group');
    expect(await texts('.group-heading'), 'groups are of both').toEqual(['other']);
  });

  it('are changed without listening again, and remembered', async () => {
    await tagExample();
    await chooseModel('waveform');
    await page.selectOption('#list', { label: 'MSD' });
    expect(await page.locator('#export').isEnabled(), 'nothing runs').toBe(true);
    await page.reload();
    expect(await page.locator('#list').inputValue()).toBe('MSD');
  });
});

describe('waveform against spectrogram', () => {
  beforeEach(async () => {
    await page.click('#pair button');
    await page.locator('.top-model', { hasText: 'spectrogram' }).waitFor();
    await visit.tagged(EXAMPLE);
    await visit.still();
  });

  it('is one click away: both on one time axis, and how far they agree', async () => {
    expect(await texts('.pane h3')).toEqual(['waveform', 'spectrogram']);
    const [first, second] = [await visit.result(0), await visit.result(1)];
    expect(first.tags).toEqual(inTerminal('waveform', '--list', 'MTT').tags);
    const strongest = (row: number[]) =>
      row
        .map((_, tag) => tag)
        .toSorted((a, b) => row[b]! - row[a]!)
        .slice(0, 5);
    const common = first.taggram.map((row, i) => {
      const others = strongest(second.taggram[i]!);
      return strongest(row).filter((tag) => others.includes(tag)).length;
    });
    const mean = common.reduce((sum, count) => sum + count) / common.length;
    expect((await texts('#agreement-words'))[0]).toContain(`agree on ${mean.toFixed(1)} of the 5 strongest`);
    const distances = first.taggram.map((row, i) =>
      row.reduce((sum, score, tag) => sum + Math.abs(score - second.taggram[i]![tag]!), 0),
    );
    const furthest = first.segments[distances.indexOf(Math.max(...distances))]!;
    await page.click('#agreement-moment');
    expect(await page.locator('#audio').evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeCloseTo(
      furthest.start,
      1,
    );
  });

  it('differs over all tags of the list that is seen, or of both', async () => {
    await page.click('#difference');
    await visit.still();
    expect(await texts('.pane h3')).toEqual(['Difference over 50 shared tags']);
    await chooseList('both');
    expect(await texts('.pane h3')).toEqual(['Difference over 100 shared tags']);
    expect(await texts('.group-heading')).toEqual(['MTT', 'MSD']);
  });

  it('names each model with each list', async () => {
    await chooseList('both');
    expect(await texts('.top-model')).toEqual([
      'waveform, MTT',
      'waveform, MSD',
      'spectrogram, MTT',
      'spectrogram, MSD',
    ]);
  });

  it('can be had of any song', async () => {
    await visit.choose('#compare', 'Nothing');
    await chooseModel('MTT_musicnn');
    await visit.choose('#compare', 'Waveform against spectrogram');
    await visit.tagged(EXAMPLE);
    expect(await texts('.pane h3')).toEqual(['waveform', 'spectrogram']);
  });
});
