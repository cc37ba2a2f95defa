/** What a person chooses above the taggram: model, hop, order, filter, lines. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bytes as size } from '../../../web/page/format.ts';
import { GROUPS, groupOf } from '../../../web/page/groups.ts';
import { LINE_COLOURS } from '../../../web/page/palette.ts';
import { MOST_LINES } from '../../../web/page/selection.ts';
import { MODELS } from '../../../web/taggram.ts';
import { examplePath } from '../support/built.ts';
import { hold, Site, type Visit } from '../support/browser.ts';
import { largestDifference } from '../support/npy.ts';
import { tagInTerminal } from '../support/program.ts';
import { EXAMPLE } from '../support/songs.ts';

const FIRST = 'MTT_musicnn';
/** Rows that don't move are soon at rest. */
const STILL = { reducedMotion: 'reduce' } as const;

let site: Site;
let visit: Visit;
let page: Page;
/** Model files that were asked for. */
let asked: string[];

beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site?.close());
afterEach(() => expect(visit.unexpected()).toEqual([]));

/** Each test meets the page anew. */
function eachArrives(): void {
  beforeEach(arrive);
  afterEach(() => visit.close());
}

/** The tests meet the example tagged, one after the other. */
function allMeetTheExample(): void {
  beforeAll(async () => {
    await arrive();
    await tagExample();
  });
  afterAll(() => visit.close());
}

async function arrive(): Promise<void> {
  asked = [];
  visit = await site.visit(STILL, async (opened) => {
    opened.on('request', (request) => {
      const model = /([^/]+?)-[^/-]+\.gguf/.exec(request.url())?.[1];
      if (model) asked.push(model);
    });
  });
  page = visit.page;
}

async function tagExample(): Promise<void> {
  await page.click('[data-action="example"]');
  await visit.tagged(EXAMPLE);
}

/** Names of the rows that are seen, from top to bottom. */
async function rows(): Promise<string[]> {
  await visit.still();
  return page.locator('.label:visible').evaluateAll((labels) =>
    labels
      .map((label) => ({ name: label.textContent!, y: label.getBoundingClientRect().y }))
      .sort((a, b) => a.y - b.y)
      .map(({ name }) => name),
  );
}

const chosen = () => page.locator('#model .field-value').textContent();
const label = (name: string) => page.locator('.label', { hasText: new RegExp(`^${name}$`) });

describe('the model picker', () => {
  eachArrives();

  it('shows what each is trained on and its size, and loads only what is chosen, once', async () => {
    await tagExample();
    await page.click('#model');
    const items = await page.locator('#model-menu .menu-item').allTextContents();
    MODELS.forEach(({ name, dataset, bytes }, i) => {
      expect(items[i]).toContain(name);
      expect(items[i]).toContain(dataset);
      expect(items[i]).toContain(name === FIRST ? 'loaded' : `${size(bytes)} to load`);
    });
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement!.id)).toBe('model');
    expect(asked, 'looking is not asking').toEqual([FIRST]);
    for (const name of ['MSD_musicnn', FIRST, 'MSD_musicnn']) {
      await visit.choose('#model', name);
      await page.locator('#export:enabled').waitFor();
    }
    expect(asked).toEqual([FIRST, 'MSD_musicnn']);
  });

  it('has each give what the program gives', async () => {
    await tagExample();
    for (const { name, lists } of MODELS) {
      await visit.choose('#model', name);
      await visit.tagged(EXAMPLE);
      const list = lists.slice(0, 1).flatMap((first) => ['--list', first]);
      const [ours, theirs] = [await visit.result(), tagInTerminal(examplePath(), '--model', name, ...list)];
      expect(ours).toMatchObject({ model: name, tags: theirs.tags, segments: theirs.segments });
      expect(largestDifference(ours.taggram.flat(), theirs.taggram.flat()), name).toBeLessThan(5e-3);
      expect((await rows())[0]).toBe(theirs.top[0]!.tag);
      expect(await page.locator('.top-name').first().textContent()).toBe(theirs.top[0]!.tag);
      expect(await page.locator('#engine-facts').textContent()).toContain(name);
    }
  });

  it('is remembered', async () => {
    await tagExample();
    await visit.choose('#model', 'MTT_vgg');
    await visit.tagged(EXAMPLE);
    asked = [];
    await page.reload();
    await tagExample();
    expect(await chosen()).toBe('MTT_vgg');
    expect((await visit.result()).model).toBe('MTT_vgg');
    expect(asked).toEqual(['MTT_vgg']);
  });

  it('takes the first where what is remembered is no model', async () => {
    await page.evaluate(() => localStorage.setItem('taggram.model', 'gone'));
    await page.reload();
    await tagExample();
    expect(await chosen()).toBe(FIRST);
  });

  it('says how the download goes, and keeps what is shown until then', async () => {
    await tagExample();
    const slow = await hold(page, '**/MSD_vgg*.gguf');
    const before = await rows();
    await visit.choose('#model', 'MSD_vgg');
    await page.locator('#stage', { hasText: 'Loading the model MSD_vgg' }).waitFor();
    expect(await rows()).toEqual(before);
    await page.evaluate(() => {
      const stages: string[] = [];
      const stage = document.querySelector('#stage')!;
      new MutationObserver(() => stages.push(stage.textContent!)).observe(stage, { childList: true });
      Object.assign(window, { stages });
    });
    slow.pass();
    await visit.tagged(EXAMPLE);
    expect((await visit.result()).model).toBe('MSD_vgg');
    expect(await page.evaluate(() => (window as unknown as { stages: string[] }).stages)).toContainEqual(
      expect.stringMatching(/^Loading the model MSD_vgg: \d+ %$/),
    );
  });

  it('goes back when a model can’t be loaded, and it may be asked for again', async () => {
    await tagExample();
    await page.route('**/MSD_vgg*.gguf', (route) => route.fulfill({ status: 404 }));
    visit.expected = /404|Failed to load/;
    await visit.choose('#model', 'MSD_vgg');
    await page.locator('.notice.error').waitFor();
    expect(await visit.notices()).toEqual([expect.stringContaining('The model could not be loaded')]);
    expect(await chosen()).toBe(FIRST);
    await visit.tagged(EXAMPLE);
    expect((await visit.result()).model).toBe(FIRST);
    await page.unroute('**/MSD_vgg*.gguf');
    await visit.choose('#model', 'MSD_vgg');
    await page.locator('.pane .label', { hasText: 'Hip-Hop' }).waitFor({ state: 'attached' });
    await visit.tagged(EXAMPLE);
  });
});

describe('the hop', () => {
  eachArrives();

  it('tags anew from the decoded audio, as the program does', async () => {
    await page.evaluate(() => {
      Object.assign(window, { decoded: 0 });
      const { prototype } = OfflineAudioContext;
      const { decodeAudioData } = prototype;
      prototype.decodeAudioData = function (...given: Parameters<typeof decodeAudioData>) {
        (window as unknown as { decoded: number }).decoded++;
        return decodeAudioData.apply(this, given);
      };
    });
    await tagExample();
    const decoded = () => page.evaluate(() => (window as unknown as { decoded: number }).decoded);
    const slices = await decoded();
    expect(slices).toBeGreaterThan(0);
    const options = await page.locator('#hop option').allTextContents();
    expect(options).toEqual(['2.992 s', '1.504 s', '1.008 s', '0.496 s', '0.208 s', '0.096 s']);
    await page.selectOption('#hop', { label: '0.496 s' });
    await visit.tagged(EXAMPLE);
    const [ours, theirs] = [await visit.result(), tagInTerminal(examplePath(), '--hop', '0.5')];
    expect(ours).toMatchObject({ hop: 0.496, segments: theirs.segments });
    expect(largestDifference(ours.taggram.flat(), theirs.taggram.flat())).toBeLessThan(5e-3);
    expect(await decoded()).toBe(slices);
  });

  it('ends what runs, and its segments come no more', async () => {
    await visit.drop(site.folder.repeated(40));
    await visit.underWay();
    await page.selectOption('#hop', { label: '1.504 s' });
    await page.selectOption('#hop', { label: '1.008 s' });
    await visit.tagged('40-times.mp3');
    const { hop, segments } = await visit.result();
    expect(hop).toBe(1.008);
    segments.forEach(({ start }, i) => expect(start).toBeCloseTo(i * 1.008, 6));
  });

  it('of a tenth of a second leaves the page quick', async () => {
    await page.evaluate(() => {
      Object.assign(window, { longest: 0 });
      new PerformanceObserver((entries) => {
        for (const { duration } of entries.getEntries())
          (window as unknown as { longest: number }).longest = Math.max(
            duration,
            (window as unknown as { longest: number }).longest,
          );
      }).observe({ type: 'longtask' });
    });
    await visit.drop(site.folder.repeated(4));
    await page.locator('#model').waitFor();
    await visit.choose('#model', 'MSD_musicnn'); // the quickest
    await page.selectOption('#hop', { label: '0.096 s' });
    await visit.tagged('4-times.mp3');
    await page.selectOption('#sort', 'group');
    const { segments } = await visit.result();
    const longest = await page.evaluate(() => (window as unknown as { longest: number }).longest);
    console.log(`${segments.length} segments, longest task on the page ${longest} ms`);
    expect(segments.length).toBeGreaterThan(1000);
    expect(longest).toBeLessThan(500);
  });
});

describe('rows', () => {
  allMeetTheExample();

  it('are sorted by name and by group, and by score again', async () => {
    const byScore = await rows();
    await page.selectOption('#sort', 'name');
    const byName = await rows();
    expect(byName).toEqual([...byScore].sort((a, b) => a.localeCompare(b, 'en')));
    for (const place of [0, 1, 49])
      expect(await label(byName[place]!).getAttribute('aria-posinset')).toBe(String(place + 1));
    await page.selectOption('#sort', 'group');
    const byGroup = await rows();
    const places = byGroup.map((name) => GROUPS.indexOf(groupOf(name)));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect([...byGroup].sort(), 'the fifty stay the fifty').toEqual([...byScore].sort());
    expect(await page.locator('.group-heading').allTextContents()).toEqual(
      GROUPS.filter((group) => byScore.some((name) => groupOf(name) === group)),
    );
    await page.selectOption('#sort', 'score');
    expect(await rows()).toEqual(byScore);
  });

  it('are filtered, told how many, and walked by the keyboard as they are seen', async () => {
    const all = await rows();
    await page.fill('#filter', 'voc');
    const shown = await rows();
    expect(shown).toEqual(all.filter((name) => name.includes('voc')));
    expect(await page.locator('#filter-count').textContent()).toBe(`${shown.length} of 50 tags`);
    expect((await visit.result()).tags, 'files have them all').toHaveLength(50);
    await page.locator('.plot').focus();
    for (const key of ['ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
    expect(await page.locator('#cell-announcer').textContent()).toMatch(new RegExp(`^${shown[1]}, `));
    await page.fill('#filter', 'xyz');
    expect(await rows()).toEqual([]);
    expect(await page.locator('.no-rows').textContent()).toContain('None of its 50 tags contains “xyz”');
    await page.fill('#filter', '');
    expect(await rows()).toEqual(all);
  });
});

describe('lines', () => {
  allMeetTheExample();
  afterEach(async () => {
    while ((await page.locator('.chip').count()) > 0) await page.locator('.chip').first().click();
    await page.evaluate(() => scrollTo(0, 0));
  });

  const chips = () =>
    page.locator('.chip').evaluateAll((all) => all.map((chip) => chip.children[1]!.textContent));
  /** Colours of the lines' pixels. */
  const painted = () =>
    page.locator('.lines-plot canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Set<string>();
      const hex = (value: number) => value.toString(16).padStart(2, '0');
      for (let at = 0; at < data.length; at += 4)
        if (data[at + 3] === 255) seen.add(`#${hex(data[at]!)}${hex(data[at + 1]!)}${hex(data[at + 2]!)}`);
      return [...seen];
    });

  it('are chosen by their names, and let go by name or legend', async () => {
    expect(await page.locator('.lines').isVisible()).toBe(false);
    for (const name of ['strings', 'choir']) await label(name).click();
    expect(await chips()).toEqual(['strings', 'choir']);
    expect(await label('choir').getAttribute('aria-selected')).toBe('true');
    await visit.still();
    expect(await painted()).toEqual(expect.arrayContaining(LINE_COLOURS.light.slice(0, 2)));
    const [plot, lines] = [page.locator('.plot'), page.locator('.lines-plot')];
    const [a, b] = [(await plot.boundingBox())!, (await lines.boundingBox())!];
    expect([b.x, b.width], 'one time axis').toEqual([a.x, a.width]);
    expect(await lines.getAttribute('aria-label')).toMatch(
      /strings by MTT_musicnn: from 0\.\d\d to 0\.\d\d, highest at 0:\d\d/,
    );
    await page.mouse.click(b.x + b.width / 3, b.y + b.height / 2);
    for (const playhead of ['.playhead', '.chart-playhead'])
      expect((await page.locator(playhead).boundingBox())!.x - a.x, playhead).toBeCloseTo(a.width / 3, -1);
    await label('strings').click();
    await page.click('.chip');
    expect(await page.locator('.lines').isVisible()).toBe(false);
    expect(await label('choir').getAttribute('aria-selected')).toBe('false');
  });

  it('move nothing above them when they come', async () => {
    const place = async () =>
      (await label('classical').boundingBox())!.y + (await page.evaluate(() => scrollY));
    await visit.still();
    const before = await place();
    await label('strings').click();
    await visit.still();
    expect(await place()).toBe(before);
  });

  it('are chosen with the keyboard, which does not start the music', async () => {
    const names = await rows();
    await page.locator('.labels').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'Space', 'End', 'Enter']) await page.keyboard.press(key);
    expect(await chips()).toEqual([names[1], names[49]]);
    expect(await page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.paused)).toBe(true);
    const active = await page.locator('.labels').getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active}`).textContent()).toBe(names[49]);
  });

  it('are at most as many as there are colours', async () => {
    const names = (await rows()).slice(0, MOST_LINES + 1);
    for (const name of names) await label(name).click();
    expect(await chips()).toEqual(names.slice(0, MOST_LINES));
    expect(await visit.notices()).toEqual([expect.stringContaining(`${MOST_LINES} lines at most`)]);
  });

  it('go where they are clicked, and tell what they show', async () => {
    await label('strings').click();
    const { x, y, width, height } = (await page.locator('.lines-plot').boundingBox())!;
    await page.mouse.click(x + width / 2, y + height / 2);
    const at = await page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime);
    expect(Math.abs(at - 15)).toBeLessThan(0.1);
    const result = await visit.result();
    await page.mouse.move(x + width / 2 + 1, y + height / 2);
    const score = result.taggram[5]![result.tags.indexOf('strings')]!;
    expect(await page.locator('#tooltip').textContent()).toContain(`strings ${score.toFixed(2)}`);
  });
});
