/** Files that can't be tagged, each for its own reason, among songs that can: the list says why, and goes on. */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { hold, IN_FIREFOX, Site, type Visit } from '../../support/browser.ts';
import { examplePath } from '../../support/built.ts';
import { ffmpeg } from '../../support/program.ts';
import { EXAMPLE } from '../../support/songs.ts';

let site: Site;
let visit: Visit;
let page: Page;
const at = (name: string) => site.folder.at(name);

beforeAll(async () => (site = await Site.open()));
afterAll(() => site?.close());
beforeEach(async () => {
  visit = await site.visit();
  page = visit.page;
});
afterEach(async () => {
  await visit.close();
  expect(visit.unexpected()).toEqual([]);
});

async function wordsWhen(state: 'done' | 'failed', name: string): Promise<string> {
  return (await visit.row(name, state).locator('.song-row-words').textContent())!;
}

/** Made from the example, with these options. */
const CODED: [name: string, coding: string[], sentence: RegExp][] = [
  ['alac.m4a', ['-c:a', 'alac'], /holds ALAC in MP4, which .* Convert it to mp3/],
  ['ac3.mp4', ['-c:a', 'ac3'], /holds AC-3 in MP4/],
  ['eac3.mka', ['-c:a', 'eac3'], /holds E-AC-3 in Matroska/],
  ['dts.mka', ['-c:a', 'dca', '-strict', '-2', '-ac', '2'], /holds DTS in Matroska/],
  ['windows.mka', ['-c:a', 'wmav2'], /holds a Windows codec in Matroska/],
  ['song.wma', ['-c:a', 'wmav2'], /holds Windows Media \(WMA\)/],
  ['song.tta', [], /holds True Audio \(TTA\)/],
  ['song.wv', [], /holds WavPack/],
  ['song.caf', [], /holds Core Audio Format/],
  ['song.au', [], /holds Sun audio/],
  ['song.avi', ['-c:a', 'mp2'], /holds AVI video/],
  ['song.ts', ['-c:a', 'mp2'], /holds MPEG transport stream/],
  ['adpcm.wav', ['-c:a', 'adpcm_ms'], /holds ADPCM in WAVE/],
  ['speex.ogg', ['-c:a', 'libspeex', '-ar', '16000', '-ac', '1'], /holds Speex in Ogg/],
  ['encrypted.m4a', encryption(), /is protected by encryption \(DRM\): .* Choose a copy without/],
];

function encryption(): string[] {
  const key = '0123456789abcdef'.repeat(2);
  const how = ['-encryption_scheme', 'cenc-aes-ctr', '-encryption_key', key, '-encryption_kid', key];
  return ['-c:a', 'aac', ...how, '-f', 'mp4'];
}

/** As they begin. */
const MADE_UP: [name: string, content: () => string | Uint8Array, sentence: RegExp][] = [
  ['song.mid', () => 'MThd\0\0\0\x06', /is MIDI: it holds notes, not sound\. Choose a recording/],
  ['song.amr', () => '#!AMR\n', /holds AMR/],
  ['song.ape', () => 'MAC ', /holds Monkey’s Audio/],
  ['song.dsf', () => 'DSD ', /holds DSD/],
  ['list.m3u', () => 'song.mp3\n', /is a playlist: it names songs, but holds none\. Choose the songs/],
  ['list.txt', () => '#EXTM3U\nsong.mp3\n', /is a playlist/],
  ['shop.m4p', () => withEntry('drms'), /is protected by FairPlay: .* Choose a copy without/],
  ['book.aax', () => withEntry('aavd'), /is protected by Audible/],
  ['shop.wma', protectedMedia, /is protected by Windows Media DRM/],
];

/** An m4a whose sample entry has another name. */
function withEntry(name: string): Uint8Array {
  ffmpeg('-i', examplePath(), '-t', '3', '-c:a', 'aac', at('clear.m4a'));
  const bytes = readFileSync(at('clear.m4a'));
  bytes.write(name, bytes.lastIndexOf('mp4a'));
  return bytes;
}

function protectedMedia(): Uint8Array {
  const encryption = Buffer.from('fbb3112223bdd211b4b700a0c955fc6e', 'hex');
  return Buffer.concat([readFileSync(at('song.wma')).subarray(0, 50), encryption]);
}

it('what can’t be decoded is told by name, and songs go on', async () => {
  for (const [name, coding] of CODED) ffmpeg('-i', examplePath(), '-t', '3', ...coding, at(name));
  for (const [name, content] of MADE_UP) writeFileSync(at(name), content());
  copyFileSync(examplePath(), at('last.mp3'));
  visit.expected = /Unsupported audio codec/;
  const bad = [...CODED, ...MADE_UP];
  await visit.drop(examplePath(), ...bad.map(([name]) => at(name)), at('last.mp3'));
  await wordsWhen('done', 'last.mp3');
  await wordsWhen('done', EXAMPLE);
  for (const [name, , sentence] of bad) {
    const words = await wordsWhen('failed', name);
    expect(words.startsWith(`${name} `), words).toBe(true);
    expect(words).toMatch(sentence);
  }
  expect(await visit.notices()).toEqual([]);
});

it('a file that was deleted or changed before its turn is told of, and others go on', async () => {
  for (const name of ['deleted.mp3', 'changed.mp3', 'last.mp3']) copyFileSync(examplePath(), at(name));
  const model = await hold(page, '**/*.gguf');
  const names = ['deleted.mp3', 'changed.mp3', 'last.mp3'].map(at);
  await page.setInputFiles('#file', [examplePath(), ...names]);
  await page.locator('.song-row').nth(3).waitFor();
  rmSync(at('deleted.mp3'));
  writeFileSync(at('changed.mp3'), 'These are words, not music.\n');
  model.pass();
  await wordsWhen('done', 'last.mp3');
  const gone =
    /^\w+\.mp3 can't be read: it was deleted, moved or changed since it was chosen, .* Choose it again\.$/;
  expect(await wordsWhen('failed', 'deleted.mp3')).toMatch(gone);
  // Firefox reads what is there now.
  expect(await wordsWhen('failed', 'changed.mp3')).toMatch(IN_FIREFOX ? /is not audio/ : gone);
});

it('a file that is deleted while it is tagged is told of', async () => {
  const long = site.folder.repeated(100);
  await page.setInputFiles('#file', [long, examplePath()]);
  await visit.underWay();
  rmSync(long);
  expect(await wordsWhen('failed', '100-times.mp3')).toMatch(/^100-times\.mp3 can't be read: it was deleted/);
  await wordsWhen('done', EXAMPLE);
});

it('a browser that has no way to decode in pieces says so of what is too long', async () => {
  await page.route('**/decoder-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `delete self.AudioDecoder;${await response.text()}` });
  });
  await page.evaluate(() => Reflect.deleteProperty(window, 'AudioDecoder'));
  ffmpeg('-i', examplePath(), '-t', '3', '-c:a', 'aac', at('clear.m4a'));
  const bytes = readFileSync(at('clear.m4a'));
  bytes.writeUInt32BE(10 * 3600 * 44100, bytes.indexOf('mdhd') + 20);
  writeFileSync(at('ten-hours.m4a'), bytes);
  await visit.drop(at('ten-hours.m4a'), examplePath());
  expect(await wordsWhen('failed', 'ten-hours.m4a')).toMatch(
    /^ten-hours\.m4a is too long for this browser, which decodes AAC in MP4 only as a whole\. Use a newer/,
  );
  await wordsWhen('done', EXAMPLE);
});
