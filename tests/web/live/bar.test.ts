/** The bar of live sound: for all eyes, in both languages, by keyboard, on a phone. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findings } from '../support/axe.ts';
import { IN_FIREFOX, Site, type Visit } from '../support/browser.ts';
import { examplePath, inRepository } from '../support/built.ts';
import { ffmpeg } from '../support/program.ts';
import { Folder } from '../support/songs.ts';

const SHOTS = inRepository('build/screenshots');

const folder = new Folder();
let site: Site;
let visit: Visit;
let page: Page;

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  ffmpeg('-i', examplePath(), '-ac', '1', '-ar', '48000', folder.at('heard.wav'));
  site = await Site.hearing(folder.at('heard.wav'));
});
afterAll(async () => {
  await site?.close();
  folder.remove();
});
afterEach(async () => {
  await visit.close();
  expect(visit.unexpected()).toEqual([]);
});

/** Firefox is started so that it asks nobody; colours can't be chosen there. */
async function hear(locale: string, colorScheme: 'light' | 'dark', width = 1280): Promise<void> {
  const look = { locale, reducedMotion: 'reduce', viewport: { width, height: 800 } } as const;
  visit = await site.visit(IN_FIREFOX ? look : { ...look, colorScheme, permissions: ['microphone'] });
  page = visit.page;
  await page.locator('#languages button').first().waitFor();
  await page.click('#listen-now');
  await page.locator('.top-tag').first().waitFor();
}

const pause = () => page.locator('.live-bar button').first();
const stop = () => page.locator('.live-bar button.primary');

describe.each([
  ['en-GB', 'light', 1280],
  ['en-GB', 'dark', 360],
  ['de-DE', 'dark', 1280],
  ['de-DE', 'light', 360],
] as const)('in %s, %s, %d pixels wide', (locale, colours, width) => {
  it('axe finds nothing, and nothing is cut', async () => {
    await hear(locale, colours, width);
    for (const state of ['live', 'paused']) {
      if (state === 'paused') await pause().click();
      expect(await findings(visit), state).toEqual([]);
      if (!IN_FIREFOX) await page.screenshot({ path: join(SHOTS, `${state}-${locale}-${width}.png`) });
      expect(await visit.overflow(), state).toBeLessThanOrEqual(0);
      const cut = await page
        .locator('.song-bar :is(.button, .live-words, .clock):visible')
        .evaluateAll((all) =>
          all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent),
        );
      expect(cut, state).toEqual([]);
    }
    await stop().click();
    await visit.tagged(locale === 'de-DE' ? 'Mikrofon' : 'Microphone');
  });
});

it('is paused, resumed, saved from and stopped by keyboard', async () => {
  await hear('en-GB', 'light');
  const focused = () => page.evaluate(() => document.activeElement!.textContent!.trim());
  await page.locator('#song-title').focus();
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Pause');
  await page.keyboard.press('Enter');
  expect(await focused()).toBe('Resume');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Stop');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Export');
  await page.keyboard.press('Enter');
  await page.locator('#export-menu .menu-item').first().waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement!.id)).toBe('seek');
  await page.keyboard.press('Space');
  await page.waitForFunction(() => document.querySelector('audio')!.currentTime > 0.1);
  await pause().focus();
  await page.keyboard.press('Space');
  expect(await focused()).toBe('Pause');
  expect(await page.locator('#play').isVisible()).toBe(false);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await visit.tagged('Microphone');
  expect(await page.evaluate(() => document.activeElement!.id)).toBe('song-title');
});
