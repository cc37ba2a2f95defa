/** Any host will do, with the headers of docs/hosting.md or without any; and nothing comes from anywhere else. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { inRepository } from '../support/built.ts';
import { Site } from '../support/browser.ts';
import { EXAMPLE } from '../support/songs.ts';

const POLICY = /^ +(default-src .*)$/m.exec(readFileSync(inRepository('docs/hosting.md'), 'utf8'))![1]!;
const STRICT = { 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff' };

let site: Site;
afterEach(() => site?.close());

it('the document names the page’s own policy, and forbids to frame it', async () => {
  site = await Site.open();
  const { page } = await site.visit();
  const own = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content');
  expect(POLICY).toBe(`${own}; frame-ancestors 'none'`);
  expect(POLICY).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
});

it.each([
  ['without headers', undefined],
  ['with strict headers', STRICT],
])('%s all of it works, and every request is for the page’s own folder', async (_name, headers) => {
  site = await Site.open(undefined, headers);
  const visit = await site.visit({ serviceWorkers: 'allow' });
  const { page } = visit;
  const strangers: string[] = [];
  page.context().on('request', (request) => {
    if (!/^blob:|^data:/.test(request.url()) && !request.url().startsWith(site.server.address))
      strangers.push(request.url());
  });
  await page.click('[data-action="example"]');
  await visit.tagged(EXAMPLE);
  await visit.controlled();
  await visit.choose('#compare', 'MSD_vgg');
  await visit.tagged(EXAMPLE);
  await page.click('#play');
  await page.locator('#play.playing').waitFor();
  expect((await visit.result()).file).toBe(EXAMPLE);
  await visit.drop(site.folder.repeated(2));
  await visit.tagged('2-times.mp3');
  await page.goto(`${site.server.address}bench.html`);
  await page.locator('h1').waitFor();
  expect(strangers).toEqual([]);
  expect(visit.unexpected()).toEqual([]);
});

it('the page could not send anything elsewhere if it tried', async () => {
  site = await Site.open();
  const visit = await site.visit();
  visit.expected = /elsewhere\.example/;
  const tried = await visit.page.evaluate(async () => {
    const violated = new Promise<string>((resolve) =>
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective)),
    );
    await fetch('https://elsewhere.example/', { method: 'POST', body: 'music' }).catch(() => undefined);
    return violated;
  });
  expect(tried).toBe('connect-src');
});
