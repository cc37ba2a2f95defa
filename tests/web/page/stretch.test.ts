/** A stretch of time that is marked, and its mean tags. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { score } from '../../../web/page/format.ts';
import { Scores } from '../../../web/page/raster.ts';
import { meansOver } from '../../../web/page/means.ts';
import { rankTags, type TaggedFile } from '../../../web/taggram.ts';
import { examplePath } from '../support/built.ts';
import { Site, type Visit } from '../support/browser.ts';
import { ffmpeg, tagInTerminal } from '../support/program.ts';
import { EXAMPLE } from '../support/songs.ts';

describe('means', () => {
  const scores = new Scores(2, 1);
  [0.5, 0.25, 0.75, 0.1].forEach((value, i) =>
    scores.add({ start: i, end: i + 1, silent: i === 2, padded: false }, [value, 1 - value]),
  );

  it('are over the segments in a stretch that are not silent', () => {
    expect(meansOver(scores, { from: 1, to: 4 })).toEqual({
      means: Float32Array.of(0.175, 0.825),
      counted: 2,
    });
  });

  it('are of none where all is silent, or nothing was heard', () => {
    expect(meansOver(scores, { from: 2, to: 3 }).counted).toBe(0);
    expect(meansOver(new Scores(2, 1), { from: 0, to: 3 }).counted).toBe(0);
  });
});

describe('a mark on the page', () => {
  let site: Site;
  let visit: Visit;
  let page: Page;
  let program: TaggedFile;

  beforeAll(async () => {
    program = tagInTerminal(examplePath());
    site = await Site.open();
    visit = await site.visit({ viewport: { width: 1280, height: 900 }, hasTouch: true });
    page = visit.page;
    await visit.drop(examplePath());
    await visit.tagged(EXAMPLE);
  });
  afterAll(() => site?.close());
  beforeEach(async () => {
    await page.locator('#stretch-clear').dispatchEvent('click');
    await visit.whole();
  });
  afterEach(() => expect(visit.unexpected()).toEqual([]));

  /** The program's strongest tags over some segments, as the page tells them. */
  function strongest(from: number, end: number): string[] {
    const rows = program.taggram.slice(from, end);
    const means = program.tags.map((_, tag) => rows.reduce((sum, row) => sum + row[tag]!, 0) / rows.length);
    return rankTags(means)
      .slice(0, 6)
      .map((tag) => `${program.tags[tag]!}${score(means[tag]!)}`);
  }

  const told = () => page.locator('.stretch-tag').allTextContents();
  const title = () => page.locator('#stretch-title').textContent();

  async function drag(from: number, to: number): Promise<void> {
    const { x, y, width } = (await page.locator('.plot').boundingBox())!;
    await page.mouse.move(x + from * width, y + 60);
    await page.mouse.down();
    await page.mouse.move(x + to * width, y + 64, { steps: 4 });
    await page.mouse.up();
  }

  it('is dragged over cells, and tells the mean of whole segments', async () => {
    await drag(0.35, 0.65); // within the fourth and the seventh of ten segments
    await expect.poll(told).toEqual(strongest(3, 7));
    expect(await title()).toBe('0:09.0 to 0:20.9');
    const [mark, plot] = [
      (await page.locator('.stretch').boundingBox())!,
      (await page.locator('.plot').boundingBox())!,
    ];
    expect((mark.x - plot.x) / plot.width).toBeCloseTo((3 * 2.992) / program.duration, 2);
    expect(mark.width / plot.width).toBeCloseTo((4 * 2.992) / program.duration, 2);
    const playing = await page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime);
    expect(playing, 'a drag is no click').toBe(0);
    await expect
      .poll(() => page.locator('#announcer').textContent())
      .toMatch(/^Marked 0:09\.0 to 0:20\.9, strongest: classical, strings and violin\.$/);
  });

  it('is dragged from either side, and as well over the waveform', async () => {
    await drag(0.65, 0.35);
    expect(await title()).toBe('0:09.0 to 0:20.9');
    const { x, y, width } = (await page.locator('.wave').boundingBox())!;
    await page.mouse.move(x + 0.05 * width, y + 10);
    await page.mouse.down();
    await page.mouse.move(x + 0.15 * width, y + 10, { steps: 4 });
    await page.mouse.up();
    expect(await title()).toBe('0:00.0 to 0:06.0');
  });

  it('is made by keys, and unmade', async () => {
    await page.locator('.plot').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await title()).toBe('0:03.0 to 0:12.0');
    await expect.poll(told).toEqual(strongest(1, 4));
    await page.keyboard.press('Shift+ArrowLeft');
    expect(await title()).toBe('0:03.0 to 0:09.0');
    await page.keyboard.press('Escape');
    expect(await page.locator('#stretch').isVisible()).toBe(false);
    expect(await page.locator('.stretch').isVisible()).toBe(false);
  });

  it('is zoomed in on', async () => {
    await drag(0.35, 0.65);
    await page.click('#stretch-zoom');
    await visit.still();
    expect(await page.locator('#overview').getAttribute('aria-valuetext')).toBe('0:08 to 0:20 of 0:30');
  });

  it('is told of by both models, and gone with its song', async () => {
    await drag(0.35, 0.65);
    await visit.choose('#compare', 'MSD_musicnn');
    await page.locator('.pane').nth(1).waitFor();
    await visit.tagged(EXAMPLE);
    await expect
      .poll(() => page.locator('.stretch-row h4').allTextContents())
      .toEqual(['MTT_musicnn', 'MSD_musicnn']);
    expect(await page.locator('.stretch:visible').count()).toBe(2);
    const short = site.folder.at('other.wav');
    ffmpeg('-i', examplePath(), '-t', '9', short);
    await visit.drop(short);
    await visit.tagged('other.wav');
    expect(await page.locator('#stretch').isVisible()).toBe(false);
  });
});
