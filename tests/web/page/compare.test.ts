/** Two models on the same song. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sharedTags } from '../../../web/page/difference.ts';
import { colourOf, differenceScale } from '../../../web/page/palette.ts';
import { ROW_HEIGHT } from '../../../web/page/rows.ts';
import { examplePath } from '../support/built.ts';
import { Site, type Visit } from '../support/browser.ts';
import { largestDifference } from '../support/npy.ts';
import { tagInTerminal } from '../support/program.ts';
import { EXAMPLE } from '../support/songs.ts';

const [FIRST, SECOND] = ['MTT_musicnn', 'MSD_vgg'];
/** Rows that don't move are soon at rest. */
const STILL = { reducedMotion: 'reduce' } as const;

let site: Site;
let visit: Visit;
let page: Page;
let asked: number;

beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site?.close());
afterEach(async () => {
  await visit.close();
  expect(visit.unexpected()).toEqual([]);
});

async function arrive(options: Parameters<Site['visit']>[0] = STILL): Promise<void> {
  asked = 0;
  visit = await site.visit({ ...STILL, ...options }, async (opened) => {
    opened.on('request', (request) => (asked += Number(request.url().includes('.gguf'))));
  });
  page = visit.page;
  await page.click('[data-action="example"]');
  await visit.tagged(EXAMPLE);
}

async function compareWith(name: string): Promise<void> {
  await visit.choose('#compare', name);
  await visit.tagged(EXAMPLE);
  await visit.still();
}

const titles = () => page.locator('.pane h3').allTextContents();
const boxes = (selector: string) =>
  page
    .locator(selector)
    .evaluateAll((all) => all.map((element) => element.getBoundingClientRect().toJSON() as DOMRect));

describe('side by side', () => {
  beforeEach(() => arrive());

  it('each gives what the program gives, and the second is loaded when it is asked for', async () => {
    expect(asked).toBe(1);
    await compareWith(SECOND!);
    expect(asked).toBe(2);
    expect(await titles()).toEqual([FIRST, SECOND]);
    for (const [section, model] of [FIRST!, SECOND!].entries()) {
      const [ours, theirs] = [await visit.result(section), tagInTerminal(examplePath(), '--model', model)];
      expect(ours).toMatchObject({ model, tags: theirs.tags, segments: theirs.segments });
      expect(largestDifference(ours.taggram.flat(), theirs.taggram.flat())).toBeLessThan(5e-3);
      const top = page.locator('.top-list').nth(section);
      expect(await top.locator('.top-model').textContent()).toBe(model);
      expect(await top.locator('.top-name').first().textContent()).toBe(theirs.top[0]!.tag);
    }
  });

  it('they share one time axis, one playhead and one cell', async () => {
    await compareWith('MTT_vgg');
    const [a, b] = await boxes('.plot');
    expect(b).toMatchObject({ y: a!.y, width: a!.width, height: a!.height });
    expect(b!.x).toBeGreaterThan(a!.right);
    await page.mouse.click(a!.x + a!.width * 0.55, a!.y + ROW_HEIGHT / 2);
    const shares = (await boxes('.playhead')).map(({ x }, i) => (x - [a!, b!][i]!.x) / a!.width);
    expect(shares[0]).toBeGreaterThan(0.3);
    expect(shares[1]).toBeCloseTo(shares[0]!, 4);
    const framed = await boxes('.frame');
    expect(framed[1]!.x - b!.x).toBeCloseTo(framed[0]!.x - a!.x, 1);
    const named = await page.locator('.label.here').allTextContents();
    expect(named).toEqual([named[0], named[0]]);
  });

  it('how far they agree is told where they have the same tags', async () => {
    await compareWith('MTT_vgg');
    expect(await page.locator('#agreement').isVisible()).toBe(true);
    await compareWith('MSD_vgg');
    expect(await page.locator('#agreement').isVisible()).toBe(false);
  });

  it('lines are of both', async () => {
    await compareWith('MTT_vgg');
    await page
      .locator('.pane')
      .nth(1)
      .locator('.label', { hasText: /^choir$/ })
      .click();
    expect(await page.locator('.chip').count()).toBe(2);
    expect(await page.locator('.lines:visible').count()).toBe(2);
  });

  it('models change places without listening again', async () => {
    await compareWith(SECOND!);
    await visit.choose('#model', SECOND!);
    expect(await titles()).toEqual([SECOND, FIRST]);
    expect(await page.locator('#export').isEnabled(), 'nothing runs').toBe(true);
    expect((await visit.result(1)).model).toBe(FIRST);
    expect(asked).toBe(2);
  });

  it('both follow the hop, and the next song', async () => {
    await compareWith(SECOND!);
    await page.selectOption('#hop', { label: '1.008 s' });
    await visit.tagged(EXAMPLE);
    expect([(await visit.result(0)).hop, (await visit.result(1)).hop]).toEqual([1.008, 1.008]);
    await visit.drop(site.folder.repeated(2));
    await visit.tagged('2-times.mp3');
    expect((await visit.result(1)).model).toBe(SECOND);
    expect((await visit.result(1)).hop).toBe(1.008);
  });

  it('nothing is left of the second when it goes', async () => {
    await compareWith(SECOND!);
    await visit.choose('#compare', 'Nothing');
    expect(await titles()).toEqual(['Taggram']);
    expect(await page.locator('.top-list').count()).toBe(1);
    expect(await page.locator('#difference').isVisible()).toBe(false);
    await visit.tagged(EXAMPLE);
  });

  it('a second that can’t be loaded leaves the first as it is', async () => {
    await page.route('**/MSD_vgg*.gguf', (route) => route.fulfill({ status: 404 }));
    visit.expected = /404|Failed to load/;
    await visit.choose('#compare', SECOND!);
    await page.locator('.notice.error', { hasText: 'The model could not be loaded' }).waitFor();
    expect(await titles()).toEqual(['Taggram']);
    expect((await visit.result()).model).toBe(FIRST);
  });
});

describe('the difference', () => {
  beforeEach(() => arrive());

  it('is shown for the tags that both know, in its own colours', async () => {
    await compareWith(SECOND!);
    const [first, second] = [await visit.result(0), await visit.result(1)];
    await page.click('#difference');
    await visit.still();
    const shared = sharedTags(first.tags, second.tags);
    expect(shared.length).toBeGreaterThan(3);
    expect(await titles()).toEqual([`Difference over ${shared.length} shared tags`]);
    const legend = await page.locator('.legend').textContent();
    for (const words of [`${FIRST} higher`, `${SECOND} higher`, '−0.50', '+0.50'])
      expect(legend).toContain(words);
    const plot = (await boxes('.plot'))[0]!;
    const tops = await page
      .locator('.label:visible')
      .evaluateAll((labels) =>
        labels.map((label) => [label.textContent!, label.getBoundingClientRect().y] as const),
      );
    const scale = differenceScale('light');
    const places = tops.flatMap(([tag, y]) =>
      first.segments.map(({ start, end }, i) => {
        const value =
          second.taggram[i]![second.tags.indexOf(tag)]! - first.taggram[i]![first.tags.indexOf(tag)]!;
        const x = (start + end) / 2 / first.duration;
        return {
          x,
          y: (y - plot.y + ROW_HEIGHT / 2) / plot.height,
          colour: [...colourOf(scale, value), 255],
        };
      }),
    );
    expect(places).toHaveLength(shared.length * first.segments.length);
    const painted = await page.locator('.plot canvas').evaluate((canvas: HTMLCanvasElement, at) => {
      const { width, height } = canvas;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
      return at.map(({ x, y }) => {
        const from = (Math.floor(y * height) * width + Math.floor(x * width)) * 4;
        return [...data.subarray(from, from + 4)];
      });
    }, places);
    painted.forEach((colour, i) =>
      expect(largestDifference(colour, places[i]!.colour)).toBeLessThanOrEqual(1),
    );
  });

  it('tells both scores of a cell, and draws both lines', async () => {
    await compareWith('MTT_vgg');
    const [first, second] = [await visit.result(0), await visit.result(1)];
    await page.click('#difference');
    await visit.still();
    await page.locator('.plot').focus();
    await page.keyboard.press('ArrowRight');
    const said = (await page.locator('#cell-announcer').textContent())!;
    const tag = said.split(',')[0]!;
    const score = ({ taggram, tags }: typeof first) => taggram[0]![tags.indexOf(tag)]!.toFixed(2);
    expect(said).toContain(`MTT_musicnn ${score(first)}, MTT_vgg ${score(second)}`);
    await page.locator('.label', { hasText: new RegExp(`^${tag}$`) }).click();
    expect(await page.locator('.chip').allTextContents()).toEqual([`${tag}×`]);
    expect(await page.locator('.model-key').allTextContents()).toEqual(['MTT_musicnn', 'MTT_vgg']);
    expect(await page.locator('.model-key.dashed').allTextContents()).toEqual(['MTT_vgg']);
  });
});

it('on a phone one stands below the other', async () => {
  await arrive({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } });
  await compareWith(SECOND!);
  const [a, b] = await boxes('.plot');
  expect(b).toMatchObject({ x: a!.x, width: a!.width });
  expect(b!.y).toBeGreaterThan(a!.bottom);
  expect(await visit.overflow()).toBeLessThanOrEqual(0);
  expect(await page.evaluate(() => innerWidth)).toBe(360); // more where a menu was too wide for a moment
});
