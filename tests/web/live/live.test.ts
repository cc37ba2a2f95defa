/** Live sound on the page, in a browser whose microphone hears the example. */
import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { secondsToFrames } from '../../../web/frames.ts';
import type { TaggedFile } from '../../../web/taggram.ts';
import { IN_FIREFOX, Site, type Visit } from '../support/browser.ts';
import { examplePath } from '../support/built.ts';
import { largestDifference } from '../support/npy.ts';
import { ffmpeg } from '../support/program.ts';
import { EXAMPLE, Folder } from '../support/songs.ts';

/** Bytes of a recording's head, and where it tells how many a sample of all channels takes. */
const WAVE_HEAD = 44;
const WAVE_BLOCK = 32;

const folder = new Folder();
let site: Site;
let visit: Visit;
let page: Page;

/** What a page is asked before it is there: tracks and what goes wrong with them. */
declare global {
  interface Window {
    tracks: MediaStreamTrack[];
    context: AudioContext;
  }
}

beforeAll(async () => {
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

/** Keeps the tracks that the page is given in `tracks`. */
function keepTracks(): void {
  window.tracks = [];
  if (!('MediaDevices' in window)) return; // Firefox comes by its own empty page
  const own = MediaDevices.prototype.getUserMedia;
  MediaDevices.prototype.getUserMedia = async function (options) {
    const stream = await own.call(this, options);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
}

/** Firefox is started so that it asks nobody. */
async function come(permissions: string[] = ['microphone']): Promise<void> {
  visit = await site.visit(IN_FIREFOX ? {} : { permissions }, (tab) => tab.addInitScript(keepTracks));
  page = visit.page;
}

const press = (name: string) => page.locator('.live-bar button', { hasText: name }).click();

/** Waits until so many seconds are heard. */
async function heard(seconds: number): Promise<void> {
  await page.waitForFunction((least) => {
    const [minutes, rest] = document.querySelector('.live-time')?.textContent.split(':').map(Number) ?? [
      0, 0,
    ];
    return 60 * minutes! + rest! >= least;
  }, seconds);
}

/** Seconds that the bar tells. */
async function seconds(): Promise<number> {
  const [minutes, rest] = (await page.locator('.live-time').textContent())!.split(':').map(Number);
  return 60 * minutes! + rest!;
}

const listen = () => page.click('#listen-now');

it('the microphone is heard, paused, and an ordinary song afterwards', async () => {
  await come();
  await listen();
  await page.locator('.top-tag').first().waitFor();
  expect(await page.locator('#stage').textContent()).toBe(
    'Each answer is about the last 3.0 seconds; a new one comes every 0.5 seconds.',
  );
  expect(await page.locator('#song-title').textContent()).toMatch(/^Microphone \d{4}-\d\d-\d\d \d\d:\d\d$/);
  await heard(5);
  await press('Pause');
  await page.locator('.song.paused').waitFor();
  await press('Resume');
  await heard(7);
  await press('Stop');
  await visit.tagged('Microphone');
  expect(await states()).toEqual(['ended']);
  const live = await visit.result();
  const recording = await visit.exported('WAV', 1);
  expect(live.duration).toBeGreaterThanOrEqual(7);
  await page.click('#play');
  await page.waitForFunction(() => document.querySelector('audio')!.currentTime > 0.1);
  expect(await page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.duration)).toBeCloseTo(
    live.duration,
    2,
  );

  writeFileSync(folder.at('recording.wav'), recording.content);
  await visit.drop(folder.at('recording.wav'));
  await visit.tagged('recording.wav');
  const file = await visit.result();
  expect(file.segments).toEqual(live.segments);
  expect(largestDifference(file.taggram.flat(), live.taggram.flat())).toBeLessThan(1e-4);
  if (!IN_FIREFOX) expect(strongest(live)).toBeGreaterThan(0.2); // it is music
});

/** How many segments there are in so much sound, whose frames are centred: the first is about its very beginning. */
function segmentsIn({ duration, hop, length }: TaggedFile): number {
  const frames = 1 + Math.floor(Math.round(16000 * duration) / 256);
  return 1 + Math.floor((frames - secondsToFrames(length)) / secondsToFrames(hop));
}

/** What the page saves while it is paused, once the model has heard all until then; the last frames wait for more. */
async function savedSoFar(): Promise<TaggedFile> {
  for (;;) {
    const result = await visit.result();
    if (result.segments.length >= segmentsIn(result) - 1) return result;
  }
}

it('paused, what was heard so far is played and saved; then it goes on where it was', async () => {
  await come();
  await listen();
  await heard(5);
  await press('Pause');
  const before = await savedSoFar();
  for (const format of ['CSV', 'JAMS', 'Audacity labels', 'PNG'])
    expect((await visit.exported(format, format === 'PNG' ? 1 : 0)).content.length).toBeGreaterThan(100);
  const { content: recording } = await visit.exported('WAV', 1);
  const samples = (recording.length - WAVE_HEAD) / recording.readUInt16LE(WAVE_BLOCK);
  expect(samples).toBeCloseTo(before.duration * before.sample_rate, 0);
  await page.click('#play');
  await page.waitForFunction(() => document.querySelector('audio')!.currentTime > 0.1);
  expect(await page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.duration)).toBeCloseTo(
    before.duration,
    2,
  );
  expect(await page.locator('.playhead').isVisible()).toBe(true);
  expect(Math.floor(before.duration)).toBe(await seconds());

  await press('Resume');
  expect(await page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.paused)).toBe(true);
  expect(await page.locator('#play, #export, .playhead').filter({ visible: true }).count()).toBe(0);
  await heard((await seconds()) + 2);
  await press('Pause');
  await page.click('#play');
  await page.waitForFunction(() => document.querySelector('audio')!.currentTime > 0.1);
  await press('Stop');
  await visit.tagged('Microphone');
  const all = await visit.result();
  expect(all.duration).toBeGreaterThan(before.duration + 1);
  expect(all.segments.length).toBe(segmentsIn(all));
  const again = all.taggram.slice(0, before.taggram.length);
  expect(largestDifference(again.flat(), before.taggram.flat())).toBeLessThan(1e-4);
  await page.waitForFunction(() => document.querySelector('audio')!.currentTime > 0.3); // it plays on
});

it('sound that the system takes away is a pause, and resumed without a word', async () => {
  await come();
  await page.evaluate(() => {
    const own = AudioContext.prototype.resume;
    AudioContext.prototype.resume = function () {
      window.context = this;
      return own.call(this);
    };
  });
  await listen();
  await heard(1);
  await page.evaluate(() => window.context.suspend());
  const word = page.locator('.notice', { hasText: 'The system has taken the sound away for now.' });
  await word.waitFor();
  await press('Resume');
  await heard((await seconds()) + 1);
  expect(await word.count()).toBe(0);
});

/** What is seen, as the axis tells it: from and to which second. */
async function seen(): Promise<[number, number]> {
  const drawn = (await page.locator('.axis').getAttribute('data-drawn'))!;
  return drawn.split(' to ').map(parseFloat) as [number, number];
}

/** Waits until what is seen ends later than all that is heard by now. */
async function newestSeen(): Promise<void> {
  const least = (await seconds()) + 1;
  await page.waitForFunction((moment) => {
    const { drawn } = document.querySelector<HTMLElement>('.axis')!.dataset;
    return parseFloat(drawn!.split(' to ')[1]!) > moment;
  }, least);
}

it('the latest segment stays in view, or what a person has turned to until they come back', async () => {
  await come();
  await listen();
  await heard(5);
  await page.locator('#overview').focus();
  await page.keyboard.press('+');
  await page.keyboard.press('End');
  await newestSeen();
  const [from, to] = await seen();
  expect(from).toBeGreaterThan(0);

  await page.keyboard.press('Home');
  await page.waitForFunction(() =>
    document.querySelector<HTMLElement>('.axis')!.dataset['drawn']!.startsWith('0 to'),
  );
  await heard((await seconds()) + 2);
  const [start, end] = await seen();
  expect(start).toBe(0);
  expect(end).toBeCloseTo(to - from, 3);

  await page.keyboard.press('End');
  await newestSeen();
  const [newFrom, newTo] = await seen();
  expect(newTo - newFrom).toBeCloseTo(to - from, 3);
});

it('a hop chosen meanwhile is heard from then on, and all of it is tagged in the end', async () => {
  await come();
  await listen();
  await heard(10);
  await page.selectOption('#hop', { index: 1 });
  const word =
    'MTT_musicnn hears what comes from now on; what came before (hatched) is tagged when you stop.';
  await page.locator('.notice', { hasText: word }).waitFor();
  await page.locator('.legend-item', { hasText: 'silent: no answer' }).waitFor();
  await press('Stop');
  await visit.tagged('Microphone');
  const all = await visit.result();
  expect(all.segments.length).toBe(segmentsIn(all));
  expect(all.segments.some(({ silent }) => silent)).toBe(false);
});

it('a song that is dropped meanwhile ends it; it can be opened again', async () => {
  await come();
  await listen();
  await page.locator('.top-tag').first().waitFor();
  await visit.drop(examplePath());
  await visit.tagged(EXAMPLE);
  expect(await states()).toEqual(['ended']);
  expect(await page.locator('.live-bar').count()).toBe(0);
  await page.locator('.song-row[data-state="done"] .song-row-open', { hasText: 'Microphone' }).click();
  await visit.tagged('Microphone');
  await page.click('#play');
  await page.locator('#play.playing').waitFor();
});

it('forgotten while it is heard, it is gone and the microphone is let go', async () => {
  await come();
  await visit.drop(examplePath());
  await visit.tagged(EXAMPLE);
  await page.click('#listen');
  await page.locator('#listen-menu .menu-item', { hasText: 'Microphone' }).click();
  await page.locator('.top-tag').first().waitFor();
  await visit.forget();
  await page.locator('#welcome').waitFor();
  expect(await states()).toEqual(['ended']);
});

// In Firefox, events that are made up don’t reach a track.
it.skipIf(IN_FIREFOX)('a microphone that is unplugged ends it, and what was heard stays', async () => {
  await come();
  await listen();
  await heard(4);
  await page.evaluate(() => {
    const [track] = window.tracks;
    track!.stop();
    track!.dispatchEvent(new Event('ended')); // which browsers tell of a device, not of a script
  });
  await visit.tagged('Microphone');
  expect((await visit.result()).duration).toBeGreaterThanOrEqual(4);
  expect(await visit.notices()).toEqual([
    'The microphone is gone, so listening has stopped. What was heard until then is below.',
  ]);
});

it.skipIf(IN_FIREFOX)('what the system does to the sound meanwhile is said', async () => {
  await come();
  await listen();
  await page.locator('.top-tag').first().waitFor();
  const notice = page.locator('.notice p');
  await page.evaluate(() => window.tracks[0]!.dispatchEvent(new Event('mute')));
  expect(await notice.textContent()).toMatch(/^The system has muted the microphone/);
  await page.evaluate(() => window.tracks[0]!.dispatchEvent(new Event('unmute')));
  expect(await notice.count()).toBe(0);
  await page.evaluate(() => {
    const [track] = window.tracks;
    const settings = track!.getSettings();
    track!.getSettings = () => ({ ...settings, sampleRate: 16000 });
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  });
  expect(await notice.textContent()).toMatch(/to 16 kHz\. The browser converts it, and listening goes on\.$/);
  await heard(5);
});

it('stopped before there is anything to tag, it says so', async () => {
  await come();
  await page.evaluate(() => {
    AudioNode.prototype.connect = () => undefined as never; // no sound comes
  });
  await listen();
  await press('Stop');
  await page.locator('.notice.error', { hasText: /^Less than a tenth of a second was heard/ }).waitFor();
  expect(await page.locator('#welcome').isVisible()).toBe(true);
});

it.runIf(IN_FIREFOX)('where no audio starts, it says so and lets the microphone go', async () => {
  const silent = await Site.withoutOutput();
  visit = await silent.visit({}, (tab) => tab.addInitScript(keepTracks));
  page = visit.page;
  await listen();
  await page.locator('.notice.error', { hasText: /^The browser’s audio doesn’t start/ }).waitFor();
  expect(await states()).toEqual(['ended']);
  expect(await page.locator('#welcome').isVisible()).toBe(true);
  await silent.close();
});

it.skipIf(IN_FIREFOX)('without permission nothing begins, and the page says what to do', async () => {
  await come([]);
  await listen();
  await page.locator('.notice.error', { hasText: /^The microphone is not allowed\. Allow it/ }).waitFor();
  expect(await page.locator('#welcome').isVisible()).toBe(true);
  await visit.page.context().grantPermissions(['microphone']);
  await listen();
  await page.locator('.live-bar').waitFor();
  expect(await visit.notices()).toEqual([]);
});

it('a page that browsers let hear nothing says why', async () => {
  visit = await site.visit({}, (tab) =>
    tab.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'mediaDevices')),
  );
  page = visit.page;
  await listen();
  await page.locator('.notice.error', { hasText: 'This browser lets no page hear a microphone.' }).waitFor();
  await page.click('#listen');
  expect(await page.locator('#listen-menu .menu-label').allTextContents()).toEqual(['Microphone']);
});

/** Has the page share this: a picture, with a tone or without. */
async function share(hasSound: boolean): Promise<void> {
  await page.evaluate((withTone) => {
    const canvas = document.createElement('canvas');
    canvas.getContext('2d');
    const shared = canvas.captureStream();
    if (withTone) {
      const context = new AudioContext();
      const tone = new OscillatorNode(context);
      const end = context.createMediaStreamDestination();
      tone.connect(end);
      tone.start();
      shared.addTrack(end.stream.getAudioTracks()[0]!);
    }
    window.tracks = [...shared.getVideoTracks(), ...shared.getAudioTracks()];
    MediaDevices.prototype.getDisplayMedia = async () => shared;
  }, hasSound);
  await page.click('#listen');
  await page.locator('#listen-menu .menu-item', { hasText: 'A tab, or the system' }).click();
}

it('the sound of a tab is heard, its picture is not looked at', async () => {
  await come([]);
  await share(true);
  await page.locator('.top-tag').first().waitFor();
  expect(await page.locator('#song-title').textContent()).toMatch(/^Shared sound /);
  expect(await page.evaluate(() => window.tracks.map(({ kind, readyState }) => [kind, readyState]))).toEqual([
    ['video', 'ended'],
    ['audio', 'live'],
  ]);
  await press('Stop');
  await visit.tagged('Shared sound');
});

it('a tab that is shared without its sound is let go', async () => {
  await come([]);
  await share(false);
  await page.locator('.notice.error', { hasText: /^What was shared came without sound\./ }).waitFor();
  expect(await states()).toEqual(['ended']);
});

function states(): Promise<string[]> {
  return page.evaluate(() => window.tracks.map(({ readyState }) => readyState));
}

function strongest({ taggram }: TaggedFile): number {
  return Math.max(...taggram.flat());
}
