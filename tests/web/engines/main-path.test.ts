/** The page's main path in browsers other than Chromium, which all other tests of the page are for. */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examplePath } from '../support/built.ts';
import { Guest, type Driven } from '../support/driven.ts';
import { openFirefox } from '../support/firefox.ts';
import { golden, largestDifference } from '../support/npy.ts';
import { ffmpeg, tagInTerminal } from '../support/program.ts';
import { serve, type Server } from '../support/server.ts';
import { EXAMPLE, Folder } from '../support/songs.ts';
import { openWebKit } from '../support/webkit.ts';

/** Of scores. */
const TOLERANCE = 5e-3;
const FORMATS: [format: string, ...coding: string[]][] = [
  ['wav'],
  ['flac'],
  ['mp3'],
  ['m4a'],
  ['ogg'],
  ['opus'],
  ['webm'],
  ['low.mp3', '-ar', '22050', '-ac', '1', '-q:a', '5'],
  ['mka', '-c:a', 'libmp3lame'],
];

describe.each([
  ['Firefox', openFirefox],
  ['WebKit', openWebKit],
])('%s', (name, open) => {
  const folder = new Folder();
  let server: Server;
  let page: Driven;
  let guest: Guest;

  beforeAll(async () => {
    server = await serve();
    page = await open();
    guest = new Guest(page);
    await page.goto(server.address);
  });
  afterAll(async () => {
    await page?.close();
    server.close();
    folder.remove();
  });

  it('tags the example', async () => {
    await guest.tagExample();
    const [heard, expected] = [await guest.result(), tagInTerminal(examplePath())];
    expect(heard.top.map(({ tag }) => tag)).toEqual(expected.top.map(({ tag }) => tag));
    expect(largestDifference(heard.taggram.flat(), expected.taggram.flat())).toBeLessThan(TOLERANCE);
  });

  it('gives the scores of the original network', async () => {
    const song = folder.at('example.flac');
    ffmpeg('-i', examplePath(), song);
    await page.choose(song);
    await guest.tagged(basename(song));
    const { taggram } = await guest.result();
    const worst = largestDifference(taggram.flat(), golden('example/MTT_musicnn/tags_hop187.npy').values);
    console.log(`${name}, example: largest difference from the goldens ${worst.toExponential(2)}`);
    expect(worst).toBeLessThan(TOLERANCE);
  });

  it('compares two models', async () => {
    await guest.choose('#compare', 'MSD_musicnn');
    await guest.tagged('example.flac');
    expect(await page.evaluate(() => document.querySelectorAll('.pane').length)).toBe(2);
    await guest.choose('#compare', 'Nothing');
  });

  it.each(FORMATS)('tags %s as the program does', async (format, ...coding) => {
    const song = folder.at(`${name}.${format}`);
    ffmpeg('-i', examplePath(), '-t', '10', '-ar', '48000', ...coding, song);
    await page.choose(song);
    await guest.tagged(basename(song));
    const { taggram } = await guest.result();
    const worst = largestDifference(taggram.flat(), tagInTerminal(song).taggram.flat());
    console.log(`${name}, ${format}: largest difference from the program ${worst.toExponential(2)}`);
    expect(worst).toBeLessThan(TOLERANCE);
  });

  it('says in a sentence that a file is no song', async () => {
    const words = folder.at('words.mp3');
    writeFileSync(words, 'These are words, not music.\n'.repeat(100));
    await page.choose(words);
    await expect(guest.tagged(basename(words))).rejects.toThrow(/^words\.mp3 /);
  });

  it('shows on the next visit what was heard, without hearing it again', async () => {
    await guest.tagExample();
    await page.goto(server.address);
    await page.evaluate(async (song) => {
      const row = () =>
        [...document.querySelectorAll('.song-row[data-state="done"]')].find((one) =>
          one.textContent!.includes(song),
        );
      while (!row()) await new Promise((resolve) => setTimeout(resolve, 20));
      row()!.querySelector<HTMLElement>('.song-row-open')!.click();
    }, EXAMPLE);
    await guest.tagged(EXAMPLE);
    const [again, expected] = [await guest.result(), tagInTerminal(examplePath())];
    expect(largestDifference(again.taggram.flat(), expected.taggram.flat())).toBeLessThan(TOLERANCE);
  });

  it('hears a microphone, pauses, saves and stops', async () => {
    await page.evaluate(async () => {
      document.querySelector<HTMLElement>('#listen')!.click();
      document.querySelector<HTMLElement>('#listen-menu .menu-item')!.click();
      while (!document.querySelector('.live-bar')) await new Promise((resolve) => setTimeout(resolve, 20));
    });
    await guest.heard(4);
    await guest.click('.live-bar button'); // pause
    await guest.tagged(await guest.text('#song-title'));
    const before = await guest.result();
    await guest.click('.live-bar button'); // resume
    await guest.heard(6);
    await guest.click('.live-bar .primary');
    await guest.tagged(before.file);
    const all = await guest.result();
    expect(before.segments.length).toBeGreaterThan(1);
    expect(all.segments.length).toBeGreaterThan(before.segments.length);
    expect(all.segments.some(({ silent }) => !silent)).toBe(true);
  });

  it('is loaded again and tags with the server gone', async () => {
    await guest.controlled();
    server.close();
    await page.goto(server.address);
    await guest.tagExample();
  });
});
