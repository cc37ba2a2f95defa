/** A taggram can be used while it grows, and those who listen to the page are not told of every segment. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clock } from '../../../web/page/format.ts';
import { Site, type Visit } from '../support/browser.ts';
import { Engines } from '../support/engines.ts';

const NAME = '12-times.mp3';
const SEGMENTS = 120;
const HOP = 2.992;

let site: Site;
let visit: Visit;
let page: Page;
let engines: Engines;
let song: string;

beforeAll(async () => {
  site = await Site.open();
  song = site.folder.repeated(12);
});
afterAll(() => site?.close());
afterEach(async () => {
  await visit.close();
  expect(visit.unexpected()).toEqual([]);
});

async function come(options: Parameters<Site['visit']>[0] = {}, before?: (page: Page) => Promise<unknown>) {
  const window = { reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } } as const;
  visit = await site.visit({ ...window, ...options }, async (opened) => {
    engines = await Engines.of(opened);
    await before?.(opened);
  });
  page = visit.page;
}

describe('while it grows', () => {
  beforeEach(async () => {
    await come();
    await engines.hold(20);
    await visit.drop(song);
    await engines.held();
  });

  const said = async () => (await page.locator('#cell-announcer').textContent())!;
  const seen = () => page.locator('#overview').getAttribute('aria-valuetext');
  const title = () => page.locator('#stretch-title').textContent();
  const isAt = (id: string) => page.evaluate((wanted) => document.activeElement?.matches(wanted), id);

  /** Of the cell that was told of last. */
  async function segment(): Promise<number> {
    const [, minutes, seconds] = /, (\d+):(\d\d\.\d) to/.exec(await said())!;
    return Math.round((60 * Number(minutes) + Number(seconds)) / HOP);
  }

  async function press(...keys: string[]): Promise<void> {
    for (const key of keys) await page.keyboard.press(key);
  }

  async function toTheEnd(): Promise<void> {
    await engines.letGo();
    await visit.tagged(NAME);
    expect((await visit.result()).segments).toHaveLength(SEGMENTS);
  }

  it('it is zoomed by buttons, keys and the wheel, and stays so', async () => {
    expect(await seen()).toBe('all of it');
    await page.click('#zoom-in');
    const once = await seen();
    await page.locator('.plot').focus();
    await press('Home', 'Home', '+');
    const twice = await seen();
    const { x, y, width } = (await page.locator('.plot').boundingBox())!;
    await page.mouse.move(x + width / 4, y + 40);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -50);
    await page.keyboard.up('Control');
    await expect.poll(seen).not.toBe(twice);
    const thrice = await seen();
    expect(new Set(['all of it', once, twice, thrice]).size).toBe(4);
    await visit.still();
    const inked = await page.locator('.plot canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, 1, canvas.height);
      return data.some((value) => value > 0);
    });
    expect(inked, 'its beginning is drawn').toBe(true);
    await toTheEnd();
    expect(await seen()).toBe(thrice);
  });

  it('its cells are walked as far as they are there', async () => {
    await page.locator('.plot').focus();
    await press('ArrowRight', 'ArrowDown', 'End');
    const last = await segment();
    expect(last).toBeGreaterThan(5);
    expect(last).toBeLessThan(40); // of twenty pieces
    const words = await said();
    await press('ArrowRight');
    expect(await segment()).toBe(last);
    await engines.letGo(20);
    await engines.held();
    expect(await said(), 'nothing more is said').toBe(words);
    expect(await isAt('.plot')).toBe(true);
    await press('ArrowRight');
    expect(await segment(), 'and go on').toBe(last + 1);
    await toTheEnd();
    await page.locator('.plot').focus();
    await press('End');
    expect(await segment()).toBe(SEGMENTS - 1);
  });

  it('a stretch is marked by keys, and stays as it is', async () => {
    await page.locator('.plot').focus();
    await press('Home', 'Home', 'Shift+ArrowRight', 'Shift+ArrowRight');
    expect(await title()).toBe('0:00.0 to 0:09.0');
    const tags = page.locator('.stretch-tag');
    await tags.first().waitFor();
    const before = await tags.allTextContents();
    expect(before).toHaveLength(6);
    await toTheEnd();
    expect(await title()).toBe('0:00.0 to 0:09.0');
    expect(await tags.allTextContents()).toEqual(before);
  });

  it('a stretch is dragged no further than it is heard', async () => {
    const { x, y, width } = (await page.locator('.wave').boundingBox())!;
    await page.mouse.move(x + 1, y + 10);
    await page.mouse.down();
    await page.mouse.move(x + 0.9 * width, y + 10, { steps: 4 });
    await page.mouse.up();
    const marked = await title();
    await page.locator('.plot').focus();
    await press('End', 'End');
    expect(marked).toBe(`0:00.0 to ${clock(((await segment()) + 1) * HOP, true)}`);
  });

  it('its table grows, and what is read of it stays', async () => {
    const rows = page.locator('tbody tr');
    const times = () => page.locator('tbody th').allTextContents();
    await page.click('#as-table');
    const before = await times();
    expect(before.length).toBeGreaterThan(5);
    await page.locator('.table-scroll').focus();
    await engines.letGo(20);
    await rows.nth(before.length).waitFor({ state: 'attached' });
    expect((await times()).slice(0, before.length)).toEqual(before);
    expect(await isAt('.table-scroll')).toBe(true);
    await toTheEnd();
    expect(await rows.count()).toBe(50);
    expect(await page.locator('.table [role="status"]').textContent()).toBe(
      `Segments 1 to 50 of ${SEGMENTS}`,
    );
  });
});

/** In the page: keeps what is told of itself, not asked for, in `told`. */
function keepWhatIsTold(): void {
  const told: string[] = [];
  Object.assign(window, { told });
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const element = target instanceof Element ? target : target.parentElement;
      const region = element?.closest('[aria-live], [role="status"], [role="alert"]');
      if (region && region.getAttribute('aria-live') !== 'off') told.push(region.textContent!);
    }
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}

it.each(['cells', 'table'])('only its beginning and its end are told aloud (%s)', async (shape) => {
  await come();
  await visit.drop(site.folder.repeated(1));
  await visit.tagged('1-times.mp3');
  if (shape === 'table') await page.click('#as-table');
  await page.evaluate(keepWhatIsTold);
  await visit.drop(song);
  await visit.tagged(NAME);
  const told = await page.evaluate(() => (window as unknown as { told: string[] }).told);
  const words = told.filter(Boolean);
  expect(words[0]).toBe(`Reading ${NAME}`);
  expect(words.at(-1)).toMatch(/^Done\. 12-times\.mp3, strongest: /);
  expect(words.length, words.join('\n')).toBeLessThanOrEqual(4);
});

it.each([
  ['en-US', /^Listening: \d+ of 120 segments, \d+ (s|min) left$/],
  ['de-DE', /^Hört zu: \d+ von 120 Segmenten, noch \d+ (s|min)$/],
])('how long it still takes is told (%s)', async (locale, words) => {
  // By a clock that runs twenty times as fast, or a fast machine were done before it is worth a word.
  await come({ locale }, (opened) =>
    opened.addInitScript(() => {
      const now = performance.now.bind(performance);
      performance.now = () => 20 * now();
    }),
  );
  await visit.drop(song);
  await page.waitForFunction((pattern) => {
    const text = document.querySelector('#stage')!.textContent!;
    const spoken = document.querySelector('#progress')!.getAttribute('aria-valuetext');
    return spoken === text && new RegExp(pattern).test(text);
  }, words.source);
});
