/** The page in windows of all sizes, and by day and night. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Site, type Visit } from '../support/browser.ts';
import { contrast } from '../support/sight.ts';
import { EXAMPLE } from '../support/songs.ts';

let site: Site;
let visit: Visit;
let page: Page;

beforeAll(async () => {
  site = await Site.open();
  visit = await site.visit({ reducedMotion: 'reduce' });
  page = visit.page;
  await page.click('[data-action="example"]');
  await visit.tagged(EXAMPLE);
  await visit.choose('#compare', 'MSD_musicnn');
  await visit.tagged(EXAMPLE);
  await page.locator('.label').first().click();
  await visit.still();
});
afterAll(() => site?.close());
afterEach(() => expect(visit.unexpected()).toEqual([]));

async function resize(width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height });
  await visit.still();
}

async function box(selector: string): Promise<{ left: number; right: number; top: number; bottom: number }> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => element.getBoundingClientRect().toJSON());
}

it('has all controls in one row where there is room for them', async () => {
  await resize(1280, 800);
  const tops = await page
    .locator('.toolbar .field:visible')
    .evaluateAll((all) => all.map((element) => element.getBoundingClientRect().top));
  expect(tops).toHaveLength(6);
  expect(new Set(tops).size).toBe(1);
});

it.each([
  [320, 256],
  [740, 360],
])('leaves a window of %d by %d to what is scrolled to', async (width, height) => {
  await resize(width, height);
  await page
    .locator('.plot')
    .first()
    .evaluate((plot) => plot.scrollIntoView({ behavior: 'instant' }));
  const plot = await box('.plot');
  expect((await box('.song-bar')).bottom).toBeLessThanOrEqual(plot.top);
  expect((await box('.lines')).top).toBeGreaterThanOrEqual(plot.bottom);
});

it('has the words of the difference below its scale on a phone', async () => {
  await resize(360, 800);
  await page.click('#difference');
  await visit.still();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  const [bar, words] = [await box('.scale-bar'), await box('.scale-bar + span')];
  expect(words.top).toBeGreaterThanOrEqual(bar.bottom);
  expect(words.right).toBeCloseTo(bar.right, 0);
});

it.each(['light', 'dark'] as const)('has edges of controls that can be seen, %s', async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  await visit.still();
  const grounds = await page
    .locator('body, .sheet')
    .evaluateAll((all) => all.map((element) => getComputedStyle(element).backgroundColor));
  const edges = await page
    .locator('.field, .button, .chip')
    .evaluateAll((all) => all.map((element) => getComputedStyle(element).borderTopColor));
  expect(edges.length).toBeGreaterThan(8);
  for (const ground of grounds)
    for (const edge of edges) expect(contrast(edge, ground)).toBeGreaterThanOrEqual(3);
});
