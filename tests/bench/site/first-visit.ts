/** Bytes over the wire until someone who has never been here sees the taggram of the example. */
import { readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import type { PageFigures } from '../measured.ts';

/** What static hosts compress; models and audio they send as they are. */
const COMPRESSED = /\.(html|js|css|wasm|svg|json|txt)$/;
const EXAMPLE = /^example\/.*\.mp3$/;

/** `root`: the folder that is served at `address`. */
export async function weighFirstVisit(
  browser: Browser,
  address: string,
  root: string,
): Promise<PageFigures['firstVisit']> {
  const context = await browser.newContext({ serviceWorkers: 'block' }); // what it fetches after that is for later visits
  const page = await context.newPage();
  const names = new Set<string>();
  context.on('request', (request) => {
    if (request.url().startsWith(address)) names.add(nameOf(request.url(), address));
  });
  await page.goto(address);
  await page.click('[data-action="example"]');
  await page.locator('#export:enabled').waitFor();
  await context.close();
  const files = [...names].map((name) => weigh(root, name)).toSorted((a, b) => b.bytes - a.bytes);
  const bytes = (some: typeof files) => some.reduce((sum, file) => sum + file.bytes, 0);
  const example = bytes(files.filter(({ name }) => EXAMPLE.test(name)));
  return { total: bytes(files) - example, example, files };
}

function nameOf(url: string, address: string): string {
  return decodeURIComponent(relative(new URL(address).pathname, new URL(url).pathname)) || 'index.html';
}

function weigh(root: string, name: string): { name: string; bytes: number; gzipped: boolean } {
  const path = join(root, name);
  const gzipped = COMPRESSED.test(name);
  return { name, gzipped, bytes: gzipped ? gzipSync(readFileSync(path)).length : statSync(path).size };
}
