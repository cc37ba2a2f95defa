/** A taggram as a table. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { clock, score } from '../../../web/page/format.ts';
import type { TaggedFile } from '../../../web/taggram.ts';
import { examplePath } from '../support/built.ts';
import { Site, type Visit } from '../support/browser.ts';
import { EXAMPLE } from '../support/songs.ts';

/** Segments that a page shows. */
const PAGE = 50;

let site: Site;
let visit: Visit;
let page: Page;
let result: TaggedFile;

beforeAll(async () => {
  site = await Site.open();
  visit = await site.visit({ viewport: { width: 1280, height: 900 } });
  page = visit.page;
  await visit.drop(examplePath());
  await visit.tagged(EXAMPLE);
  await page.selectOption('#hop', { label: '0.096 s' });
  await visit.tagged(EXAMPLE);
  result = await visit.result();
  await page.click('#as-table');
});
afterAll(() => site?.close());
afterEach(() => expect(visit.unexpected()).toEqual([]));

const heads = () => page.locator('thead th').allTextContents();
const times = () => page.locator('tbody th').allTextContents();
const place = () => page.locator('.table [role="status"]').textContent();

function timesOf(from: number): string[] {
  return result.segments
    .slice(from, from + PAGE)
    .map(({ start, end }) => `${clock(start, true)} to ${clock(end, true)}`);
}

it('has a row for each segment and a column for each tag', async () => {
  const names = await heads();
  expect(names).toHaveLength(1 + result.tags.length);
  expect(names.slice(0, 2)).toEqual(['Time', result.top[0]!.tag]);
  expect(await times()).toEqual(timesOf(0));
  const third = await page.locator('tbody tr').nth(2).locator('td').allTextContents();
  expect(third).toEqual(names.slice(1).map((tag) => score(result.taggram[2]![result.tags.indexOf(tag)]!)));
  expect(await page.locator('thead th[scope="col"], tbody th[scope="row"]').count()).toBe(51 + PAGE);
  expect(await page.locator('.taggram').isVisible()).toBe(false);
});

it('shows some segments at a time', async () => {
  const { length } = result.segments;
  expect(await place()).toBe(`Segments 1 to ${PAGE} of ${length}`);
  expect(await page.locator('.earlier').getAttribute('aria-disabled')).toBe('true');
  await page.click('.later');
  expect(await times()).toEqual(timesOf(PAGE));
  for (let first = PAGE; first + PAGE < length; first += PAGE) await page.click('.later');
  expect(await place()).toBe(`Segments 251 to ${length} of ${length}`);
  expect(await page.locator('.later').getAttribute('aria-disabled')).toBe('true');
});

it('has the columns that sorting and the filter leave', async () => {
  await page.fill('#filter', 'viol');
  expect(await heads()).toEqual(['Time', 'violin']);
  await page.fill('#filter', '');
  await page.selectOption('#sort', 'name');
  expect((await heads())[1]).toBe('ambient');
});

it('begins where the cells were zoomed in, and gives place to them again', async () => {
  await page.click('#as-table');
  await page.locator('.taggram').waitFor({ state: 'visible' });
  expect(await page.locator('.table').isVisible()).toBe(false);
  await page.click('#zoom-in'); // from 7.5 s
  await page.click('#as-table');
  expect(await times()).toEqual(timesOf(PAGE));
});

it('leaves the picture that is saved as wide as the cells were', async () => {
  const { content } = await visit.exported('PNG', 1);
  expect(content.readUInt32BE(16)).toBeGreaterThan(1600);
});

it('is one for each model', async () => {
  await visit.choose('#compare', 'MSD_musicnn');
  await page.locator('.pane').nth(1).waitFor();
  await visit.tagged(EXAMPLE);
  expect(await page.locator('table:visible caption').allTextContents()).toEqual([
    'MTT_musicnn: a row for each segment, a column for each tag',
    'MSD_musicnn: a row for each segment, a column for each tag',
  ]);
});
