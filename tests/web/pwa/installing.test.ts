/** The page can be installed, and that costs nothing before the first taggram. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { Site } from '../support/browser.ts';
import { builtPage } from '../support/built.ts';
import { launchForKeeps } from '../support/chromium.ts';
import { serve } from '../support/server.ts';
import { EXAMPLE } from '../support/songs.ts';

const WITH_SERVICE_WORKER = { serviceWorkers: 'allow' } as const;
/** As docs/hosting.md has it for files with a hash in their name. */
const KEPT = { 'cache-control': 'max-age=31536000, immutable' };

interface Manifest {
  icons: { src: string; sizes: string }[];
  file_handlers: { accept: Record<string, string[]> }[];
  share_target: { params: { files: { accept: string[] }[] } };
}
const MANIFEST: Manifest = JSON.parse(
  readFileSync(join(dirname(builtPage()), 'manifest.webmanifest'), 'utf8'),
);

let closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  closers = [];
});

async function withChromium(look: (page: Page, session: CDPSession) => Promise<void>): Promise<void> {
  const server = await serve();
  const context = await launchForKeeps();
  closers.push(server.close, () => context.close());
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await page.goto(server.address);
  await look(page, session);
}

it('Chromium finds nothing missing', () =>
  withChromium(async (_page, session) => {
    const { errors, manifest } = await session.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(manifest.shortcuts?.map(({ url }) => new URL(url).search || basename(url))).toEqual([
      '?example',
      'bench.html',
    ]);
    expect(manifest.shareTarget?.action).toBe(`${manifest.scope}share`);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    expect(installabilityErrors).toEqual([]);
  }));

it('each icon has the size that it is said to have', () =>
  withChromium(async (page) => {
    const sizes = await page.evaluate(
      (icons) =>
        Promise.all(
          icons.map(async ({ src }) => {
            const image = new Image();
            image.src = src;
            await image.decode();
            return `${image.naturalWidth}x${image.naturalHeight}`;
          }),
        ),
      MANIFEST.icons,
    );
    expect(sizes).toEqual(MANIFEST.icons.map((icon) => icon.sizes));
  }));

it('the system is told of every kind of file that the page lets choose', () =>
  withChromium(async (page) => {
    const chosen = (await page.getAttribute('#file', 'accept'))!.split(',').filter((kind) => kind[0] === '.');
    expect(chosen, 'which it reads in every browser').toEqual(
      expect.arrayContaining(['.mp3', '.flac', '.wav', '.aiff', '.aif']),
    );
    const { file_handlers: handlers, share_target: share } = MANIFEST;
    expect(handlers.flatMap(({ accept }) => Object.values(accept).flat()).toSorted()).toEqual(
      chosen.toSorted(),
    );
    expect(share.params.files[0]!.accept).toEqual(expect.arrayContaining(chosen));
  }));

it('nothing is fetched for later before the first taggram, and little anew after it', async () => {
  const site = await Site.open(undefined, KEPT);
  closers.push(() => site.close());
  const { server } = site;
  const visit = await site.visit(WITH_SERVICE_WORKER);
  const { page } = visit;
  await page.waitForLoadState('networkidle');
  await page.click('[data-action="example"]');
  const asked = await page.evaluate(() => navigator.serviceWorker.getRegistrations());
  expect(asked).toEqual([]);
  expect(server.asked).not.toContain('service-worker.js');
  await visit.tagged(EXAMPLE);
  await page.evaluate(() => navigator.serviceWorker.ready);
  expect(server.asked).toContain('service-worker.js');
  const again = server.asked.filter((path, index) => server.asked.indexOf(path) < index);
  expect(again.toSorted(), 'without a hash in their name').toEqual([`example/${EXAMPLE}`]);
  expect(visit.unexpected()).toEqual([]);
});
