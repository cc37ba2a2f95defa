/** Once a song has been tagged, the page needs no network any more. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

/** How often the host was asked for a model. */
const askedFor = (model: string) => site.server.asked.filter((path) => path.includes(model)).length;

/** Waits until this model, and its like, is on this device. */
async function kept(model: string): Promise<void> {
  await page.waitForFunction(async (name) => {
    const requests = await Promise.all(
      (await caches.keys()).map(async (key) => (await caches.open(key)).keys()),
    );
    return requests.flat().some(({ url }) => url.includes(`${name}-`));
  }, model);
}

it.each(['damaged', 'broken off'] as const)(
  'a model that comes %s is asked for twice, not kept, and had once the host is mended',
  async (how) => {
    await tagExample();
    await visit.controlled();
    site.server.spoils = { path: /MSD_vgg/, how };
    visit.expected = /Failed to load|ERR_/;
    await visit.choose('#model', 'MSD_vgg');
    const sentence =
      how === 'damaged'
        ? 'The model MSD_vgg arrived damaged, twice. Try again later, or choose another model.'
        : 'The model could not be loaded. Check the connection and try again.';
    await page.locator('.notice.error', { hasText: sentence }).waitFor();
    expect(await visit.notices()).toEqual([sentence]);
    expect(askedFor('MSD_vgg')).toBe(2);
    site.server.spoils = undefined;
    await visit.choose('#model', 'MSD_vgg');
    await visit.tagged(EXAMPLE);
    expect((await visit.result()).model).toBe('MSD_vgg');
    expect(await visit.notices()).toEqual([]);
    expect(askedFor('MSD_vgg')).toBe(3);
    await kept('MSD_vgg');
    site.server.close();
    await page.reload();
    await tagExample();
    expect((await visit.result()).model).toBe('MSD_vgg');
  },
);

it('a model that is damaged where it is kept is had anew', async () => {
  await tagExample();
  await visit.controlled();
  await visit.choose('#model', OTHER);
  await visit.tagged(EXAMPLE);
  await kept(OTHER);
  await page.evaluate(async (model) => {
    for (const key of await caches.keys()) {
      const cache = await caches.open(key);
      const [request] = (await cache.keys()).filter(({ url }) => url.includes(model));
      if (request) await cache.put(request, new Response('damaged'));
    }
  }, OTHER);
  await page.reload();
  await tagExample();
  expect((await visit.result()).model).toBe(OTHER);
  expect(askedFor(OTHER)).toBe(2);
  expect(await visit.notices()).toEqual([]);
});

it('of all models none is kept that comes damaged, which is said', async () => {
  await tagExample();
  await visit.controlled();
  site.server.spoils = { path: /MTT_vgg/, how: 'damaged' };
  await visit.choose('#model', 'Make all available offline');
  await page.locator('.notice.error', { hasText: 'The model MTT_vgg arrived damaged, twice.' }).waitFor();
  expect(askedFor('MTT_vgg')).toBe(2);
  expect(await visit.notices()).toHaveLength(1);
  site.server.spoils = undefined;
  await visit.choose('#model', 'Make all available offline');
  await page.locator('.notice', { hasText: 'All models are on this device' }).waitFor();
  expect(await visit.notices()).toHaveLength(1);
  expect(askedFor('MTT_vgg')).toBe(3);
});

it('models for which there is no room are told of', async () => {
  await tagExample();
  await visit.controlled();
  const session = await page.context().newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  visit.expected = /QuotaExceeded|Quota exceeded/;
  await visit.choose('#model', 'Make all available offline');
  await page.locator('.notice.error', { hasText: 'There is no room left on this device' }).waitFor();
  expect(await visit.notices()).toHaveLength(1);
});

/** Opens the menu of models anew until that is on offer there, and chooses it. */
async function chooseOnceOffered(label: string): Promise<void> {
  const menu = page.locator('#model-menu');
  const words = async () => {
    if (await menu.isVisible()) await page.keyboard.press('Escape');
    await page.click('#model');
    return menu.innerText();
  };
  await expect.poll(words).toContain(label);
  await menu.locator('.menu-item', { hasText: label }).click();
}

/** Waits until no model is on this device but those that came with the page. */
async function forgotten(): Promise<void> {
  await page.waitForFunction(async () => (await caches.keys()).every((key) => !/^taggram models/.test(key)));
}

describe('models that are kept', () => {
  beforeEach(async () => {
    await tagExample();
    await visit.controlled();
    await visit.choose('#model', OTHER);
    await visit.tagged(EXAMPLE);
    await kept(OTHER);
  });

  it('are told beside the songs, and forgotten from there', async () => {
    await page.reload();
    const line = page.locator('#models-storage', {
      hasText: 'Models are kept for use without a network (328 kB).',
    });
    await line.waitFor();
    await page.click('[data-action="forget-models"]');
    await page.locator('.notice', { hasText: 'The models are forgotten' }).waitFor();
    await line.waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement!.textContent)).toBe('Forget all');
    await forgotten();
    expect(askedFor(OTHER)).toBe(1);
    await page.reload();
    await kept(OTHER);
    expect(askedFor(OTHER)).toBe(2);
  });

  it('are forgotten from the menu; the default one stays', async () => {
    await chooseOnceOffered('Forget models kept offline');
    await forgotten();
    await visit.choose('#model', 'MTT_musicnn');
    await visit.tagged(EXAMPLE);
    site.server.close();
    await page.reload();
    await tagExample();
    expect((await visit.result()).model).toBe('MTT_musicnn');
  });
});

it('the browser is asked once not to clear what a person wants kept', async () => {
  await page.evaluate(() => {
    const counting = Object.assign(window, { asked: 0 });
    navigator.storage.persist = async () => ++counting.asked > 0;
  });
  const asked = () => page.evaluate(() => (window as unknown as { asked: number }).asked);
  await tagExample();
  await visit.controlled();
  expect(await asked()).toBe(0);
  await visit.choose('#model', 'Make all available offline');
  await page.locator('.notice', { hasText: 'All models are on this device' }).waitFor();
  await expect.poll(asked).toBe(1);
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
