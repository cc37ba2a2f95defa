/** A new version is offered, waits to be wanted, and never mixes with the one before. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
async function meetNext(host?: { keepsOld: boolean }): Promise<void> {
  versions.publishNext(host);
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

describe('a window of the old version, when another has brought the new one', () => {
  let old: Visit;
  let figure: string;
  /** What has come to it since. */
  let come: string[];

  async function beReplaced(host?: { keepsOld: boolean }): Promise<void> {
    figure = versions.figure;
    old = new Visit(await page.context().newPage(), site.server.address);
    await old.page.goto(site.server.address);
    await meetNext(host);
    await Promise.all([page.waitForEvent('load'), page.click('.notice .button')]);
    await old.page.locator('.notice', { hasText: 'Another window has brought a new version' }).waitFor();
    come = [];
    old.page.on('response', (response) => {
      if (response.ok()) come.push(new URL(response.url()).pathname.split('/').pop()!);
    });
  }

  async function askForFigure(): Promise<void> {
    await old.page.locator('nav [data-action="architecture"]').click();
  }

  it('is told when a part of the old is gone, and loads the new when that is wanted', async () => {
    await beReplaced();
    old.expected = /404|Failed to load/;
    await askForFigure();
    const gone = old.page.locator('.notice.error', {
      hasText: 'a part of it is gone. Load this page again.',
    });
    await gone.waitFor();
    expect(await old.notices()).toHaveLength(1);
    expect(site.server.asked).toContain(`assets/${figure}`);
    expect(come.filter((name) => name.endsWith('.js'))).toEqual([]);
    await Promise.all([old.page.waitForEvent('load'), gone.locator('.button').click()]);
    expect(await script(old.page)).toBe(versions.script);
    await askForFigure();
    await old.page.locator('.architecture[open]').waitFor();
    expect(come).toContain(versions.figure);
    expect(come).not.toContain(figure);
    expect(old.unexpected()).toEqual([]);
  });

  it('gets the old part where the host still has it, and none of the new', async () => {
    await beReplaced({ keepsOld: true });
    await askForFigure();
    await old.page.locator('.architecture[open]').waitFor();
    expect(come).toContain(figure);
    for (const name of [versions.figure, versions.script]) expect(come).not.toContain(name);
    expect(old.unexpected()).toEqual([]);
  });
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
