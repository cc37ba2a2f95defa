/** Songs that the system opens or shares with the installed page, by events made up here. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { examplePath } from '../support/built.ts';
import { Site, type Visit } from '../support/browser.ts';
import { EXAMPLE } from '../support/songs.ts';

let site: Site;
let visit: Visit;
let page: Page;

beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site?.close());
afterEach(async () => {
  await visit.close();
  expect(visit.unexpected()).toEqual([]);
});

interface Launching {
  launch(launch: { files: object[] }): void;
}

/** Opens the page in a browser that launches it with files. */
async function arriveLaunched(): Promise<void> {
  visit = await site.visit({}, (opened) =>
    opened.addInitScript(() =>
      Object.defineProperty(window, 'launchQueue', {
        value: { setConsumer: (launch: unknown) => Object.assign(window, { launch }) },
      }),
    ),
  );
  page = visit.page;
}

/** Launches it with these; a file without content is gone. */
async function launch(...files: { name: string; content?: string }[]): Promise<void> {
  await page.evaluate((given) => {
    const handles = given.map(({ name, content }) => ({
      name,
      getFile: async () => {
        if (content === undefined) throw new DOMException('gone', 'NotFoundError');
        return new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], name);
      },
    }));
    (window as unknown as Launching).launch({ files: handles });
  }, files);
}

const song = (name: string) => ({ name, content: readFileSync(examplePath()).toString('base64') });

it('a file that the system opens is tagged', async () => {
  await arriveLaunched();
  await launch(song('opened.mp3'));
  await visit.tagged('opened.mp3');
});

it('one that is gone is named, and the next is tagged', async () => {
  await arriveLaunched();
  await launch({ name: 'gone.mp3' }, song('opened.mp3'));
  await visit.tagged('opened.mp3');
  expect(await visit.notices()).toEqual([expect.stringMatching(/^gone\.mp3 could not be opened/)]);
});

it('a launch without files changes nothing', async () => {
  await arriveLaunched();
  await launch();
  expect(await page.locator('#welcome').isVisible()).toBe(true);
});

/** As the system shares: a form that is posted to the page's folder from elsewhere. */
async function share(...paths: string[]): Promise<void> {
  await page.goto('about:blank');
  await page.setContent(`
    <form method="post" enctype="multipart/form-data" action="${site.server.address}share">
      <input type="file" name="songs" multiple /><button>Share</button>
    </form>`);
  await page.setInputFiles('input', paths);
  await page.click('button');
  await page.waitForURL((url) => url.href.startsWith(site.server.address));
}

async function arriveInstalled(): Promise<void> {
  visit = await site.visit({ serviceWorkers: 'allow' });
  page = visit.page;
  await visit.install();
}

it('a song that is shared is tagged, once', async () => {
  await arriveInstalled();
  await share(examplePath());
  await visit.tagged(EXAMPLE);
  expect((await visit.result()).file).toBe(EXAMPLE);
  expect(page.url()).toBe(site.server.address);
  await page.reload();
  await page.locator('#welcome').waitFor();
  expect(await visit.notices()).toEqual([]);
});

it('a share that brought nothing says so', async () => {
  await arriveInstalled();
  await share();
  await page.locator('.notice.error', { hasText: 'did not arrive' }).waitFor();
});

it('shared songs that there is no room for are told of', async () => {
  await arriveInstalled();
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(site.server.address);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await share(examplePath());
  await page.locator('.notice.error', { hasText: 'There is no room for all that was shared' }).waitFor();
  expect(await visit.notices()).toHaveLength(1);
  expect(page.url()).toBe(site.server.address);
});

it('the shortcut tags the example', async () => {
  visit = await site.visit();
  page = visit.page;
  await page.goto(`${site.server.address}?example`);
  await visit.tagged(EXAMPLE);
  expect(page.url()).toBe(site.server.address);
});
