/** A song is stopped while it is tagged: at once, and nothing that was heard is lost. */
import { rmSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hold, Site, type Visit } from '../support/browser.ts';
import { inRepository } from '../support/built.ts';
import { Engines } from '../support/engines.ts';
import { EXAMPLE } from '../support/songs.ts';

const LONG = '12-times.mp3';
const SEGMENTS = 120;

let site: Site;
let visit: Visit;
let page: Page;
let engines: Engines;
let long: string;

beforeAll(async () => {
  site = await Site.open();
  long = site.folder.repeated(12);
});
afterAll(() => site?.close());
beforeEach(() => come());
afterEach(async () => {
  await visit.close();
  expect(visit.unexpected()).toEqual([]);
});

async function come(options: Parameters<Site['visit']>[0] = {}, before?: (page: Page) => Promise<unknown>) {
  await visit?.close();
  visit = await site.visit({ reducedMotion: 'reduce', ...options }, async (opened) => {
    engines = await Engines.of(opened);
    await before?.(opened);
  });
  page = visit.page;
}

/** The long song, alone, of which so many pieces are tagged. */
async function begin(pieces: number): Promise<void> {
  await engines.hold(pieces);
  await visit.drop(long);
  await engines.held();
}

const stage = () => page.locator('#stage').textContent();
const stop = (name = 'Stop') => page.getByRole('button', { name, exact: true });
const retry = () => page.getByRole('button', { name: 'Try again', exact: true });
const announced = () => page.locator('#announcer').textContent();
const focused = () => page.evaluate(() => document.activeElement?.id);
const model = () => page.locator('#model .field-value').textContent();
const other = () => page.locator('#compare .field-value').textContent();
const hop = () => page.locator('#hop option:checked').textContent();

/** How many segments can be walked to. */
async function walkable(): Promise<number> {
  await page.locator('.plot').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('End');
  const [, minutes, seconds] = /to (\d+):(\d\d\.\d):/.exec(
    (await page.locator('#cell-announcer').textContent())!,
  )!;
  return Math.round((60 * Number(minutes) + Number(seconds)) / 2.992);
}

async function drawn(): Promise<string> {
  await visit.still();
  return page.locator('.plot canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
}

describe('a song alone', () => {
  it('is stopped at once: what is answered later is neither told nor drawn', async () => {
    await begin(12);
    await stop().click();
    const [, count] = /^Stopped: (\d+) of 120 segments$/.exec((await stage())!)!;
    expect(Number(count)).toBeGreaterThan(0);
    const [cells, answers] = [await drawn(), await engines.answers()];
    await engines.letGo();
    await engines.rest();
    expect(await engines.answers(), 'some come after it').toBeGreaterThan(answers);
    expect(await stage()).toBe(`Stopped: ${count} of 120 segments`);
    expect(await drawn()).toBe(cells);
    expect(await walkable()).toBe(Number(count));
  });

  it('says so to those who use keys and ears, and leaves focus where reading goes on', async () => {
    await begin(12);
    await stop().focus();
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('song-title');
    expect(await announced()).toBe(`${await stage()}.`);
    expect(await page.locator('#progress').getAttribute('aria-valuetext')).toBe(await stage());
    expect(await page.locator('.plot').getAttribute('aria-label')).toContain('stopped before its end');
    expect(await stop().isVisible()).toBe(false);
    expect(await page.locator('#export').isDisabled(), 'it is no whole result').toBe(true);
  });

  it('is gone on with, and shown meanwhile as far as it was', async () => {
    await begin(20);
    await stop().click();
    const before = await walkable();
    expect(before).toBeGreaterThan(4);
    await engines.letGo();
    await engines.rest();
    await engines.hold(4);
    await retry().focus();
    await page.keyboard.press('Enter');
    await page.locator('#song-title:focus').waitFor();
    await engines.held();
    await page.locator('#stage', { hasText: /^Listening: [1-8] of 120/ }).waitFor();
    expect(await walkable()).toBe(before);
    await stop().click();
    expect(await walkable(), 'stopped again').toBe(before);
    await engines.letGo();
    await engines.rest();
    await retry().click();
    await visit.tagged(LONG);
    expect((await visit.result()).segments).toHaveLength(SEGMENTS);
    expect(await walkable()).toBe(SEGMENTS);
    expect(await stop().isVisible()).toBe(false);
  });

  it('that can’t be gone on with stays as it was heard', async () => {
    const lost = site.folder.repeated(13);
    await engines.hold(12);
    await page.setInputFiles('#file', lost);
    await engines.held();
    await stop().click();
    const [words, before] = [await stage(), await walkable()];
    await engines.letGo();
    await engines.rest();
    rmSync(lost);
    await retry().click();
    await page.locator('.notice.error', { hasText: "13-times.mp3 can't be read" }).waitFor();
    await retry().waitFor();
    expect(await stage()).toBe(words);
    expect(await walkable()).toBe(before);
  });

  it('that was not heard yet gives way to the first words, and stands in the list', async () => {
    let model!: Awaited<ReturnType<typeof hold>>;
    await come({}, async (opened) => (model = await hold(opened, '**/*.gguf')));
    await visit.drop(long);
    await page.locator('#stage', { hasText: 'Loading the model' }).waitFor();
    await stop().focus();
    await page.keyboard.press('Enter');
    await page.locator('#welcome').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Choose a song');
    expect(await announced()).toBe('Stopped.');
    await visit.state(LONG, 'stopped');
    model.pass();
    await visit.act('Try again', LONG);
    await visit.tagged(LONG);
    expect(await focused()).toBe('song-title');
    expect(await page.locator('#songs').isVisible()).toBe(false);
  });

  it('is listened to by another model when that is chosen', async () => {
    await begin(12);
    await stop().click();
    const before = await walkable();
    await engines.letGo();
    await engines.rest();
    await engines.hold(0);
    await visit.choose('#model', 'MSD_musicnn');
    await stop().click();
    expect(await model(), 'unless that is stopped, too').toBe('MTT_musicnn');
    expect(await walkable()).toBe(before);
    await engines.letGo();
    await visit.choose('#model', 'MSD_musicnn');
    await visit.tagged(LONG);
    expect((await visit.result()).model).toBe('MSD_musicnn');
  });
});

describe('a song that was heard before', () => {
  beforeEach(async () => {
    await page.click('[data-action="example"]');
    await visit.tagged(EXAMPLE);
  });

  it.each([
    ['before its first segment', 0],
    ['when that has taken its place', 12],
  ])('comes back when another hop is stopped %s', async (_, pieces) => {
    const before = await visit.result();
    const cells = await drawn();
    await engines.hold(pieces);
    await page.selectOption('#hop', { label: '0.096 s' });
    await engines.held();
    await stop().click();
    expect(await hop()).toBe('2.992 s');
    expect(await announced()).toBe('Stopped.');
    await engines.letGo();
    await engines.rest();
    expect(await stage()).toBe('');
    expect(await drawn()).toBe(cells);
    expect(await visit.result()).toEqual(before);
  });

  it('comes back when another model is stopped while that is loaded', async () => {
    const late = await hold(page, '**/MSD_vgg*.gguf');
    await visit.choose('#model', 'MSD_vgg');
    await stop().click();
    expect(await model()).toBe('MTT_musicnn');
    expect((await visit.result()).model).toBe('MTT_musicnn');
    late.pass();
    await visit.choose('#model', 'MSD_vgg'); // it is loaded all the same
    await visit.tagged(EXAMPLE);
  });

  it('stands alone again when a second model is stopped before it has answered', async () => {
    const late = await hold(page, '**/MSD_vgg*.gguf');
    await visit.choose('#compare', 'MSD_vgg');
    await stop().click();
    expect(await other()).toBe('nothing');
    expect(await page.locator('.pane').count()).toBe(1);
    late.pass();
    await visit.result();
  });

  it('stands beside what a second model has heard of it', async () => {
    await engines.hold(3);
    await visit.choose('#compare', 'MSD_musicnn');
    await page.locator('#stage', { hasText: /^Listening: [123] of 10/ }).waitFor();
    await stop().click();
    expect(await page.locator('.pane').count()).toBe(2);
    expect(await stage()).toMatch(/^Stopped with MSD_musicnn: \d of 10 segments$/);
    await engines.letGo();
    await engines.rest();
    await retry().click();
    await visit.tagged(EXAMPLE);
    expect((await visit.result(1)).model).toBe('MSD_musicnn');
  });

  it('comes back when the next is stopped before it is heard', async () => {
    const late = await hold(page, '**/MSD_vgg*.gguf');
    await visit.choose('#model', 'MSD_vgg');
    await visit.drop(long);
    await page.locator('#song-title', { hasText: LONG }).waitFor();
    await stop().focus();
    await page.keyboard.press('Enter');
    await page.locator('#song-title', { hasText: EXAMPLE }).waitFor();
    expect(await focused(), 'there is more to stop').toBe('stop');
    await stop().click();
    expect(await focused()).toBe('song-title');
    expect(await model()).toBe('MTT_musicnn');
    late.pass();
    await visit.tagged(EXAMPLE);
    await visit.state(LONG, 'stopped');
  });
});

describe('in the list', () => {
  it('a song that is stopped stays as far as it was heard, and the next one begins', async () => {
    await engines.hold(12);
    await visit.drop(long, site.folder.repeated(2));
    await engines.held();
    await visit.act('Stop', LONG);
    const [words, before] = [await stage(), await walkable()];
    expect(words).toMatch(/^Stopped: /);
    await engines.letGo();
    await visit.state('2-times.mp3', 'done');
    await visit.row('2-times.mp3').locator('.song-row-open').click();
    await visit.tagged('2-times.mp3');
    await visit.row(LONG).locator('.song-row-open').click();
    await page.locator('#stage', { hasText: words! }).waitFor();
    expect(await walkable(), 'also when it is opened again').toBe(before);
    await visit.state(LONG, 'stopped');
    await visit.drop(long);
    await visit.tagged(LONG);
    await visit.state(LONG, 'done');
  });
});

it.each(['en-US', 'de-DE'])('there is room for it on a phone (%s)', async (locale) => {
  await come({ locale, viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  await begin(12);
  const shot = (name: string) =>
    page.screenshot({ path: inRepository(`build/screenshots/stop-${locale}-${name}.png`) });
  const [title, button] = [page.locator('#song-title'), stop(locale === 'de-DE' ? 'Stopp' : 'Stop')];
  expect(await visit.overflow()).toBeLessThanOrEqual(0);
  const [words, box] = [(await title.boundingBox())!, (await button.boundingBox())!];
  expect(words.width).toBeGreaterThan(100);
  expect(words.x + words.width).toBeLessThanOrEqual(box.x);
  expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(24);
  expect((await page.locator('.song-bar').boundingBox())!.height).toBeLessThan(110);
  await shot('busy');
  await button.click();
  expect(await visit.overflow()).toBeLessThanOrEqual(0);
  await shot('stopped');
});
