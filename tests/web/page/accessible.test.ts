/** axe finds nothing against WCAG 2.2 AA in what the page shows, by day and by night. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findings } from '../support/axe.ts';
import { examplePath, inRepository } from '../support/built.ts';
import { IN_FIREFOX, Site, type Visit } from '../support/browser.ts';
import { Engines } from '../support/engines.ts';
import { EXAMPLE } from '../support/songs.ts';

let site: Site;
let visit: Visit;
let page: Page;
let engines: Engines;

beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site?.close());

/** Colours are of one style sheet: one engine is enough for both. */
const THEMES = IN_FIREFOX ? (['light'] as const) : (['light', 'dark'] as const);

describe.each(THEMES)('in the %s theme', (colorScheme) => {
  beforeEach(async () => {
    visit = await site.visit({ colorScheme, reducedMotion: 'reduce' }, async (opened) => {
      engines = await Engines.of(opened);
    });
    page = visit.page;
  });
  afterEach(() => visit.close());

  async function tagExample(): Promise<void> {
    await page.click('[data-action="example"]');
    await visit.tagged(EXAMPLE);
  }

  it('the first words', async () => {
    expect(await findings(visit)).toEqual([]);
  });

  it('how the networks work', async () => {
    await page.click('[data-action="architecture"]');
    await page.locator('.architecture[open]').waitFor();
    expect(await findings(visit)).toEqual([]);
  });

  it('a song, its lines, and its menus', async () => {
    await tagExample();
    expect(await findings(visit)).toEqual([]);
    await page.locator('.label', { hasText: /^choir$/ }).click();
    expect(await findings(visit), 'with a line').toEqual([]);
    for (const menu of ['#model', '#compare', '#export']) {
      await page.click(menu);
      expect(await findings(visit), menu).toEqual([]);
      await page.keyboard.press('Escape');
    }
  });

  it('a marked stretch, the table, the list of keys', async () => {
    await tagExample();
    await page.locator('.plot').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('+');
    await page.locator('.stretch-tag').first().waitFor();
    expect(await findings(visit), 'zoomed in, a stretch').toEqual([]);
    await page.click('#as-table');
    expect(await findings(visit), 'the table').toEqual([]);
    await page.click('#show-keys');
    expect(await findings(visit), 'keys').toEqual([]);
  });

  it('a list of songs', async () => {
    await visit.drop(examplePath(), inRepository('README.md'));
    await visit.tagged(EXAMPLE);
    await page.locator('.song-row[data-state="failed"]').waitFor();
    expect(await findings(visit)).toEqual([]);
    await page.click('[data-action="forget"]');
    await page.getByRole('dialog').waitFor();
    expect(await findings(visit), 'whether to forget them').toEqual([]);
  });

  async function beginLong(): Promise<void> {
    await engines.hold(12);
    await visit.drop(site.folder.repeated(12));
    await engines.held();
  }

  it('a song that is being tagged', async () => {
    await beginLong();
    expect(await findings(visit)).toEqual([]);
    await page.click('#as-table');
    expect(await findings(visit), 'as a table').toEqual([]);
  });

  it('a song that was stopped', async () => {
    await beginLong();
    await page.click('#stop');
    await page.locator('#retry').waitFor();
    expect(await findings(visit), 'stopped').toEqual([]);
  });

  it('two models, and their difference', async () => {
    await tagExample();
    await visit.choose('#compare', 'MSD_vgg');
    await visit.tagged(EXAMPLE);
    expect(await findings(visit)).toEqual([]);
    await page.click('#difference');
    await visit.still();
    expect(await findings(visit), 'their difference').toEqual([]);
  });

  it('notices', async () => {
    await visit.drop(site.folder.tooShort());
    await page.locator('.notice.error').waitFor();
    expect(await findings(visit)).toEqual([]);
  });

  it('the page that measures', async () => {
    await page.goto(`${site.server.address}bench.html`);
    await page.locator('h1').waitFor();
    expect(await findings(visit)).toEqual([]);
  });
});

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

it('on a phone', async () => {
  visit = await site.visit(PHONE);
  page = visit.page;
  expect(await findings(visit)).toEqual([]);
  await page.click('[data-action="example"]');
  await visit.tagged(EXAMPLE);
  expect(await findings(visit), 'a song').toEqual([]);
  await visit.drop(site.folder.repeated(2), inRepository('README.md'));
  await visit.state('2-times.mp3', 'done');
  await visit.state('README.md', 'failed');
  expect(await findings(visit), 'a list of songs').toEqual([]);
  await visit.close();
});

it.each([
  ['wide', {}],
  ['on a phone', PHONE],
])('in German, %s', async (_, options) => {
  visit = await site.visit({ locale: 'de-DE', ...options }, async (opened) => {
    engines = await Engines.of(opened);
  });
  page = visit.page;
  await page.getByRole('button', { name: 'Stück wählen' }).waitFor();
  expect(await findings(visit)).toEqual([]);
  await engines.hold(12);
  await visit.drop(site.folder.repeated(12));
  await engines.held();
  expect(await findings(visit), 'a song that is being tagged').toEqual([]);
  await engines.letGo();
  await visit.tagged('12-times.mp3');
  expect(await findings(visit), 'a song').toEqual([]);
  await visit.close();
});
