/** All of the page is reached by the Tab key, forth and back, and seen when it is. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { examplePath } from '../support/built.ts';
import { Site, type Visit } from '../support/browser.ts';
import { EXAMPLE } from '../support/songs.ts';

let site: Site;
let visit: Visit;
let page: Page;

beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site?.close());
afterEach(async () => {
  await visit.close();
  expect(visit.unexpected()).toEqual([]);
});

/** What has focus: its place among all that can have it, and what is wrong with how it is seen. */
interface Place {
  index: number;
  name: string;
  wrong: string[];
}

/** In the page: keeps all that can have focus in `stops`, in order. */
function listStops(): string[] {
  const stops = [...document.querySelectorAll<HTMLElement>('*')].filter(
    (element) =>
      element.tabIndex >= 0 &&
      element.checkVisibility({ visibilityProperty: true }) &&
      !element.matches(':disabled'),
  );
  Object.assign(window, { stops });
  return stops.map(
    ({ id, className, textContent }) => `${id || className} ${textContent!.trim().slice(0, 20)}`,
  );
}

/** In the page: what has focus, undefined where it has left the page. */
function lookAtFocus(): Place | undefined {
  const element = document.activeElement as HTMLElement | null;
  if (!element || element === document.body || element === document.documentElement) return undefined;
  const wrong: string[] = [];
  const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
  const isTall = height > innerHeight / 2;
  const isWithin = left >= -1 && right <= innerWidth + 1 && top >= -1 && bottom <= innerHeight + 1;
  if (!isTall && !isWithin) wrong.push(`outside of the window: ${[left, top, right, bottom].join(' ')}`);
  const [from, to] = [Math.max(0, top), Math.min(innerHeight, bottom)];
  const over = [0.25, 0.5, 0.75]
    .map((part) => document.elementFromPoint(left + width / 2, from + part * (to - from)))
    .filter((hit) => !hit || !(element.contains(hit) || hit.contains(element)));
  if (over.length > (isTall ? 2 : 0))
    wrong.push(`covered by ${over.map((hit) => hit?.outerHTML.slice(0, 60))}`);
  const marked = [element, element.closest<HTMLElement>('.field')].some((candidate) => {
    if (!candidate) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(candidate);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  });
  if (!marked) wrong.push('no outline');
  const index = (window as unknown as { stops: Element[] }).stops.indexOf(element);
  return { index, name: element.id || element.className || element.textContent!.trim(), wrong };
}

/** Presses the key so often, and returns where that leads. */
async function walk(key: 'Tab' | 'Shift+Tab', times: number): Promise<Place[]> {
  const places: Place[] = [];
  for (let i = 0; i < times; i++) {
    await page.keyboard.press(key);
    const place = await page.evaluate(lookAtFocus);
    if (place) places.push(place);
  }
  return places;
}

describe.each([
  ['desktop', { viewport: { width: 1280, height: 800 } }],
  ['phone', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }],
])('on a %s', (_, options) => {
  it('each place has its turn, is within the window and marked, and none is a trap', async () => {
    visit = await site.visit({ reducedMotion: 'reduce', ...options });
    page = visit.page;
    await visit.drop(examplePath(), site.folder.repeated(2));
    await visit.tagged(EXAMPLE);
    await visit.state('2-times.mp3', 'done');
    await page.locator('.label', { hasText: /^choir$/ }).click();
    await page.locator('.plot').focus();
    for (const key of ['Home', 'Home', 'Shift+ArrowRight']) await page.keyboard.press(key);
    await page.locator('.stretch-tag').first().waitFor();
    await page.evaluate(() => {
      (document.activeElement as HTMLElement).blur();
      getSelection()!.removeAllRanges();
      document.querySelector<HTMLElement>('.wordmark')!.focus();
      scrollTo({ top: 0, behavior: 'instant' });
    });
    await visit.still();
    const stops = await page.evaluate(listStops);
    expect(stops.length).toBeGreaterThan(25);
    const all = stops.map((_stop, index) => index);
    const forth = await walk('Tab', stops.length);
    expect(forth.map(({ index }) => index)).toEqual(all.slice(1)); // and then it leaves the page
    const back = await walk('Shift+Tab', stops.length);
    expect(back.map(({ index }) => index)).toEqual(all.toReversed());
    const wrong = [...forth, ...back].filter((place) => place.wrong.length > 0);
    expect(wrong).toEqual([]);
  });
});
