/** The list of songs when something goes wrong: a model that can't be had, a store that is gone, songs let go midway. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { hold, Site, type Visit } from '../../support/browser.ts';
import { examplePath } from '../../support/built.ts';
import { EXAMPLE } from '../../support/songs.ts';

let site: Site;
let visit: Visit;
let page: Page;
let twice: string;
let long: string;

beforeAll(async () => {
  site = await Site.open();
  twice = site.folder.repeated(2);
  long = site.folder.repeated(100);
});
afterAll(() => site?.close());
beforeEach(async () => {
  visit = await site.visit({ reducedMotion: 'reduce' });
  page = visit.page;
});
afterEach(async () => {
  await visit.close();
  expect(visit.unexpected()).toEqual([]);
});

async function open(name: string): Promise<void> {
  await visit.row(name).locator('.song-row-open').click();
}

/** Comes anew, to a host that has no models for now. */
async function arriveWithoutModels(): Promise<void> {
  await visit.close();
  visit = await site.visit({ reducedMotion: 'reduce' }, (opened) =>
    opened.route('**/*.gguf', (route) => route.fulfill({ status: 404 })),
  );
  visit.expected = /404|Failed to load/;
  page = visit.page;
}

it('songs that failed for want of a model are tagged when they are tried again', async () => {
  await arriveWithoutModels();
  await visit.drop(examplePath(), twice);
  for (const name of [EXAMPLE, '2-times.mp3']) await visit.state(name, 'failed');
  await page.unroute('**/*.gguf');
  await visit.act('Try again', '2-times.mp3');
  await visit.state('2-times.mp3', 'done');
});

it('they are when they are brought again', async () => {
  await arriveWithoutModels();
  await visit.drop(examplePath(), twice);
  for (const name of [EXAMPLE, '2-times.mp3']) await visit.state(name, 'failed');
  await page.unroute('**/*.gguf');
  await visit.drop(examplePath());
  await visit.tagged(EXAMPLE);
});

it('songs are tagged when what keeps them is gone', async () => {
  await visit.drop(examplePath());
  await visit.tagged(EXAMPLE);
  await page.evaluate(
    () => new Promise((resolve) => (indexedDB.deleteDatabase('taggram').onsuccess = resolve)),
  );
  await visit.drop(twice, site.folder.repeated(3));
  await visit.tagged('2-times.mp3');
  await visit.state('3-times.mp3', 'done');
  await visit.act('Remove', '3-times.mp3');
  expect(await visit.notices()).toEqual([]);
});

it('a song that is only opened is not kept once more', async () => {
  await visit.drop(examplePath(), twice);
  for (const name of [EXAMPLE, '2-times.mp3']) await visit.state(name, 'done');
  await page.reload();
  const storage = await page.locator('#songs-storage', { hasText: /kept/ }).textContent();
  for (const name of ['2-times.mp3', EXAMPLE, '2-times.mp3']) {
    await open(name);
    await visit.tagged(name);
  }
  expect(await page.locator('#songs-storage').textContent()).toBe(storage);
});

it('a song that is stopped while it is shown stays so; removed, it gives way to the one before', async () => {
  await visit.drop(examplePath());
  await visit.tagged(EXAMPLE);
  await visit.drop(long);
  await page.locator('#song-title', { hasText: '100-times.mp3' }).waitFor();
  await visit.underWay();
  await visit.act('Stop', '100-times.mp3');
  await page.locator('#stage', { hasText: /^Stopped: \d+ of 1\d+ segments$/ }).waitFor();
  await visit.state('100-times.mp3', 'stopped');
  await visit.act('Remove', '100-times.mp3');
  await visit.tagged(EXAMPLE);
});

it('a song that was removed is not come back to, but the one before', async () => {
  await visit.drop(examplePath());
  await visit.tagged(EXAMPLE);
  await visit.drop(twice);
  await visit.state('2-times.mp3', 'done');
  const late = await hold(page, '**/MTT_vgg*.gguf');
  await visit.choose('#model', 'MTT_vgg');
  await visit.drop(site.folder.repeated(3));
  await page.locator('#song-title', { hasText: '3-times.mp3' }).waitFor();
  await visit.act('Remove', '2-times.mp3');
  await visit.act('Remove', '3-times.mp3');
  late.pass();
  await visit.tagged(EXAMPLE);
});

it('what was on its way for a song is forgotten with it', async () => {
  await visit.drop(examplePath());
  await visit.tagged(EXAMPLE);
  const late = await hold(page, '**/MTT_vgg*.gguf');
  await visit.choose('#compare', 'MTT_vgg');
  await visit.drop(twice);
  await visit.state('2-times.mp3', 'done');
  late.pass();
  await visit.tagged('2-times.mp3');
  await visit.forget();
  await page.locator('#songs').waitFor({ state: 'hidden' });
  const kept = await page.evaluate(async () => {
    const asked = (request: IDBRequest) =>
      new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const database = (await asked(indexedDB.open('taggram'))) as IDBDatabase;
    return asked(database.transaction('songs').objectStore('songs').getAllKeys());
  });
  expect(kept).toEqual([]);
});
