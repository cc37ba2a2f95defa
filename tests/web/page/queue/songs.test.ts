/** The list of songs: many at once, one after the other; kept for the next visit. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hold, IN_FIREFOX, Site, type Visit } from '../../support/browser.ts';
import { examplePath } from '../../support/built.ts';
import { EXAMPLE } from '../../support/songs.ts';

let site: Site;
let visit: Visit;
let page: Page;
let twice: string;
let fourTimes: string;

beforeAll(async () => {
  site = await Site.open();
  twice = site.folder.repeated(2);
  fourTimes = site.folder.repeated(4);
});
afterAll(() => site?.close());
beforeEach(async () => {
  visit = await site.visit({ reducedMotion: 'reduce' });
  page = visit.page;
});
afterEach(async () => {
  await visit.close();
  expect(visit.unexpected()).toEqual([]);
});

function names(): Promise<string[]> {
  return page.locator('.song-row-name').allTextContents();
}

/** A folder of songs with a cover, and one in it with another song. */
function album(): string {
  const folder = site.folder.at('album');
  mkdirSync(join(folder, 'disc 2'), { recursive: true });
  copyFileSync(examplePath(), join(folder, '10 last.mp3'));
  copyFileSync(twice, join(folder, '2 second.mp3'));
  copyFileSync(examplePath(), join(folder, 'disc 2', 'bonus.mp3'));
  copyFileSync(examplePath(), join(folder, 'cover.jpg'));
  return folder;
}

describe('many songs', () => {
  it('are tagged one after the other, the first one shown', async () => {
    await visit.drop(examplePath(), twice, fourTimes);
    await visit.tagged(EXAMPLE);
    for (const name of [EXAMPLE, '2-times.mp3', '4-times.mp3']) await visit.state(name, 'done');
    expect(await page.locator('#song-title').textContent(), 'which stays').toBe(EXAMPLE);
    expect(await page.locator('#songs-summary').textContent()).toBe('3 songs: 3 tagged');
    expect(await visit.row('2-times.mp3').locator('.song-row-words').textContent()).toMatch(/, .+ and /);
    await visit.row('4-times.mp3').locator('.song-row-open').click();
    await visit.tagged('4-times.mp3');
    expect((await visit.result()).segments).toHaveLength(40);
    expect(await visit.row('4-times.mp3').locator('[aria-current]').count()).toBe(1);
  });

  it('tell how far each is', async () => {
    const long = site.folder.repeated(40);
    const listening = visit.row('40-times.mp3').locator('.song-row-words', {
      hasText: /^Listening: \d+ of 401 segments/,
    });
    await visit.drop(examplePath(), long);
    await listening.waitFor();
    await visit.act('Stop', '40-times.mp3');
    await visit.state('40-times.mp3', 'stopped');
  });

  it.skipIf(IN_FIREFOX)(
    'come from a folder in the order of their names, without what is no audio',
    async () => {
      await visit.drop(album());
      await visit.tagged('2 second.mp3');
      expect(await names()).toEqual(['2 second.mp3', '10 last.mp3', 'bonus.mp3']);
      for (const name of await names()) await visit.state(name, 'done');
      expect(await visit.notices()).toEqual([]);
    },
  );

  it.skipIf(IN_FIREFOX)('come from a folder with those that can’t be decoded, which is said', async () => {
    const folder = site.folder.at('old');
    mkdirSync(folder);
    copyFileSync(examplePath(), join(folder, 'a.mp3'));
    const undecoded = ['b.ape', 'c.wv', 'd.dsf'];
    for (const name of undecoded) writeFileSync(join(folder, name), 'MAC '.repeat(100));
    writeFileSync(join(folder, 'list.m3u'), 'a.mp3\n');
    await visit.drop(folder);
    await visit.state('a.mp3', 'done');
    expect(await names()).toEqual(['a.mp3', ...undecoded]);
    for (const name of undecoded) await visit.state(name, 'failed');
  });

  it('go on when one among them can’t be tagged', async () => {
    await visit.drop(examplePath(), site.folder.tooShort(), twice);
    await visit.state('2-times.mp3', 'done');
    await visit.state('short.wav', 'failed');
    expect(await visit.row('short.wav').locator('.song-row-words').textContent()).toMatch(
      /^short\.wav lasts less/,
    );
    expect(await visit.notices(), 'the list says it').toEqual([]);
  });

  it('can be stopped, tried again and removed', async () => {
    const model = await hold(page, '**/MTT_vgg*.gguf');
    await visit.drop(examplePath());
    await visit.tagged(EXAMPLE);
    await visit.choose('#model', 'MTT_vgg');
    await visit.drop(examplePath(), twice, fourTimes);
    await visit.state('4-times.mp3', 'waiting');
    await visit.act('Stop', '2-times.mp3');
    await visit.act('Remove', '4-times.mp3');
    model.pass();
    await visit.state(EXAMPLE, 'done');
    await visit.state('2-times.mp3', 'stopped');
    expect(await names()).toEqual([EXAMPLE, '2-times.mp3']);
    await visit.act('Try again', '2-times.mp3');
    await visit.state('2-times.mp3', 'done');
  });

  it('are known again when they are dropped again', async () => {
    await visit.drop(examplePath(), twice);
    await visit.state('2-times.mp3', 'done');
    await visit.drop(twice);
    await visit.tagged('2-times.mp3');
    expect(await names()).toEqual([EXAMPLE, '2-times.mp3']);
  });
});

describe('the next visit', () => {
  beforeEach(async () => {
    await visit.drop(examplePath(), twice);
    for (const name of [EXAMPLE, '2-times.mp3']) await visit.state(name, 'done');
  });

  it('shows what was heard, and computes nothing twice', async () => {
    const waveform = () =>
      page.locator('.wave canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const before = await visit.result();
    await visit.still();
    const seen = await waveform();
    await page.reload();
    const kept = /kept in this browser .*; the music is not/;
    await page.locator('#songs-storage', { hasText: kept }).waitFor();
    await page.route('**/*.gguf', (route) => route.abort());
    await visit.row(EXAMPLE).locator('.song-row-open').click();
    await visit.tagged(EXAMPLE);
    expect(await visit.result()).toEqual(before);
    await visit.still();
    expect(await waveform()).toBe(seen);
    expect(await page.locator('#play').isDisabled(), 'there is nothing to play').toBe(true);
    const facts = page.locator('#song-facts');
    expect(await facts.textContent()).toBe('MP3, 44.1 kHz, stereo, drop it again to hear it');
    await visit.drop(examplePath());
    await page.locator('#play:enabled').waitFor();
    expect(await facts.textContent()).toBe('MP3, 44.1 kHz, stereo');
    expect(await names()).toHaveLength(2);
    visit.expected = /Failed to load|could not be loaded/;
  });

  it('lists the tags of the chosen model, whichever was the last to hear it', async () => {
    const words = () => visit.row(EXAMPLE).locator('.song-row-words').textContent();
    const before = await words();
    await page.evaluate(() => document.querySelector('#announcer')!.replaceChildren());
    await visit.choose('#compare', 'MSD_musicnn');
    await page.locator('#announcer', { hasText: 'Done.' }).waitFor({ state: 'attached' }); // and kept
    await visit.drop(site.folder.tooShort());
    await visit.state('short.wav', 'failed'); // the list is drawn anew
    expect(await words()).toBe(before);
    await page.reload();
    await visit.row(EXAMPLE).waitFor();
    expect(await words()).toBe(before);
  });

  it('tells what another model wants', async () => {
    await page.reload();
    await visit.row('2-times.mp3').locator('.song-row-open').click();
    await visit.tagged('2-times.mp3');
    await visit.choose('#model', 'MSD_musicnn');
    await page.locator('.notice.error', { hasText: 'Only what was heard in 2-times.mp3 is kept' }).waitFor();
    expect(await page.locator('#model .field-value').textContent(), 'which goes back').toBe('MTT_musicnn');
    await visit.drop(twice);
    await visit.tagged('2-times.mp3');
    await visit.choose('#model', 'MSD_musicnn');
    await page.locator('.pane .label', { hasText: 'Hip-Hop' }).waitFor({ state: 'attached' });
    await visit.tagged('2-times.mp3');
  });

  it('has forgotten what was to be forgotten', async () => {
    await visit.act('Remove', EXAMPLE);
    await page.reload();
    await visit.row('2-times.mp3').waitFor();
    expect(await names()).toEqual(['2-times.mp3']);
    await visit.forget();
    await page.locator('#songs').waitFor({ state: 'hidden' });
    await page.reload();
    await page.locator('#welcome').waitFor();
    expect(await page.locator('#songs').isVisible()).toBe(false);
  });
});

/** The browser lets the page keep nothing; of Firefox that can't be asked for, so it is made up there. */
async function leaveNoRoom(): Promise<void> {
  if (IN_FIREFOX)
    return page.evaluate(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('No room.', 'QuotaExceededError');
      };
    });
  const session = await page.context().newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
}

describe('songs for which there is no room', () => {
  const notice = (text: string) => page.locator('.notice.info', { hasText: text });

  beforeEach(async () => {
    await leaveNoRoom();
    await visit.drop(examplePath());
    await visit.tagged(EXAMPLE);
    await notice(`There is no room to keep ${EXAMPLE}`).waitFor();
  });

  it('are shown all the same, and told of in one notice', async () => {
    await visit.drop(twice, fourTimes);
    await visit.tagged('2-times.mp3');
    await notice('3 songs could not be kept for the next visit').waitFor();
    expect(await visit.notices()).toHaveLength(1);
    await visit.act('Remove', '2-times.mp3');
    await notice('could not be kept').waitFor({ state: 'detached' });
  });

  it('are told of no more once a person has closed that', async () => {
    await page.click('.notice-close');
    await visit.drop(twice, fourTimes);
    for (const name of ['2-times.mp3', '4-times.mp3']) await visit.state(name, 'done');
    await page.locator('#songs-summary', { hasText: '3 songs: 3 tagged' }).waitFor();
    expect(await visit.notices()).toEqual([]);
  });
});

describe('to forget all', () => {
  const dialog = () => page.getByRole('dialog');
  const forgetAll = () => page.locator('#songs').getByRole('button', { name: 'Forget all' });

  it('is asked about, and by Escape nothing is forgotten', async () => {
    await visit.drop(examplePath(), twice);
    await visit.state('2-times.mp3', 'done');
    await forgetAll().click();
    await page.getByRole('dialog', { name: 'Forget all 2 songs?' }).waitFor();
    expect(await page.evaluate(() => document.activeElement!.textContent)).toBe('Cancel');
    expect(await dialog().getByRole('button').allTextContents()).toEqual(['Cancel', 'Forget all']);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement!.textContent)).toBe('Forget all');
    expect(await names()).toEqual([EXAMPLE, '2-times.mp3']);
    await visit.forget();
    await page.locator('#songs').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement!.textContent)).toBe('Choose a song');
  });

  it('may spare what is being tagged', async () => {
    const long = site.folder.repeated(100);
    await visit.drop(examplePath(), twice);
    await visit.state('2-times.mp3', 'done');
    await visit.drop(long);
    await visit.underWay();
    await forgetAll().click();
    await dialog().getByText('Not tagged to the end yet: 1.').waitFor();
    await dialog().getByRole('button', { name: 'Forget finished ones' }).click();
    await visit.row(EXAMPLE).waitFor({ state: 'detached' });
    expect(await page.locator('#song-title').textContent()).toBe('100-times.mp3');
    await visit.underWay();
    await page.reload();
    await page.locator('#welcome').waitFor();
    expect(await page.locator('.song-row').count()).toBe(0);
  });
});
