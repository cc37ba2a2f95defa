/** Files that make others run in circles: the page stays alive and tells what there is. */
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { examplePath } from '../support/built.ts';
import { Site, type Visit } from '../support/browser.ts';
import { ffmpeg, tagInTerminal } from '../support/program.ts';

let site: Site;
let visit: Visit;
let folder: string;
const made = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'taggram-'));
  ffmpeg('-i', examplePath(), '-c:a', 'libopus', made('whole.webm'));
  site = await Site.open();
});
afterAll(async () => {
  await site?.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  visit = await site.visit();
});
afterEach(async () => {
  await visit.close();
  expect(visit.unexpected()).toEqual([]);
});

it('a WebM whose second half never came is tagged as far as it goes', async () => {
  const bytes = readFileSync(made('whole.webm'));
  writeFileSync(made('half.webm'), bytes.fill(0, Math.floor(bytes.length / 2)));
  await visit.drop(made('half.webm'));
  await visit.tagged('half.webm');
  const { duration, warnings } = await visit.result();
  expect(duration).toBeGreaterThan(10);
  expect(duration).toBeLessThan(20);
  expect(warnings).toEqual([expect.stringMatching(/^It is cut short: the header states 30\.\d s/)]);
});

it('a WebM that is cut short has the warning that the program has', async () => {
  copyFileSync(made('whole.webm'), made('cut.webm'));
  truncateSync(made('cut.webm'), Math.floor(statSync(made('cut.webm')).size / 2));
  await visit.drop(made('cut.webm'));
  await visit.tagged('cut.webm');
  // The browser takes no packets from the cluster that is not whole.
  const withoutLength = (warning: string) => warning.replace(/only \d+\.\d s/, 'only');
  const { warnings } = await visit.result();
  expect(warnings).toHaveLength(1);
  expect(warnings.map(withoutLength)).toEqual(tagInTerminal(made('cut.webm')).warnings.map(withoutLength));
});

it('an MP4 box that has no size ends the search for others', async () => {
  const box = Buffer.alloc(40);
  box.write('ftypM4A ', 4);
  box.writeUInt32BE(24, 0);
  box.writeUInt32BE(1, 24);
  box.write('free', 28);
  writeFileSync(made('loop.m4a'), box);
  await visit.drop(made('loop.m4a'));
  await visit.page.locator('.notice.error').waitFor();
  expect((await visit.notices())[0]).toMatch(/^loop\.m4a/);
});
