/** Zooming and moving in time, in headless Chromium. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { examplePath } from '../support/built.ts';
import { IN_FIREFOX, Site, type Visit } from '../support/browser.ts';
import { EXAMPLE } from '../support/songs.ts';

let site: Site;
let visit: Visit;
let page: Page;

beforeAll(async () => {
  site = await Site.open();
  visit = await site.visit({ viewport: { width: 1280, height: 900 }, hasTouch: true });
  page = visit.page;
  await visit.drop(examplePath());
  await visit.tagged(EXAMPLE);
});
afterAll(() => site?.close());
beforeEach(async () => {
  await visit.whole();
});
afterEach(() => expect(visit.unexpected()).toEqual([]));

/** The seconds that the axis labels say are seen, and where they stand on the plot, from 0 to 1. */
async function labels(pane = 0): Promise<{ seconds: number; place: number }[]> {
  await visit.still();
  return page
    .locator('.axis')
    .nth(pane)
    .evaluate((axis) => {
      const { left, width } = axis.getBoundingClientRect();
      return Array.from(axis.querySelectorAll('.tick'), (tick) => {
        const [minutes, seconds] = tick.textContent!.split(':').map(Number);
        const box = tick.getBoundingClientRect();
        const x = tick.classList.contains('leftward') ? box.right : box.left;
        return { seconds: 60 * minutes! + seconds!, place: (x - left) / width };
      });
    });
}

/** What is seen of the song, in seconds. */
async function seen(pane = 0): Promise<[from: number, to: number]> {
  const all = await labels(pane);
  const [first, last] = [all[0]!, all[all.length - 1]!];
  const span = (last.seconds - first.seconds) / (last.place - first.place);
  const from = first.seconds - first.place * span;
  return [from, from + span];
}

async function box(selector: string) {
  return (await page.locator(selector).first().boundingBox())!;
}

/** Puts the mouse on the plot's third row, at a part of its width. */
async function point(place: number): Promise<void> {
  const { x, y, width } = await box('.plot');
  await page.mouse.move(x + place * width, y + 40);
}

async function wheel(deltaX: number, deltaY: number, ctrl = false): Promise<void> {
  if (ctrl) await page.keyboard.down('Control');
  await page.mouse.wheel(deltaX, deltaY);
  if (ctrl) await page.keyboard.up('Control');
  await visit.still();
}

const close = (value: number, wanted: number) => expect(Math.abs(value - wanted)).toBeLessThan(0.3);

describe('the wheel', () => {
  it('zooms with ctrl, about what it points at', async () => {
    await point(0.75);
    await wheel(0, -50, true);
    await wheel(0, -50, true);
    const [from, to] = await seen();
    close(to - from, 30 / Math.E);
    close(from + 0.75 * (to - from), 22.5);
    await wheel(0, 100, true);
    await wheel(0, 100, true);
    const [start, end] = await seen();
    close(start, 0);
    close(end, 30);
  });

  it('moves in time sideways, and else scrolls the page', async () => {
    await page.click('#zoom-in');
    const [from] = await seen();
    await point(0.5);
    await wheel(Math.round((await box('.plot')).width / 5), 0);
    close((await seen())[0], from + 3);
    await wheel(0, 120);
    close((await seen())[0], from + 3);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(50);
  });

  it('zooms over the overview', async () => {
    const { x, y, width } = await box('#overview');
    await page.mouse.move(x + width / 3, y + 10);
    await wheel(0, -50);
    const [from, to] = await seen();
    close(to - from, 30 * Math.exp(-0.5));
    close(from + (to - from) / 3, 10);
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });
});

describe('keys', () => {
  it('zoom about the cell that they are at', async () => {
    await page.locator('.plot').focus();
    await page.keyboard.press('Home');
    for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowRight'); // to the sixth cell
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    const [from, to] = await seen();
    close(to - from, 30 / 1.6 ** 2);
    const middle = 5.5 * 2.992;
    close((middle - from) / (to - from), middle / 30);
    await page.keyboard.press('0');
    close((await seen())[1], 30);
  });

  it('walk out of what is seen and bring it along', async () => {
    await page.locator('.plot').focus();
    await page.keyboard.press('Home');
    for (let step = 0; step < 4; step++) await page.keyboard.press('+');
    const before = await seen();
    expect(before[1]).toBeLessThan(6);
    await page.keyboard.press('End');
    const after = await seen();
    close(after[1], 29.92);
    close(after[1] - after[0], before[1] - before[0]);
    const [frame, plot] = [await box('.frame'), await box('.plot')];
    expect(frame.x + frame.width).toBeLessThanOrEqual(plot.x + plot.width + 1);
    expect(await page.locator('#cell-announcer').textContent()).toContain('0:26.9 to 0:29.9');
  });

  it('turn pages', async () => {
    await page.locator('.plot').focus();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    const [from, to] = await seen();
    await page.keyboard.press('Shift+PageUp');
    close((await seen())[0], Math.max(0, from - (to - from)));
  });

  it('are listed on request', async () => {
    await page.locator('.plot').focus();
    await page.keyboard.press('?');
    await page.locator('#keys').waitFor({ state: 'visible' });
    expect(await page.locator('#keys dt').count()).toBeGreaterThan(8);
    await page.keyboard.press('Escape');
    await page.locator('#keys').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('plot');
    await page.locator('#play').focus();
    await page.keyboard.press('?');
    await page.locator('#keys').waitFor({ state: 'visible' });
    await page.keyboard.press('Escape');
    await page.click('#show-keys');
    await page.locator('#keys button').click();
    await page.locator('#keys').waitFor({ state: 'hidden' });
  });

  it('are letters like others in the filter', async () => {
    await page.locator('#filter').focus();
    await page.keyboard.type('?+0');
    expect(await page.locator('#filter').inputValue()).toBe('?+0');
    expect(await page.locator('#keys').isVisible()).toBe(false);
    await page.locator('#filter').fill('');
  });
});

describe('the buttons', () => {
  it('zoom, and say when they can do no more', async () => {
    const disabled = () =>
      page
        .locator('.time-bar .icon-button[aria-disabled]')
        .evaluateAll((all) => all.filter((one) => one.ariaDisabled === 'true').map(({ id }) => id));
    expect(await disabled()).toEqual(['zoom-out', 'zoom-all']);
    for (let step = 0; step < 4; step++) await page.click('#zoom-in');
    expect(await disabled()).toEqual(['zoom-in']);
    await page.click('#zoom-all');
    close((await seen())[1], 30);
    expect(await disabled()).toEqual(['zoom-out', 'zoom-all']);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('zoom-all');
  });
});

describe('the overview', () => {
  it('is dragged', async () => {
    await page.click('#zoom-in');
    await visit.still();
    const strip = await box('#overview');
    await page.mouse.move(strip.x + strip.width / 2, strip.y + 10);
    await page.mouse.down();
    await page.mouse.move(strip.x + strip.width / 2 + strip.width / 6, strip.y + 10, { steps: 4 });
    await page.mouse.up();
    close((await seen())[0], 7.5 + 5);
  });

  it('is widened at its edges', async () => {
    await page.click('#zoom-in');
    await visit.still();
    const strip = await box('#overview');
    const window = await box('.seen');
    await page.mouse.move(window.x + window.width, strip.y + 10);
    await page.mouse.down();
    await page.mouse.move(strip.x + strip.width, strip.y + 10, { steps: 4 });
    await page.mouse.up();
    const [from, to] = await seen();
    close(from, 7.5);
    close(to, 30);
  });

  it('goes where it is clicked', async () => {
    for (let step = 0; step < 3; step++) await page.click('#zoom-in');
    const strip = await box('#overview');
    await page.mouse.click(strip.x + 0.9 * strip.width, strip.y + 10);
    const [from, to] = await seen();
    close((from + to) / 2, 27);
  });

  it('is moved by keys and tells where it is', async () => {
    await page.locator('#overview').focus();
    expect(await page.locator('#overview').getAttribute('aria-valuetext')).toBe('all of it');
    await page.keyboard.press('+');
    await page.keyboard.press('End');
    await visit.still();
    expect(await page.locator('#overview').getAttribute('aria-valuetext')).toBe('0:11 to 0:30 of 0:30');
    await page.keyboard.press('Home');
    close((await seen())[0], 0);
  });
});

describe.skipIf(IN_FIREFOX)('fingers', () => {
  type Point = { x: number; y: number; id: number };

  async function touch(...frames: Point[][]): Promise<void> {
    const session = await page.context().newCDPSession(page);
    const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: Point[]) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints });
    await send('touchStart', frames[0]!);
    for (const points of frames.slice(1)) await send('touchMove', points);
    await send('touchEnd', []);
    await session.detach();
    await visit.still();
  }

  it('pinch and drag', async () => {
    const plot = await box('.plot');
    const y = plot.y + 100;
    const at = (place: number, id: number) => ({ x: plot.x + place * plot.width, y, id });
    await touch([at(0.45, 0), at(0.55, 1)], [at(0.4, 0), at(0.6, 1)], [at(0.35, 0), at(0.65, 1)]);
    const [from, to] = await seen();
    close(to - from, 10);
    close((from + to) / 2, 15);
    await touch(...[0.8, 0.75, 0.7, 0.6, 0.5, 0.4, 0.3].map((place) => [at(place, 0)]));
    close((await seen())[0], from + 5);
    expect(await page.locator('.stretch').isVisible(), 'nothing is marked').toBe(false);
    expect(await page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBe(0);
  });
});

it('draws the sound above its taggram', async () => {
  await page.click('#zoom-in'); // from 7.5 s: before 12 s it is quieter than after
  await visit.still();
  const heights = await page.locator('.wave canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
    return Array.from(
      { length: width },
      (_, x) =>
        Array.from({ length: height }, (_, y) => data[(y * width + x) * 4 + 3]!).filter(Boolean).length,
    );
  });
  expect(Math.min(...heights)).toBeGreaterThan(0);
  const mean = (part: number[]) => part.reduce((sum, height) => sum + height, 0) / part.length;
  const third = Math.floor(heights.length / 4);
  expect(mean(heights.slice(-third))).toBeGreaterThan(1.5 * mean(heights.slice(0, third)));
});

it('stays where it is with another model, and both models share it', async () => {
  await page.click('#zoom-in');
  await visit.choose('#compare', 'MSD_musicnn');
  await page.locator('.pane').nth(1).waitFor();
  await visit.tagged(EXAMPLE);
  const [one, other] = [await seen(0), await seen(1)];
  close(one[0], 7.5);
  close(other[0], 7.5);
  close(other[1], one[1]);
});
