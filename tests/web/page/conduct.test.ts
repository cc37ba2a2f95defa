/** What is chosen and what is shown stay one, whatever goes wrong or comes too late. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MOST_LINES } from '../../../web/page/selection.ts';
import { hold, Site, type Visit } from '../support/browser.ts';
import { EXAMPLE } from '../support/songs.ts';

const FIRST = 'MTT_musicnn';
const LATE = 'MSD_vgg';
const LATE_FILE = `**/${LATE}*.gguf`;
const FIRST_ERROR = '.notice.error';

let site: Site;
let visit: Visit;
let page: Page;

beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site?.close());
beforeEach(async () => {
  visit = await site.visit({ reducedMotion: 'reduce' });
  page = visit.page;
  visit.expected = /404|Failed to load/;
});
afterEach(async () => {
  await visit.close();
  expect(visit.unexpected()).toEqual([]);
});

async function tagExample(): Promise<void> {
  await page.click('[data-action="example"]');
  await visit.tagged(EXAMPLE);
}

/** What the controls say. */
async function chosen(): Promise<{ model: string; other: string; hop: number }> {
  const text = (selector: string) => page.locator(`${selector} .field-value`).textContent();
  const hop = await page.locator('#hop option:checked').textContent();
  return { model: (await text('#model'))!, other: (await text('#compare'))!, hop: parseFloat(hop!) };
}

/** What the saved results say: the first model's and, where there is one, the second's. */
async function heard(sections: number): Promise<{ model: string; hop: number }[]> {
  const results = [];
  for (let section = 0; section < sections; section++) {
    const { model, hop } = await visit.result(section);
    results.push({ model, hop });
  }
  return results;
}

describe('a file that can’t be tagged', () => {
  it('gives way to the song before it, with what was chosen meanwhile', async () => {
    await tagExample();
    const late = await hold(page, LATE_FILE);
    await visit.choose('#model', LATE);
    await visit.drop(site.folder.tooShort());
    await page.locator('#song-title', { hasText: 'short.wav' }).waitFor();
    await visit.choose('#compare', 'MTT_vgg');
    await page.selectOption('#hop', { label: '1.008 s' });
    late.pass();
    await page.locator(FIRST_ERROR, { hasText: 'short.wav lasts less than' }).waitFor();
    await visit.tagged(EXAMPLE);
    expect(await visit.notices(), 'which stays').toEqual([expect.stringContaining('short.wav lasts less')]);
    expect(await chosen()).toEqual({ model: LATE, other: 'MTT_vgg', hop: 1.008 });
    expect(await heard(2)).toEqual([
      { model: LATE, hop: 1.008 },
      { model: 'MTT_vgg', hop: 1.008 },
    ]);
  });
});

it('a song that waits is given up for the next', async () => {
  await visit.close();
  let late!: Awaited<ReturnType<typeof hold>>;
  visit = await site.visit({}, async (opened) => (late = await hold(opened, '**/*.gguf')));
  page = visit.page;
  await visit.drop(site.folder.repeated(8));
  await page.locator('#song-title', { hasText: '8-times.mp3' }).waitFor();
  await visit.drop(site.folder.repeated(2));
  await page.locator('#song-title', { hasText: '2-times.mp3' }).waitFor();
  late.pass();
  await visit.tagged('2-times.mp3');
  expect((await visit.result()).file).toBe('2-times.mp3');
});

it('the next file is tried, whatever was chosen meanwhile', async () => {
  const late = await hold(page, LATE_FILE);
  await page.click('[data-action="example"]');
  await visit.tagged(EXAMPLE);
  await visit.choose('#model', LATE);
  await visit.drop(site.folder.tooShort(), site.folder.repeated(2));
  await page.locator('#song-title', { hasText: 'short.wav' }).waitFor();
  await page.selectOption('#hop', { label: '1.008 s' });
  late.pass();
  await visit.tagged('2-times.mp3');
  expect(await heard(1)).toEqual([{ model: LATE, hop: 1.008 }]);
});

describe('a model that can’t be loaded', () => {
  it('never leaves a model beside itself', async () => {
    await tagExample();
    const late = await hold(page, LATE_FILE);
    await visit.choose('#model', LATE);
    await visit.choose('#compare', FIRST);
    late.fail();
    await page.locator(FIRST_ERROR).waitFor();
    await visit.tagged(EXAMPLE);
    expect(await chosen()).toEqual({ model: FIRST, other: 'nothing', hop: 2.992 });
    expect(await page.locator('.pane').count()).toBe(1);
    expect(await visit.notices()).toHaveLength(1);
  });

  it('leaves the hop as it was chosen meanwhile', async () => {
    await tagExample();
    const late = await hold(page, LATE_FILE);
    await visit.choose('#model', LATE);
    await page.selectOption('#hop', { label: '1.008 s' });
    late.fail();
    await page.locator(FIRST_ERROR).waitFor();
    await visit.tagged(EXAMPLE);
    expect(await chosen()).toEqual({ model: FIRST, other: 'nothing', hop: 1.008 });
    expect(await heard(1)).toEqual([{ model: FIRST, hop: 1.008 }]);
  });

  it('is given up when two others change places', async () => {
    await tagExample();
    await visit.choose('#compare', 'MTT_vgg');
    await visit.tagged(EXAMPLE);
    const late = await hold(page, LATE_FILE);
    await visit.choose('#model', LATE);
    await visit.choose('#model', 'MTT_vgg');
    late.fail();
    await visit.tagged(EXAMPLE);
    expect(await chosen()).toMatchObject({ model: 'MTT_vgg', other: FIRST });
    expect((await heard(2)).map(({ model }) => model)).toEqual(['MTT_vgg', FIRST]);
  });

  it('leaves a song that runs running', async () => {
    const late = await hold(page, LATE_FILE);
    await visit.drop(site.folder.repeated(40));
    await visit.underWay();
    await visit.choose('#model', LATE);
    late.fail();
    await page.locator(FIRST_ERROR).waitFor();
    await visit.tagged('40-times.mp3');
    expect(await chosen()).toMatchObject({ model: FIRST });
    expect((await visit.result()).segments).toHaveLength(401);
  });

  it('is no fault of the files', async () => {
    await visit.close();
    visit = await site.visit({}, (opened) =>
      opened.route('**/*.gguf', (route) => route.fulfill({ status: 404 })),
    );
    page = visit.page;
    visit.expected = /404|Failed to load/;
    await visit.drop(site.folder.repeated(1), site.folder.repeated(2));
    await page.locator(FIRST_ERROR).waitFor();
    await page.locator('#welcome').waitFor();
    expect(await visit.notices()).toEqual([expect.stringContaining('The model could not be loaded')]);
  });

  it('is forgotten once one is there', async () => {
    await tagExample();
    await page.route(LATE_FILE, (route) => route.fulfill({ status: 404 }));
    await visit.choose('#model', LATE);
    await page.locator(FIRST_ERROR).waitFor();
    await page.unroute(LATE_FILE);
    await visit.choose('#model', LATE);
    await page.locator('.pane .label', { hasText: 'Hip-Hop' }).waitFor({ state: 'attached' });
    await visit.tagged(EXAMPLE);
    expect(await visit.notices()).toEqual([]);
  });
});

it('a model whose answers are here is not asked again', async () => {
  await tagExample();
  const late = await hold(page, LATE_FILE);
  await visit.choose('#model', LATE);
  await visit.choose('#model', FIRST);
  expect(await page.locator('#export').isEnabled()).toBe(true);
  expect(await page.locator('#stage').textContent()).toBe('');
  late.pass();
  expect(await heard(1)).toEqual([{ model: FIRST, hop: 2.992 }]);
});

it('lines of tags that are no longer shown make room for others', async () => {
  await tagExample();
  const label = (name: string) => page.locator('.label:visible', { hasText: new RegExp(`^${name}$`) });
  const names = ['strings', 'choir', 'harpsichord', 'violin', 'sitar', 'techno'];
  expect(names).toHaveLength(MOST_LINES);
  for (const name of names) await label(name).click();
  await visit.choose('#model', 'MSD_musicnn');
  await visit.tagged(EXAMPLE);
  await label('ambient').click();
  expect(await page.locator('.chip').allTextContents()).toEqual(['ambient×']);
  expect(await visit.notices()).toEqual([]);
});

it('the filter says how many rows of the new model it leaves', async () => {
  await tagExample();
  await page.fill('#filter', 'genr');
  const count = () => page.locator('#filter-count').textContent();
  const before = await count();
  await visit.choose('#model', 'MSD_musicnn');
  await visit.tagged(EXAMPLE);
  await visit.still();
  const rows = await page.locator('.label:visible').count();
  expect(rows, 'a group is found by the beginning of its name').toBeGreaterThan(10);
  expect(await count()).toBe(`${rows} of 50 tags`);
  expect(await count()).not.toBe(before);
});

describe('the keyboard’s place', () => {
  it('stays in the taggram when that shows another model', async () => {
    await tagExample();
    const late = await hold(page, LATE_FILE);
    await visit.choose('#model', LATE);
    await page.locator('.plot').focus();
    late.pass();
    await visit.tagged(EXAMPLE);
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('plot');
  });

  it('goes to the names when the last line is taken away', async () => {
    await tagExample();
    await page.locator('.label', { hasText: /^choir$/ }).click();
    await page.locator('.chip').focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('labels');
  });
});

it('nothing is left over when taggrams come and go', async () => {
  const elements = () => page.evaluate(() => document.querySelectorAll('*').length);
  await tagExample();
  await visit.choose('#compare', 'MTT_vgg');
  await visit.tagged(EXAMPLE);
  await page.evaluate(() => {
    const { prototype } = EventTarget;
    const seen = { listeners: 0 };
    const add = prototype.addEventListener;
    prototype.addEventListener = function (this: EventTarget, ...given: Parameters<typeof add>) {
      if (this === document) seen.listeners++;
      return add.apply(this, given);
    };
    Object.assign(window, { seen });
  });
  const before = await elements();
  for (let i = 0; i < 6; i++) await page.click('#difference');
  expect(
    await page.evaluate(() => (window as unknown as { seen: { listeners: number } }).seen.listeners),
  ).toBe(0);
  expect(await elements()).toBe(before);
});
