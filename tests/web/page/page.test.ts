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
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { colourOf, palette } from '../../../web/page/palette.ts';
import { clock, score } from '../../../web/page/format.ts';
import type { TaggedFile } from '../../../web/taggram.ts';
import { examplePath, inRepository } from '../support/built.ts';
import { Site, type Visit } from '../support/browser.ts';
import { largestDifference } from '../support/npy.ts';
import { ffmpeg, tagInTerminal } from '../support/program.ts';

const EXAMPLE = basename(examplePath());
/** Four and a half minutes: long enough to be interrupted. */
const LONG_REPEATS = 8;

let site: Site;
let visit: Visit;
let folder: string;
let program: TaggedFile;

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
  const { complaints } = visit;
  await visit.close();
  expect(complaints).toEqual([]);
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

/** The middle of a cell, in pixels of the window: by the row's label and the time axis. */
async function cellPoint(
  result: TaggedFile,
  tag: string,
  segment: number,
): Promise<{ x: number; y: number }> {
  await visit.page.waitForTimeout(600); // rows come to rest
  const plot = (await visit.page.locator('.plot').boundingBox())!;
  const label = (await visit.page.locator('.label', { hasText: new RegExp(`^${tag}$`) }).boundingBox())!;
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
    expect(page.top.slice(0, 3).map(({ tag }) => tag)).toEqual(program.top.slice(0, 3).map(({ tag }) => tag));
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
    await visit.page.locator('#dropzone').waitFor({ state: 'visible' });
    await visit.drag('dragCancel', [examplePath()]);
    await visit.page.locator('#dropzone').waitFor({ state: 'hidden' });
    expect(await visit.page.locator('#welcome').isVisible()).toBe(true);
  });

  it('grows while it is computed, says how far it is, and never freezes the page', async () => {
    await visit.page.evaluate(() => {
      const seen = { stages: [] as string[], longest: 0 };
      Object.assign(window, { seen });
      const stage = document.querySelector('#stage')!;
      new MutationObserver(() => seen.stages.push(stage.textContent!)).observe(stage, { childList: true });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
      }).observe({ type: 'longtask' });
    });
    await visit.drop(made('long.mp3'));
    await visit.tagged('long.mp3');
    const { stages, longest } = await visit.page.evaluate(
      () => (window as unknown as { seen: { stages: string[]; longest: number } }).seen,
    );
    const { segments } = await visit.result();
    const counts = stages.flatMap((stage) => /(\d+) of/.exec(stage)?.slice(1).map(Number) ?? []);
    console.log(`long.mp3: ${segments.length} segments, longest task on the page ${longest} ms`);
    expect(stages[0]).toBe('Reading');
    expect(stages).toContain('Decoding');
    expect(new Set(counts).size).toBeGreaterThan(segments.length / 2);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts[counts.length - 1]).toBe(segments.length);
    expect(longest).toBeLessThan(500);
  });

  it('gives way to another that is dropped while it runs', async () => {
    await visit.drop(made('long.mp3'));
    await visit.page.locator('#stage', { hasText: /: [1-9]\d* of/ }).waitFor();
    await visit.drop(examplePath());
    await visit.tagged(EXAMPLE);
    const page = await visit.result();
    expect(page.file).toBe(EXAMPLE);
    expect(page.segments).toEqual(program.segments);
    await visit.page.waitForTimeout(500); // a late segment of the first would show by now
    expect(await visit.page.locator('#stage').textContent()).toBe('');
    expect((await visit.result()).segments).toEqual(program.segments);
  });

  it('is not disturbed by a broken file dropped while it runs', async () => {
    await visit.drop(made('long.mp3'));
    await visit.page.locator('#stage', { hasText: /: [1-9]\d* of/ }).waitFor();
    await visit.drop(made('text.mp3'));
    await visit.page.locator('.notice.error').waitFor();
    await visit.tagged('long.mp3');
  });
});

describe('the taggram', () => {
  beforeEach(async () => {
    await visit.page.click('[data-action="example"]');
    await visit.tagged(EXAMPLE);
  });

  it('shows 50 rows, strongest first', async () => {
    await visit.page.waitForTimeout(600);
    const labels = await visit.page.locator('.label').all();
    const rows = await Promise.all(
      labels.map(async (label) => ({ tag: await label.textContent(), y: (await label.boundingBox())!.y })),
    );
    rows.sort((a, b) => a.y - b.y);
    const { top } = await visit.result();
    expect(rows.map(({ tag }) => tag)).toEqual(top.map(({ tag }) => tag));
  });

  it('paints each cell in the colour of its score', async () => {
    const result = await visit.result();
    await visit.page.waitForTimeout(600); // rows come to rest
    const colours = palette('light');
    const cells = result.top.slice(0, 8).flatMap(({ tag }, row) =>
      result.segments.map(({ start, end }, segment) => ({
        x: (start + end) / 2 / result.duration,
        y: (row + 0.5) / result.tags.length,
        expected: [...colourOf(colours, result.taggram[segment]![result.tags.indexOf(tag)]!), 255],
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

  it('seeks where it is clicked', async () => {
    const result = await visit.result();
    for (const segment of [6, 2]) {
      const { x, y } = await cellPoint(result, result.top[1]!.tag, segment);
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
    const { x, y } = await cellPoint(result, result.top[2]!.tag, 5);
    await visit.page.mouse.move(x, y);
    expect(await visit.page.locator('#tooltip').textContent()).toBe(spoken(result, result.top[2]!.tag, 5));
    await visit.page.mouse.move(2, 2);
    expect(await visit.page.locator('#tooltip').isVisible()).toBe(false);
  });

  it('is walked cell by cell with the keyboard', async () => {
    const result = await visit.result();
    const said = () => visit.page.locator('#cell-announcer').textContent();
    const tag = (row: number) => result.top[row]!.tag;
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

  it('plays with the button and with the space key, and the playhead moves', async () => {
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

describe('files that are not songs', () => {
  it.each([
    ['empty.mp3', /^empty\.mp3 is empty/],
    ['text.mp3', /^text\.mp3 is not audio that this browser can decode/],
    ['picture.png', /^picture\.png is not audio/],
    ['film.mp4', /^film\.mp4 has no sound/],
    ['nothing.wav', /^nothing\.wav .*no samples/],
    ['one.wav', /^one\.wav lasts less than 0\.1 seconds/],
    ['folder', /^folder is a folder/],
  ])('%s gets one clear sentence, and the page goes on', async (name, sentence) => {
    await visit.drop(made(name));
    await visit.page.locator('.notice.error').waitFor();
    const notices = await visit.notices();
    console.log(notices[0]);
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
    ['cut.mp3', /^cut\.mp3 is cut short: its header states 30\.\d s, it holds 1\d\.\d s/],
    ['cut.flac', /^cut\.flac is cut short: its header states 30\.0 s, it holds 1\d\.\d s/],
    ['numbers.wav', /^numbers\.wav has 3 samples not a finite number/],
  ])('%s is tagged with a warning', async (name, warning) => {
    await visit.drop(made(name));
    await visit.tagged(name);
    const [notice, ...others] = await visit.notices();
    expect(others).toEqual([]);
    expect(notice).toMatch(warning);
    const page = await visit.result();
    expect(page.warnings).toHaveLength(1);
    expect(page.taggram.flat().every((value) => value >= 0 && value <= 1)).toBe(true);
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
    expect(await visit.page.locator('#legend').textContent()).toContain('silent');
    expect(await visit.page.locator('#top-note').textContent()).toContain('silent');
  });

  it('short audio is repeated, marked and explained', async () => {
    await visit.drop(made('short.wav'));
    await visit.tagged('short.wav');
    expect((await visit.result()).segments).toMatchObject([{ padded: true }]);
    expect(await visit.page.locator('#legend').textContent()).toContain('repeated');
    expect(await visit.page.locator('.repeated').isVisible()).toBe(true);
  });

  it('several files: the first song is tagged, and the others are named', async () => {
    await visit.drop(made('text.mp3'), examplePath(), made('short.wav'), made('folder'));
    await visit.tagged(EXAMPLE);
    const notices = (await visit.notices()).join('\n');
    expect(notices).toContain('text.mp3 is not audio');
    expect(notices).toContain('folder is a folder');
    expect(notices).toContain(`One song at a time: ${EXAMPLE} is tagged, short.wav is not.`);
  });
});

it('forbids itself everything from elsewhere', async () => {
  const policy = await visit.page
    .locator('meta[http-equiv="Content-Security-Policy"]')
    .getAttribute('content');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/'unsafe-(inline|eval)'|https?:/);
});

describe('looks', () => {
  it.each([
    ['light', 'light', 1440, 900, 1],
    ['dark', 'dark', 1440, 900, 1],
    ['phone', 'dark', 360, 740, 2],
  ] as const)('%s', async (name, colorScheme, width, height, deviceScaleFactor) => {
    await visit.close();
    visit = await site.visit({ colorScheme, viewport: { width, height }, deviceScaleFactor });
    const shots = inRepository('build/screenshots');
    mkdirSync(shots, { recursive: true });
    await visit.page.screenshot({ path: join(shots, `${name}-welcome.png`) });
    await visit.page.click('[data-action="example"]');
    await visit.tagged(EXAMPLE);
    await visit.page.waitForTimeout(1200); // rows and progress come to rest
    const path = join(shots, `${name}.png`);
    await visit.page.screenshot({ path, fullPage: true });
    expect(readFileSync(path).length).toBeGreaterThan(20_000);
    const overflow = await visit.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, 'nothing is wider than the window').toBeLessThanOrEqual(0);
  });

  it('is sharp on high-density screens', async () => {
    await visit.close();
    visit = await site.visit({ deviceScaleFactor: 3, viewport: { width: 700, height: 800 } });
    await visit.page.click('[data-action="example"]');
    await visit.tagged(EXAMPLE);
    const ratio = await visit.page
      .locator('.plot canvas')
      .evaluate((canvas: HTMLCanvasElement) => canvas.width / canvas.clientWidth);
    expect(ratio).toBeCloseTo(3, 1);
  });
});
