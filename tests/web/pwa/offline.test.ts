/** Once a song has been tagged, the page needs no network any more. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Site, type Visit } from '../support/browser.ts';
import { EXAMPLE } from '../support/songs.ts';
import { Versions } from '../support/versions.ts';

const OTHER = 'MSD_musicnn';

declare global {
  interface Window {
    /** What the page has asked for, in the test of a service worker that can't be had. */
    registered?: Promise<ServiceWorkerRegistration>;
  }
}

let versions: Versions;
let site: Site;
let visit: Visit;
let page: Page;

beforeEach(async () => {
  versions = new Versions();
  site = await Site.open(versions.folder);
  visit = await site.visit({ serviceWorkers: 'allow' });
  page = visit.page;
});
afterEach(async () => {
  await site?.close();
  versions.remove();
  expect(visit.unexpected()).toEqual([]);
});

async function tagExample(): Promise<void> {
  await page.click('[data-action="example"]');
  await visit.tagged(EXAMPLE);
}

it('it is loaded again and tags, with the server gone', async () => {
  await tagExample();
  const { taggram } = await visit.result();
  await visit.controlled();
  site.server.close();
  await page.reload();
  await tagExample();
  expect((await visit.result()).taggram).toEqual(taggram);
  await page.goto(`${site.server.address}bench.html`);
  await page.locator('h1').waitFor();
});

it('a model that was used once is there too, one that was not is told to be missing', async () => {
  await tagExample();
  await visit.controlled();
  await visit.choose('#model', OTHER);
  await visit.tagged(EXAMPLE);
  site.server.close();
  await page.reload();
  await tagExample();
  expect((await visit.result()).model).toBe(OTHER);
  visit.expected = /Failed to load|no-response/;
  await visit.choose('#model', 'MSD_vgg');
  await page.locator('.notice.error', { hasText: 'The model could not be loaded' }).waitFor();
  expect(await page.locator('#model .field-value').textContent()).toBe(OTHER);
});

it('all models are there once that was asked for', async () => {
  await tagExample();
  await visit.controlled();
  await visit.choose('#model', 'Make all available offline');
  await page.locator('.notice', { hasText: 'All models are on this device' }).waitFor();
  site.server.close();
  await page.reload();
  await tagExample();
  await visit.choose('#model', 'MSD_vgg');
  await visit.tagged(EXAMPLE);
  await page.click('#model');
  expect(await page.locator('#model-menu').innerText()).not.toContain('to load');
});

it('without a network, asking for all models says what is missing', async () => {
  await tagExample();
  await visit.controlled();
  site.server.close();
  visit.expected = /Failed to load|no-response/;
  await visit.choose('#model', 'Make all available offline');
  await page.locator('.notice.error', { hasText: 'The models could not be loaded' }).waitFor();
});

it('a file that is not the one of this version is refused, and then nothing is kept', async () => {
  versions.rewrite('licences.txt', (text) => `${text}of another version`);
  await page.evaluate(() => {
    const { serviceWorker } = navigator;
    const register = serviceWorker.register.bind(serviceWorker);
    serviceWorker.register = (...what) => (window.registered = register(...what));
  });
  await tagExample();
  visit.expected = /integrity/;
  await page.waitForFunction(() => window.registered);
  const states = await page.evaluate(async () => {
    const registration = await window.registered!;
    const worker = registration.installing ?? registration.waiting ?? registration.active;
    while (worker && !['redundant', 'activated'].includes(worker.state))
      await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }));
    return [worker?.state ?? 'redundant', navigator.serviceWorker.controller];
  });
  expect(states).toEqual(['redundant', null]);
});
