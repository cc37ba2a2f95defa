/** A new version is offered, waits to be wanted, and never mixes with the one before. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Site, Visit } from '../support/browser.ts';
import { EXAMPLE } from '../support/songs.ts';
import { Versions } from '../support/versions.ts';

const OFFER = 'A new version of Taggram is here';

let versions: Versions;
let site: Site;
let visit: Visit;
let page: Page;
let first: string;

beforeEach(async () => {
  versions = new Versions();
  first = versions.script;
  site = await Site.open(versions.folder);
  visit = await site.visit({ serviceWorkers: 'allow' });
  page = visit.page;
  await visit.install();
});
afterEach(async () => {
  await site?.close();
  versions.remove();
  expect(visit.unexpected()).toEqual([]);
});

/** The page's code that a window runs. */
async function script(window = page): Promise<string> {
  return window.evaluate(() =>
    document.querySelector<HTMLScriptElement>('script[src]')!.src.split('/').pop()!,
  );
}

/** Loads the page again, after which it finds the new version. */
async function meetNext(): Promise<void> {
  versions.publishNext();
  await page.reload();
  await page.locator('.notice', { hasText: OFFER }).waitFor();
}

it('the old one goes on, whole, until the new one is asked for', async () => {
  expect(await visit.notices(), 'the first one takes its place in silence').toEqual([]);
  await meetNext();
  expect(await script()).toBe(first);
  await page.click('[data-action="example"]');
  await visit.tagged(EXAMPLE);
  await page.reload();
  await page.locator('.notice', { hasText: OFFER }).waitFor();
  expect(await script(), 'loading again asks for nothing').toBe(first);
  await Promise.all([page.waitForEvent('load'), page.click('.notice .button')]);
  expect(await script()).toBe(versions.script);
  await page.click('[data-action="example"]');
  await visit.tagged(EXAMPLE);
  expect(await visit.notices()).toEqual([]);
});

it('another window keeps its song, and is told', async () => {
  const other = new Visit(await page.context().newPage(), site.server.address);
  await other.page.goto(site.server.address);
  await other.page.click('[data-action="example"]');
  await other.tagged(EXAMPLE);
  await meetNext();
  await Promise.all([page.waitForEvent('load'), page.click('.notice .button')]);
  await other.page.locator('.notice', { hasText: 'Another window has brought a new version' }).waitFor();
  expect(await script(other.page)).toBe(first);
  expect((await other.result()).file).toBe(EXAMPLE);
  await Promise.all([other.page.waitForEvent('load'), other.page.click('.notice .button')]);
  expect(await script(other.page)).toBe(versions.script);
  expect(other.unexpected()).toEqual([]);
});

it('it is there at the next visit, once no window has the old one', async () => {
  await meetNext();
  const next = await page.context().newPage();
  await page.close();
  const comeAgain = async () => {
    await next.goto('about:blank');
    await next.goto(site.server.address);
    return script(next);
  };
  await expect.poll(comeAgain).toBe(versions.script);
});
