/** The built page as a person meets it, in headless Chromium. */
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  copyFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { colourOf, palette, scoreScale } from '../../../web/page/palette.ts';
import { clock, score } from '../../../web/page/format.ts';
import { rankTags, type TaggedFile } from '../../../web/taggram.ts';
import { examplePath, inRepository } from '../support/built.ts';
import { hold, IN_FIREFOX, Site, type Visit } from '../support/browser.ts';
import { largestDifference } from '../support/npy.ts';
import { ffmpeg, tagInTerminal } from '../support/program.ts';

const EXAMPLE = basename(examplePath());
/** Four and a half minutes: long enough to be interrupted. */
const LONG_REPEATS = 8;

let site: Site;
let visit: Visit;
let folder: string;
let program: TaggedFile;

/** Where there is no sound device, Firefox ends playing with an error. */
const IS_MUTE = IN_FIREFOX;

const made = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'taggram-'));
  program = tagInTerminal(examplePath());
  site = await Site.open();
  makeFiles();
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

function makeFiles(): void {
  ffmpeg('-stream_loop', String(LONG_REPEATS), '-i', examplePath(), '-c', 'copy', made('long.mp3'));
  ffmpeg('-i', examplePath(), made('whole.flac'));
  copyFileSync(examplePath(), made('cut.mp3'));
  copyFileSync(made('whole.flac'), made('cut.flac'));
  for (const name of ['cut.mp3', 'cut.flac'])
    truncateSync(made(name), Math.floor(statSync(made(name)).size / 2));
  ffmpeg('-i', examplePath(), '-t', '6', '-ac', '8', '-ar', '192000', made('eight.wav'));
  ffmpeg('-i', examplePath(), '-t', '6', '-ar', '11025', made('slow.wav'));
  ffmpeg('-f', 'lavfi', '-i', 'anullsrc', '-t', '5', made('silent.wav'));
  ffmpeg('-i', examplePath(), '-t', '1', made('short.wav'));
  ffmpeg('-f', 'lavfi', '-i', 'color=red:size=64x64', '-frames:v', '1', made('picture.png'));
  ffmpeg('-f', 'lavfi', '-i', 'testsrc=size=64x64', '-t', '1', made('film.mp4'));
  ffmpeg('-i', made('long.mp3'), made('long.flac'));
  ffmpeg('-i', examplePath(), '-t', '6', made('whole.m4a'));
  copyFileSync(made('whole.m4a'), made('cut.m4a')); // its index is at the end
  truncateSync(made('cut.m4a'), Math.floor(statSync(made('cut.m4a')).size / 2));
  ffmpeg('-i', examplePath(), '-t', '6', made('cut.wav'));
  truncateSync(made('cut.wav'), 600_000);
  writeFileSync(made('empty.mp3'), '');
  writeFileSync(made('text.mp3'), 'These are words, not music.\n'.repeat(100));
  writeFileSync(made('nothing.wav'), wav(new Float32Array(0)));
  writeFileSync(made('large.mp3'), '');
  writeFileSync(made('one.wav'), wav(new Float32Array(1)));
  const numbers = Float32Array.from({ length: 4 * 44100 }, (_, i) => 3 * Math.sin(i / 20));
  numbers.set([NaN, Infinity, -Infinity, 1e30], 1000);
  writeFileSync(made('numbers.wav'), wav(numbers));
  mkdirSync(made('folder'));
}

/** A mono WAVE file of 32-bit floats at 44.1 kHz. */
function wav(samples: Float32Array): Buffer {
  const header = Buffer.alloc(44);
  const rate = 44100;
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(3, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 4, 28);
  header.writeUInt16LE(4, 32);
  header.writeUInt16LE(32, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}

/** Each tag's mean over the song, as the page and the program both take it. */
function meansOf({ taggram, tags }: TaggedFile): number[] {
  return tags.map((_, tag) => taggram.reduce((sum, row) => sum + row[tag]!, 0) / taggram.length);
}

/** Tags, highest mean first. */
function ranked(result: TaggedFile): string[] {
  return rankTags(meansOf(result)).map((tag) => result.tags[tag]!);
}

/** The middle of a cell, in pixels of the window: by the row's label and the time axis. */
async function cellPoint(
  result: TaggedFile,
  tag: string,
  segment: number,
): Promise<{ x: number; y: number }> {
  await visit.still();
  const name = visit.page.locator('.label', { hasText: new RegExp(`^${tag}$`) });
  await name.scrollIntoViewIfNeeded();
  await visit.still();
  const label = (await name.boundingBox())!;
  const plot = (await visit.page.locator('.plot').boundingBox())!;
  const { start, end } = result.segments[segment]!;
  return { x: plot.x + ((start + end) / 2 / result.duration) * plot.width, y: label.y + label.height / 2 };
}

const currentTime = () =>
  visit.page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime);
const isPaused = () => visit.page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.paused);

describe('a song', () => {
  it('dropped on the page gives what the program gives', async () => {
    await visit.drag('dragEnter', [examplePath()]);
    await visit.page.locator('#dropzone').waitFor({ state: 'visible' });
    await visit.drop(examplePath());
    await visit.page.locator('#dropzone').waitFor({ state: 'hidden' });
    await visit.tagged(EXAMPLE);
    const page = await visit.result();
    expect(Object.keys(page)).toEqual(Object.keys(program));
    expect(page.segments).toEqual(program.segments);
    expect(largestDifference(page.taggram.flat(), program.taggram.flat())).toBeLessThan(5e-3);
    expect(page.top.map(({ tag }) => tag)).toEqual(program.top.map(({ tag }) => tag));
    expect(await visit.page.locator('.top-name').first().textContent()).toBe(program.top[0]!.tag);
    expect(await visit.page.locator('#announcer').textContent()).toContain(program.top[0]!.tag);
    expect(await visit.notices()).toEqual([]);
  });

  it('chosen through the button is tagged too', async () => {
    const chooser = visit.page.waitForEvent('filechooser');
    await visit.page.click('#welcome [data-action="choose"]');
    await (await chooser).setFiles(examplePath());
    await visit.tagged(EXAMPLE);
  });

  it('dragged away again leaves the page as it was', async () => {
    await visit.drag('dragEnter', [examplePath()]);
    for (let i = 0; i < 8; i++) {
      await visit.drag('dragOver', [examplePath()]);
      await visit.page.waitForTimeout(100);
      expect(await visit.page.locator('#dropzone').isVisible()).toBe(true);
    }
    await visit.drag('dragCancel', [examplePath()]);
    await visit.page.locator('#dropzone').waitFor({ state: 'hidden' });
    expect(await visit.page.locator('#welcome').isVisible()).toBe(true);
  });

  it('grows while it is computed, says how far it is, and never freezes the page', async () => {
    await visit.page.evaluate(() => {
      const seen = { stages: [] as string[], bar: [] as number[], longest: 0 };
      Object.assign(window, { seen });
      const stage = document.querySelector('#stage')!;
      new MutationObserver(() => {
        seen.stages.push(stage.textContent!);
        const { transform } = document.querySelector<HTMLElement>('#progress span')!.style;
        if (/\d of/.test(stage.textContent!)) seen.bar.push(parseFloat(transform.replace('scaleX(', '')));
      }).observe(stage, { childList: true });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
      }).observe({ type: 'longtask' });
    });
    await visit.drop(made('long.mp3'));
    await visit.tagged('long.mp3');
    const { stages, bar, longest } = await visit.page.evaluate(
      () => (window as unknown as { seen: { stages: string[]; bar: number[]; longest: number } }).seen,
    );
    const { segments } = await visit.result();
    const counts = stages.flatMap((stage) => /(\d+) of/.exec(stage)?.slice(1).map(Number) ?? []);
    console.log(`long.mp3: ${segments.length} segments, longest task on the page ${longest} ms`);
    expect(stages.filter((stage) => !/\d of/.test(stage))[0]).toBe('Decoding');
    expect(new Set(counts).size).toBeGreaterThan(4);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts[counts.length - 1]).toBeGreaterThan(segments.length / 2);
    expect(bar).toEqual([...bar].sort((a, b) => a - b));
    expect([bar[0]! < 0.3, bar[bar.length - 1]! > 0.5]).toEqual([true, true]);
    expect(longest).toBeLessThan(500);
  });

  it('gives way to another that is dropped while it runs', async () => {
    await visit.drop(made('long.mp3'));
    await visit.underWay();
    await visit.drop(examplePath());
    await visit.tagged(EXAMPLE);
    const page = await visit.result();
    expect(page.file).toBe(EXAMPLE);
    expect(page.segments).toEqual(program.segments);
    await visit.page.waitForTimeout(500); // a late segment of the first would show by now
    expect(await visit.page.locator('#stage').textContent()).toBe('');
    expect((await visit.result()).segments).toEqual(program.segments);
  });

  it('stays in the background while the next is decoded', async () => {
    await visit.drop(made('long.mp3'));
    await visit.underWay();
    await visit.page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      const card = document.querySelector('#song')!;
      const look = () =>
        seen.push(
          card.querySelector('#song-title')!.textContent + '|' + card.querySelector('#stage')!.textContent,
        );
      new MutationObserver(look).observe(card, { childList: true, subtree: true, characterData: true });
    });
    await visit.drop(made('long.flac'));
    await visit.page.locator('#song-title', { hasText: 'long.flac' }).waitFor();
    await visit.underWay();
    const seen = await visit.page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    const later = seen.slice(seen.findIndex((state) => state.startsWith('long.flac')));
    const counts = later.flatMap((state) => /(\d+) of/.exec(state)?.slice(1).map(Number) ?? []);
    expect(later).toContain('long.flac|Decoding');
    expect(counts[0]).toBeLessThanOrEqual(2); // segments come in pairs
    expect(later.every((state) => state.startsWith('long.flac'))).toBe(true);
  });

  it('comes back when the next one has a header but no music, and the one after it is tagged', async () => {
    await visit.drop(made('short.wav'));
    await visit.tagged('short.wav');
    const before = await visit.result();
    await visit.drop(made('nothing.wav'));
    await visit.page.locator('.notice.error', { hasText: 'nothing.wav' }).waitFor();
    await visit.tagged('short.wav');
    expect(await visit.result()).toEqual(before);
    expect(await visit.page.locator('.label').count()).toBe(50);
    await visit.drop(made('one.wav'), made('nothing.wav'), examplePath(), made('silent.wav'));
    await visit.tagged(EXAMPLE);
    const notices = await visit.notices();
    expect(notices[0]).toMatch(/^one\.wav and nothing\.wav can’t be tagged/);
    expect(notices).toHaveLength(1);
  });

  it.skipIf(IN_FIREFOX)(
    'is tagged although a folder and words are dropped while its header is read',
    async () => {
      truncateSync(made('large.mp3'), 200_000_000);
      await visit.drop(made('large.mp3'), examplePath());
      await visit.drop(made('folder'));
      await visit.drop(made('text.mp3'));
      await visit.tagged(EXAMPLE);
    },
  );

  it('leaves no address behind when others follow it', async () => {
    await visit.page.evaluate(() => {
      const open = new Set<string>();
      Object.assign(window, { open });
      const { createObjectURL, revokeObjectURL } = URL;
      URL.createObjectURL = (object) => {
        const address = createObjectURL.call(URL, object);
        open.add(address);
        return address;
      };
      URL.revokeObjectURL = (address) => {
        open.delete(address);
        revokeObjectURL.call(URL, address);
      };
    });
    for (const name of ['short.wav', 'silent.wav', 'nothing.wav', 'slow.wav']) {
      await visit.drop(made(name));
      if (name !== 'nothing.wav') await visit.tagged(name);
      else await visit.page.locator('.notice.error').waitFor();
    }
    expect(await visit.page.evaluate(() => (window as unknown as { open: Set<string> }).open.size)).toBe(1);
  });

  it('is not disturbed by a broken file dropped while it runs', async () => {
    await visit.drop(made('long.mp3'));
    await visit.underWay();
    await visit.drop(made('text.mp3'));
    await visit.page.locator('.notice.error').waitFor();
    await visit.tagged('long.mp3');
  });
});

describe('what comes over the wire', () => {
  const missing = (pattern: string) => (page: Page) =>
    page.route(pattern, (route) => route.fulfill({ status: 404 }));
  const revisit = async (before: (page: Page) => Promise<unknown>) => {
    await visit.close();
    visit = await site.visit({}, before);
  };

  it('a slow example is announced, and yields to a song dropped meanwhile', async () => {
    const slow = await hold(visit.page, '**/*.mp3');
    const example = visit.page.locator('[data-action="example"]');
    await example.click();
    await visit.page.locator('.notice.info', { hasText: 'Loading the example' }).waitFor();
    expect(await example.isDisabled()).toBe(true);
    await visit.drop(made('short.wav'));
    await visit.tagged('short.wav');
    slow.pass();
    await visit.page.locator('.notice').waitFor({ state: 'detached' });
    expect(await visit.page.locator('#song-title').textContent()).toBe('short.wav');
  });

  it('a slow model is waited for, in words, and the rows come with it', async () => {
    let slow!: Awaited<ReturnType<typeof hold>>;
    await revisit(async (page) => (slow = await hold(page, '**/*.gguf')));
    await visit.drop(made('short.wav'));
    await visit.page.locator('#stage', { hasText: 'Loading the model' }).waitFor();
    slow.pass();
    await visit.page.locator('.label').first().waitFor();
    await visit.tagged('short.wav');
  });

  it.each([
    ['**/*.gguf', 'The model could not be loaded'],
    ['**/*.wasm', 'The tagging engine could not be loaded'],
    ['**/worker-*.js', 'The tagging worker could not start'],
    ['**/header-*.js', 'The audio decoder could not be loaded'],
    ['**/*.mp3', 'The example could not be loaded'],
  ])('without %s there is one clear sentence', async (pattern, sentence) => {
    await revisit(missing(pattern));
    visit.expected = /404|Failed to load|Loading Worker/;
    if (pattern.includes('header'))
      await visit.drop(made('short.wav')); // an mp3 wants none
    else await visit.page.click('[data-action="example"]');
    await visit.page.locator('.notice.error').waitFor();
    await visit.page.locator('#welcome').waitFor();
    await visit.page.waitForTimeout(300); // another would come meanwhile
    expect(await visit.notices()).toEqual([expect.stringContaining(sentence)]);
  });
});

describe('a browser without SIMD', () => {
  async function tagged(before: (page: Page) => Promise<unknown> = async () => {}) {
    const engines: string[] = [];
    await visit.close();
    visit = await site.visit({}, async (page) => {
      page.on('request', (request) => request.url().endsWith('.wasm') && engines.push(request.url()));
      await before(page);
    });
    await visit.page.click('[data-action="example"]');
    await visit.tagged(EXAMPLE);
    const words = await visit.page.locator('#engine-facts').innerText();
    return { engines, words, taggram: (await visit.result()).taggram.flat() };
  }

  it('gets an engine without, is told so, and has the same answers', async () => {
    const usual = await tagged();
    const plain = await tagged((page) => page.addInitScript(() => (WebAssembly.validate = () => false)));
    expect(usual.engines).toEqual([expect.not.stringContaining('plain')]);
    expect(plain.engines).toEqual([expect.stringContaining('plain')]);
    expect(usual.words).not.toContain('SIMD');
    expect(plain.words).toContain('no WebAssembly SIMD');
    expect(largestDifference(plain.taggram, usual.taggram)).toBeLessThan(1e-4);
  });
});

describe('the taggram', () => {
  beforeEach(async () => {
    await visit.page.click('[data-action="example"]');
    await visit.tagged(EXAMPLE);
  });

  it('shows 50 rows, strongest first', async () => {
    await visit.still();
    const labels = await visit.page.locator('.label').all();
    const rows = await Promise.all(
      labels.map(async (label) => ({ tag: await label.textContent(), y: (await label.boundingBox())!.y })),
    );
    rows.sort((a, b) => a.y - b.y);
    expect(rows.map(({ tag }) => tag)).toEqual(ranked(await visit.result()));
  });

  it('paints each cell in the colour of its score', async () => {
    const result = await visit.result();
    await visit.still();
    const scale = scoreScale('light');
    const cells = ranked(result)
      .slice(0, 8)
      .flatMap((tag, row) =>
        result.segments.map(({ start, end }, segment) => ({
          x: (start + end) / 2 / result.duration,
          y: (row + 0.5) / result.tags.length,
          expected: [...colourOf(scale, result.taggram[segment]![result.tags.indexOf(tag)]!), 255],
        })),
      );
    const painted = await visit.page.locator('.plot canvas').evaluate((canvas: HTMLCanvasElement, places) => {
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
      return places.map(({ x, y }) => {
        const at = (Math.floor(y * height) * width + Math.floor(x * width)) * 4;
        return [...data.subarray(at, at + 4)];
      });
    }, cells);
    expect(painted).toEqual(cells.map(({ expected }) => expected));
  });

  it('lists the strongest tags with bars as long as their scores', async () => {
    const result = await visit.result();
    const means = meansOf(result).sort((a, b) => b - a);
    const bars = await visit.page.locator('.top-tag').evaluateAll((items) =>
      items.map((item) => {
        const [bar, fill] = [item.querySelector('.bar')!, item.querySelector('.bar-fill')!];
        return fill.getBoundingClientRect().width / bar.getBoundingClientRect().width;
      }),
    );
    expect(bars.length).toBeGreaterThanOrEqual(3);
    bars.forEach((width, place) => expect(width).toBeCloseTo(means[place]!, 2));
    expect(await visit.page.locator('.top-score').allTextContents()).toEqual(
      means.slice(0, bars.length).map(score),
    );
  });

  it('labels time where it is', async () => {
    const { duration } = await visit.result();
    const plot = (await visit.page.locator('.plot').boundingBox())!;
    const ticks = await visit.page.locator('.tick').evaluateAll((all) =>
      all.map((tick) => {
        const { left, right } = tick.getBoundingClientRect();
        return { text: tick.textContent!, x: tick.classList.contains('leftward') ? right : left };
      }),
    );
    expect(ticks.length).toBeGreaterThan(3);
    for (const { text, x } of ticks) {
      const [minutes, seconds] = text.split(':').map(Number);
      const shown = ((x - plot.x) / plot.width) * duration;
      expect(Math.abs(shown - (minutes! * 60 + seconds!)), text).toBeLessThan(0.05);
    }
  });

  it('points out a tag of the list in the grid', async () => {
    await visit.page.locator('.top-tag').nth(1).hover();
    expect(await visit.page.locator('.label.here').textContent()).toBe(ranked(await visit.result())[1]);
    await visit.page.mouse.move(2, 2);
    expect(await visit.page.locator('.label.here').count()).toBe(0);
  });

  it('takes the place of the button that asked for it', async () => {
    expect(await visit.page.evaluate(() => document.activeElement?.id)).toBe('song-title');
  });

  it('seeks where it is clicked', async () => {
    const result = await visit.result();
    for (const segment of [6, 2]) {
      const { x, y } = await cellPoint(result, ranked(result)[1]!, segment);
      await visit.page.mouse.click(x, y);
      expect(await currentTime()).toBeCloseTo(result.segments[segment]!.start, 3);
      const playhead = (await visit.page.locator('.playhead').boundingBox())!;
      const plot = (await visit.page.locator('.plot').boundingBox())!;
      const shown = ((playhead.x + playhead.width / 2 - plot.x) / plot.width) * result.duration;
      expect(Math.abs(shown - result.segments[segment]!.start)).toBeLessThan(0.1);
    }
  });

  it('tells tag, time and score of what is pointed at', async () => {
    const result = await visit.result();
    const { x, y } = await cellPoint(result, ranked(result)[2]!, 5);
    await visit.page.mouse.move(x, y);
    expect(await visit.page.locator('#tooltip').textContent()).toBe(spoken(result, ranked(result)[2]!, 5));
    await visit.page.mouse.move(2, 2);
    expect(await visit.page.locator('#tooltip').isVisible()).toBe(false);
  });

  it('is walked cell by cell with the keyboard', async () => {
    const result = await visit.result();
    const said = () => visit.page.locator('#cell-announcer').textContent();
    const tag = (row: number) => ranked(result)[row]!;
    const last = result.segments.length - 1;
    await visit.page.locator('.plot').focus();
    const walk: [string, number, number][] = [
      ['ArrowRight', 0, 0],
      ['ArrowRight', 0, 1],
      ['ArrowDown', 1, 1],
      ['End', 1, last],
      ['ArrowRight', 1, last],
      ['PageDown', 11, last],
      ['ArrowLeft', 11, last - 1],
      ['PageUp', 1, last - 1],
      ['Home', 1, 0],
      ['ArrowUp', 0, 0],
      ['ArrowUp', 0, 0],
    ];
    for (const [key, row, segment] of walk) {
      await visit.page.keyboard.press(key);
      expect(await said(), key).toBe(spoken(result, tag(row), segment));
    }
    await visit.page.keyboard.press('ArrowRight');
    await visit.page.keyboard.press('Enter');
    expect(await currentTime()).toBeCloseTo(result.segments[1]!.start, 3);
  });

  it('shows what the keyboard has walked to beside it', async () => {
    await visit.still();
    await visit.page.locator('.plot').focus();
    await visit.still();
    for (const key of ['End', 'PageDown', 'PageDown', 'PageDown', 'PageDown', 'PageDown', 'Home']) {
      await visit.page.keyboard.press(key);
      const frame = (await visit.page.locator('.frame').boundingBox())!;
      const words = (await visit.page.locator('#tooltip').boundingBox())!;
      const window = visit.page.viewportSize()!;
      const gap = Math.max(frame.y - (words.y + words.height), words.y - (frame.y + frame.height));
      expect(gap, key).toBeGreaterThan(0);
      expect(gap, key).toBeLessThan(20);
      expect(words.x + words.width).toBeLessThanOrEqual(window.width);
      expect(words.y).toBeGreaterThanOrEqual(0);
      expect(words.y + words.height).toBeLessThanOrEqual(window.height);
    }
    await visit.page.keyboard.press('Escape');
    expect(await visit.page.locator('#tooltip').isVisible()).toBe(false);
  });

  it('forgets the cell of the song before', async () => {
    const { x, y } = await cellPoint(await visit.result(), 'guitar', 1);
    await visit.page.mouse.move(x, y);
    await visit.drop(made('slow.wav'));
    await visit.tagged('slow.wav');
    expect(await visit.page.locator('#tooltip').isVisible()).toBe(false);
  });

  it('can be paused before it has begun to play, and played again', async () => {
    await visit.page.evaluate(() => {
      const button = document.querySelector<HTMLButtonElement>('#play')!;
      for (let i = 0; i < 6; i++) button.click();
    });
    expect(await visit.page.locator('#play').isEnabled()).toBe(true);
    expect(await isPaused()).toBe(true);
    await visit.page.click('#play');
    await visit.page.waitForFunction(() => document.querySelector('audio')!.currentTime > 0.2);
  });

  it('seeks with the slider', async () => {
    await visit.page.locator('#seek').focus();
    await visit.page.keyboard.press('End');
    const { duration } = await visit.result();
    expect(Math.abs((await currentTime()) - duration)).toBeLessThan(0.1);
  });

  it.skipIf(IS_MUTE)('plays with the button and with the space key, and the playhead moves', async () => {
    const place = () =>
      visit.page.locator('.playhead').evaluate((playhead) => playhead.getBoundingClientRect().x);
    const before = await place();
    await visit.page.click('#play');
    await visit.page.waitForFunction(() => document.querySelector('audio')!.currentTime > 0.5);
    expect(await place()).toBeGreaterThan(before);
    await visit.page.locator('.plot').focus();
    await visit.page.keyboard.press('Space');
    expect(await isPaused()).toBe(true);
    await visit.page.keyboard.press('Space');
    expect(await isPaused()).toBe(false);
  });

  function spoken(result: TaggedFile, tag: string, segment: number): string {
    const { start, end } = result.segments[segment]!;
    return `${tag}, ${clock(start, true)} to ${clock(end, true)}: ${score(result.taggram[segment]![result.tags.indexOf(tag)]!)}`;
  }
});

describe('whoever is busy elsewhere', () => {
  it('sees what is wrong with a file although the page is scrolled', async () => {
    await visit.page.click('[data-action="example"]');
    await visit.tagged(EXAMPLE);
    await visit.page.evaluate(() => scrollTo({ top: 500, behavior: 'instant' }));
    const plot = async () => (await visit.page.locator('.plot').boundingBox())!.y;
    const before = await plot();
    await visit.drop(made('text.mp3'));
    const notice = (await visit.page.locator('.notice.error').boundingBox())!;
    expect(notice.y).toBeGreaterThan(0);
    expect(notice.y + notice.height).toBeLessThan(visit.page.viewportSize()!.height);
    expect(Math.abs((await plot()) - before), 'what is read stays where it is').toBeLessThan(2);
    await visit.drop(made('slow.wav'));
    await visit.tagged('slow.wav');
    expect(await visit.page.evaluate(() => scrollY), 'a song is seen from its top').toBe(0);
  });

  it('goes on hearing a song when the next has no music in it', async () => {
    await visit.drop(made('whole.flac'));
    await visit.tagged('whole.flac');
    await visit.page.click('#play');
    await visit.page.waitForFunction(() => document.querySelector('audio')!.currentTime > 0.2);
    await visit.drop(made('nothing.wav'));
    await visit.page.locator('.notice.error').waitFor();
    await visit.tagged('whole.flac');
    expect(await isPaused()).toBe(false);
  });

  it('comes back with the keyboard to the cell that was left', async () => {
    await visit.page.click('[data-action="example"]');
    await visit.tagged(EXAMPLE);
    await visit.page.locator('.plot').focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight']) await visit.page.keyboard.press(key);
    for (const key of ['Shift+Tab', 'Tab', 'ArrowRight']) await visit.page.keyboard.press(key);
    expect(await visit.page.locator('#cell-announcer').textContent()).toContain('0:09.0 to 0:12.0');
  });

  it.skipIf(IS_MUTE)('finds the playhead in its place when the window has changed', async () => {
    await visit.page.click('[data-action="example"]');
    await visit.tagged(EXAMPLE);
    await visit.page.locator('#seek').focus();
    for (const key of ['ArrowRight', 'ArrowRight']) await visit.page.keyboard.press(key);
    expect(await currentTime()).toBeCloseTo(10, 1);
    await visit.page.keyboard.press('Space');
    expect(await isPaused(), 'space plays, from the slider too').toBe(false);
    await visit.page.keyboard.press('Space');
    await visit.page.setViewportSize({ width: 700, height: 700 });
    await visit.still();
    const plot = (await visit.page.locator('.plot').boundingBox())!;
    const playhead = (await visit.page.locator('.playhead').boundingBox())!;
    const shown = ((playhead.x + playhead.width / 2 - plot.x) / plot.width) * 30;
    expect(Math.abs(shown - (await currentTime()))).toBeLessThan(0.2);
  });

  it('is told briefly of an album dropped whole', async () => {
    const covers = Array.from({ length: 3 }, (_, i) => made(`cover-${i}.png`));
    const songs = Array.from({ length: 6 }, (_, i) => made(`song-${i}.wav`));
    for (const cover of covers) copyFileSync(made('picture.png'), cover);
    for (const song of songs) copyFileSync(made('short.wav'), song);
    await visit.drop(...covers, ...songs);
    await visit.tagged('song-0.wav');
    const notices = await visit.notices();
    expect(notices[0]).toMatch(/^cover-0\.png, cover-1\.png and cover-2\.png can’t be tagged/);
    expect(notices).toHaveLength(1);
  });
});

describe('files that are not songs', () => {
  it.each([
    ['empty.mp3', /^empty\.mp3 is empty/],
    ['text.mp3', /^text\.mp3 is not audio that this browser can decode/],
    ['picture.png', /^picture\.png is not audio/],
    ['film.mp4', /^film\.mp4 has no sound/],
    ['cut.m4a', /^cut\.m4a breaks off before its index/],
    ['nothing.wav', /^nothing\.wav .*no samples/],
    ['one.wav', /^one\.wav lasts less than 0\.1 seconds/],
    ...(IN_FIREFOX ? [] : [['folder', /^There is no audio in folder\. Drop songs/] as const]),
  ] as const)('%s gets one clear sentence, and the page goes on', async (name, sentence) => {
    await visit.drop(made(name));
    await visit.page.locator('.notice.error').waitFor();
    const notices = await visit.notices();
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(sentence);
    await visit.drop(examplePath());
    await visit.tagged(EXAMPLE);
    expect(await visit.notices()).toEqual([]);
  });
});

it('a file that takes long to understand gets a word of patience', async () => {
  truncateSync(made('large.mp3'), 200_000_000);
  await visit.drop(made('large.mp3'));
  await visit.page.locator('.notice.info', { hasText: 'Looking into large.mp3' }).waitFor();
  await visit.page.locator('.notice.error').waitFor();
  const notices = await visit.notices();
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatch(/^large\.mp3 is not audio/);
});

describe('songs with something to say about', () => {
  it.each([
    ['cut.mp3', /^It is cut short: the header states 30\.\d s, but only 1\d\.\d s are there/],
    ['cut.flac', /^It is cut short: the header states 30\.0 s, but only 1\d\.\d s are there/],
    ['cut.wav', /^It is (cut short|damaged or cut short)/],
    ['numbers.wav', /^3 samples were not finite/],
  ])('%s is tagged with the warning that the program has', async (name, warning) => {
    await visit.drop(made(name));
    await visit.tagged(name);
    const page = await visit.result();
    expect(page.warnings).toEqual(tagInTerminal(made(name)).warnings);
    expect(page.warnings).toEqual([expect.stringMatching(warning)]);
    expect(await visit.notices()).toEqual([`${name}: ${page.warnings[0]}`]);
    expect(page.taggram.flat().every((value) => value >= 0 && value <= 1)).toBe(true);
    await visit.drop(made('text.mp3'));
    await visit.page.locator('.notice.error').waitFor();
    expect(await visit.notices(), 'it keeps its warning').toHaveLength(2);
  });

  it.each(['eight.wav', 'slow.wav'])('%s is tagged as the program tags it', async (name) => {
    await visit.drop(made(name));
    await visit.tagged(name);
    const [page, theirs] = [await visit.result(), tagInTerminal(made(name))];
    expect(page.sample_rate).toBe(theirs.sample_rate);
    expect(largestDifference(page.taggram.flat(), theirs.taggram.flat())).toBeLessThan(1e-3);
  });

  it('silence is hatched, explained and not tagged', async () => {
    await visit.drop(made('silent.wav'));
    await visit.tagged('silent.wav');
    expect((await visit.result()).top).toEqual([]);
    expect(await visit.page.locator('.legend').textContent()).toContain('silent');
    expect(await visit.page.locator('.top-note').textContent()).toContain('silent');
    const inked = await visit.page.locator('.plot canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let at = 3; at < data.length; at += 4) if (data[at]! > 0) count++;
      return count / (data.length / 4);
    });
    expect(inked, 'lines, with ground between them').toBeGreaterThan(0.05);
    expect(inked).toBeLessThan(0.6);
  });

  it('short audio is repeated, marked and explained', async () => {
    await visit.drop(made('short.wav'));
    await visit.tagged('short.wav');
    expect((await visit.result()).segments).toMatchObject([{ padded: true }]);
    expect(await visit.page.locator('.legend').textContent()).toContain('repeated');
    const plot = (await visit.page.locator('.plot').boundingBox())!;
    const repeated = (await visit.page.locator('.repeated').boundingBox())!;
    const { duration, length } = await visit.result();
    expect((repeated.x - plot.x) / plot.width).toBeCloseTo(duration / length, 2);
    expect((await visit.page.locator('.clock').textContent())!.trim()).toBe('0:00.0 / 0:01.0');
  });

  it.skipIf(IN_FIREFOX)(
    'several files: the first song is shown, and what is wrong with those before it is said',
    async () => {
      await visit.drop(made('text.mp3'), examplePath(), made('short.wav'), made('folder'));
      await visit.tagged(EXAMPLE);
      const notices = (await visit.notices()).join('\n');
      expect(notices).toContain('text.mp3 is not audio');
      expect(notices).toContain('There is no audio in folder');
    },
  );
});

it('forbids itself everything from elsewhere', async () => {
  const policy = await visit.page
    .locator('meta[http-equiv="Content-Security-Policy"]')
    .getAttribute('content');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/'unsafe-(inline|eval)'|https?:/);
});

describe.skipIf(IN_FIREFOX)('fingers (emulated in Chromium alone)', () => {
  beforeEach(async () => {
    await visit.close();
    visit = await site.visit({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });
    await visit.page.tap('[data-action="example"]');
    await visit.tagged(EXAMPLE);
  });

  it('tap a cell to be told of it, and elsewhere to be left alone', async () => {
    const result = await visit.result();
    const { x, y } = await cellPoint(result, ranked(result)[3]!, 4);
    await visit.page.touchscreen.tap(x, y);
    const words = visit.page.locator('#tooltip');
    expect(await words.textContent()).toContain(ranked(result)[3]!);
    const box = (await words.boundingBox())!;
    expect(y - (box.y + box.height), 'the words stand above the finger').toBeGreaterThan(0);
    expect(y - (box.y + box.height)).toBeLessThan(30);
    expect(await currentTime()).toBeCloseTo(result.segments[4]!.start, 3);
    await visit.page.touchscreen.tap(x, 20);
    expect(await words.isVisible()).toBe(false);
  });

  it('find words for fingers, and a bar that leaves room for the music', async () => {
    expect(await visit.page.locator('.for-touch').isVisible()).toBe(true);
    expect(await visit.page.locator('.sheet .for-mouse').isVisible()).toBe(false);
    expect((await visit.page.locator('.song-bar').boundingBox())!.height).toBeLessThan(110);
  });
});

it('keeps still for those who ask for it', async () => {
  await visit.close();
  let slow!: Awaited<ReturnType<typeof hold>>;
  visit = await site.visit({ reducedMotion: 'reduce' }, async (page) => {
    slow = await hold(page, '**/*.gguf');
  });
  const moving = () => visit.page.evaluate(() => document.getAnimations().length);
  await visit.drop(made('slow.wav'));
  await visit.page.locator('#stage', { hasText: 'Loading the model' }).waitFor();
  expect(await moving()).toBe(0);
  slow.pass();
  await visit.tagged('slow.wav');
  expect(await moving()).toBe(0);
});

describe('looks', () => {
  /** Of the window's width. */
  const LEAST_PLOT: Record<string, number> = { '4k': 0.65, '4k-dark': 0.65 };

  // Firefox can't be told to prefer dark colours.
  const looks = [
    ['light', 'light', 1440, 900, 1],
    ['dark', 'dark', 1440, 900, 1],
    ['phone', 'dark', 360, 740, 2],
    ['4k', 'light', 3840, 2160, 1],
    ['4k-dark', 'dark', 3840, 2160, 1],
  ] as const;
  it.each(looks.filter(([, colours]) => !IN_FIREFOX || colours === 'light'))('%s', async (...look) => {
    const [name, colorScheme, width, height, deviceScaleFactor] = look;
    await visit.close();
    visit = await site.visit({ colorScheme, viewport: { width, height }, deviceScaleFactor });
    if (IN_FIREFOX) visit.expected = /blocked an inline style/; // of Playwright's screenshots
    const shots = inRepository(IN_FIREFOX ? 'build/screenshots/firefox' : 'build/screenshots');
    mkdirSync(shots, { recursive: true });
    await visit.page.screenshot({ path: join(shots, `${name}-welcome.png`) });
    await visit.page.click('[data-action="example"]');
    await visit.tagged(EXAMPLE);
    await visit.still();
    const path = join(shots, `${name}.png`);
    await visit.page.screenshot({ path, fullPage: true });
    expect(readFileSync(path).length).toBeGreaterThan(20_000);
    const sheet = (await visit.page.locator('.sheet').boundingBox())!;
    const top = (await visit.page.locator('.top').boundingBox())!;
    if (width > 1000)
      expect(top.x, 'top tags stand beside the taggram').toBeGreaterThan(sheet.x + sheet.width);
    else expect(top.y + top.height, 'or above it').toBeLessThan(sheet.y);
    const clipped = await visit.page
      .locator('.label, .mean, .top-name, .tick, .button:visible')
      .evaluateAll((all) => {
        const out = (element: Element) => {
          const { left, right } = element.getBoundingClientRect();
          return left < 0 || right > innerWidth;
        };
        return all.filter(out).map((element) => element.textContent);
      });
    expect(clipped, 'no name is cut').toEqual([]);
    const times = await visit.page
      .locator('.tick')
      .evaluateAll((all) => all.map((tick) => tick.getBoundingClientRect().toJSON() as DOMRect));
    times.slice(1).forEach((tick, index) => expect(tick.left).toBeGreaterThan(times[index]!.right + 4));
    const plot = (await visit.page.locator('.plot').boundingBox())!;
    expect(plot.width / width, 'the taggram has most of a wide window').toBeGreaterThan(
      LEAST_PLOT[name] ?? 0.5,
    );
    if (height > 1000) expect(plot.height / height, 'and of a tall one').toBeGreaterThan(0.6);
    const legend = await visit.page.locator('.scale-bar').evaluate((bar: HTMLCanvasElement) => {
      const { data } = bar.getContext('2d')!.getImageData(0, 0, bar.width, 1);
      return [...data.subarray(0, 3), ...data.subarray(-4, -1)];
    });
    const colours = palette(colorScheme);
    expect(legend).toEqual([...colours[0]!, ...colours[colours.length - 1]!]);
    expect(await visit.overflow(), 'nothing is wider than the window').toBeLessThanOrEqual(0);
  });

  it('is sharp on high-density screens', async () => {
    await visit.close();
    visit = await site.visit({ deviceScaleFactor: 3, viewport: { width: 700, height: 800 } });
    await visit.page.click('[data-action="example"]');
    await visit.tagged(EXAMPLE);
    await visit.still();
    const ratio = await visit.page
      .locator('.plot canvas')
      .evaluate((canvas: HTMLCanvasElement) => canvas.width / canvas.clientWidth);
    expect(ratio).toBeCloseTo(3, 1);
  });
});
