/** The page in other languages than English. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MODELS } from '../../../web/taggram.ts';
import { Site, type Visit } from '../support/browser.ts';
import { examplePath, inRepository } from '../support/built.ts';
import { EXAMPLE } from '../support/songs.ts';
import { complaints, said, texts } from '../support/words.ts';

const GERMAN = JSON.parse(readFileSync(inRepository('web/languages/de.json'), 'utf8')) as Record<
  string,
  string
>;
const KEYS = Object.keys(GERMAN);

let site: Site;
let visit: Visit;
let page: Page;

beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site?.close());
afterEach(async () => {
  await visit?.close();
  expect(visit?.unexpected() ?? []).toEqual([]);
});

async function come(locale: string, before?: (page: Page) => Promise<unknown>, width = 1280): Promise<void> {
  visit = await site.visit({ locale, reducedMotion: 'reduce', viewport: { width, height: 800 } }, before);
  page = visit.page;
  await page.locator('#languages button').first().waitFor(); // words come over the wire before all else
}

async function tagExample(): Promise<void> {
  await page.click('[data-action="example"]');
  await visit.tagged(EXAMPLE);
}

const fillings = (sentence: string) => (sentence.match(/\{\d+\}|<\/?\d+>/g) ?? []).toSorted();

describe('the German words', () => {
  it('are there for all that is said', () => {
    expect([...said()].filter((sentence) => !(sentence in GERMAN))).toEqual([]);
  });

  it('are there for what the library says of files', () => {
    const sentences = [...complaints()].filter((sentence) => /[a-z]/.test(sentence)); // one is "{0}: {1}"
    expect(sentences.length).toBeGreaterThan(10);
    expect(sentences.filter((sentence) => !(sentence in GERMAN))).toEqual([]);
  });

  it('are only of what is said', () => {
    const plain = (text: string) => text.replace(/<[^>]*>|&nbsp;/g, ' ').replace(/\s+/g, ' ');
    const html = readFileSync(inRepository('index.html'), 'utf8');
    const markup = plain(html);
    const source = texts();
    const facts = MODELS.flatMap(({ dataset, publishedScores }) => [dataset, publishedScores]);
    const isFact = (key: string) => {
      const pattern = key.replace(/[.*+?^$()[\]|\\]/g, '\\$&').replace(/\{\d+\}/g, '.+');
      return facts.some((fact) => new RegExp(pattern).test(fact));
    };
    const isUsed = (key: string) =>
      source.has(key) ||
      html.includes(`"${key}"`) ||
      key.split(/<\/?\d+>/).every((part) => markup.includes(part.trim())) ||
      isFact(key);
    expect(KEYS.filter((key) => !isUsed(key))).toEqual([]);
  });

  it('have filled in what the English have', () => {
    const left = ['{0} {1} not finite (NaN or infinity) and counted as 0.']; // "sample was", "samples were"
    const differing = KEYS.filter(
      (key) => !left.includes(key) && String(fillings(key)) !== String(fillings(GERMAN[key]!)),
    );
    expect(differing).toEqual([]);
  });
});

/** A language that has the words of the German in capitals. */
async function inCapitals(opened: Page): Promise<void> {
  const capitals = Object.fromEntries(KEYS.map((key) => [key, key.toUpperCase()]));
  const body = `export default ${JSON.stringify(capitals)};`;
  await opened.route(/\/de-[^/]*\.js$/, (route) => route.fulfill({ body, contentType: 'text/javascript' }));
}

/** Texts and names that are seen or spoken, without what is the same in all languages. */
async function leftOver(): Promise<string[]> {
  const found = await page.evaluate(() => {
    const texts: string[] = [];
    const isOut = (element: Element) => element.closest('[translate="no"], script, style, noscript') !== null;
    for (const element of document.body.querySelectorAll('*')) {
      if (isOut(element) || !element.checkVisibility({ visibilityProperty: true })) continue;
      for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'aria-roledescription'])
        texts.push(element.getAttribute(name) ?? '');
      for (const node of element.childNodes) if (node.nodeType === 3) texts.push(node.nodeValue!);
    }
    return texts.map((text) => text.trim()).filter(Boolean);
  });
  const data = [
    ...MODELS.flatMap(({ name, tags }) => [name, ...tags]),
    ...[
      EXAMPLE,
      'words.mp3',
      'kHz',
      'kB',
      'MB',
      'ms',
      'Deutsch',
      'English',
      'musicnn',
      'vgg',
      'MagnaTagATune',
    ],
  ].toSorted((a, b) => b.length - a.length);
  const rest = (text: string) => data.reduce((left, known) => left.replaceAll(known, ''), text);
  return [...new Set(found)].filter((text) => /\p{Ll}{2}/u.test(rest(text)));
}

it('all that is seen and spoken is said in the person’s language', async () => {
  await come('de-DE', inCapitals);
  expect(await leftOver(), 'the first words').toEqual([]);
  const words = site.folder.at('words.mp3');
  writeFileSync(words, 'These are words, not music.\n'.repeat(100));
  await visit.drop(examplePath(), words);
  await visit.tagged(EXAMPLE);
  expect(await leftOver(), 'a taggram').toEqual([]);
  await page.click('[data-action="forget"]');
  expect(await leftOver(), 'whether to forget all').toEqual([]);
  await page.keyboard.press('Escape');
  for (const menu of ['#model', '#compare', '#export', '#listen']) {
    await page.click(menu);
    expect(await leftOver(), menu).toEqual([]);
    await page.keyboard.press('Escape');
  }
  await page.locator('.plot').focus();
  for (const key of ['ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight']) await page.keyboard.press(key);
  expect(await leftOver(), 'a cell and a stretch').toEqual([]);
  await page.locator('.label').first().click();
  await page.selectOption('#sort', 'group');
  await page.click('#as-table');
  expect(await leftOver(), 'lines, groups and the table').toEqual([]);
  await page.click('#show-keys');
  expect(await leftOver(), 'keys').toEqual([]);
  await page.keyboard.press('Escape');
  await page.click('[data-action="architecture"]');
  await page.locator('.architecture[open]').waitFor();
  for (const network of ['waveform', 'spectrogram', 'musicnn', 'vgg']) {
    await page.locator('.architecture select').selectOption(network);
    expect(await leftOver(), network).toEqual([]);
  }
  await page.keyboard.press('Escape');
  await visit.choose('#compare', 'MSD_musicnn');
  await visit.tagged(EXAMPLE);
  await page.click('#difference');
  expect(await leftOver(), 'the difference of two').toEqual([]);
});

describe('German', () => {
  it.each([360, 1280])('fits into %d pixels', async (width) => {
    await come('de-DE', undefined, width);
    expect(await visit.overflow()).toBeLessThanOrEqual(0);
    await page.screenshot({
      path: inRepository(`build/screenshots/german-${width}-welcome.png`),
      fullPage: true,
    });
    await page.click('[data-action="architecture"]');
    const dialog = page.locator('.architecture[open]');
    expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(0);
    await page.keyboard.press('Escape');
    await tagExample();
    expect(await visit.overflow()).toBeLessThanOrEqual(0);
    await page.locator('.plot').focus();
    for (const key of ['ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight']) await page.keyboard.press(key);
    expect(await visit.overflow(), 'with a stretch').toBeLessThanOrEqual(0);
    const title = (await page.locator('#stretch-title').boundingBox())!;
    const actions = (await page.locator('.stretch-actions').boundingBox())!;
    expect(title.x + title.width).toBeLessThanOrEqual(actions.x);
    await page.screenshot({ path: inRepository(`build/screenshots/german-${width}.png`), fullPage: true });
  });

  it('has room for the names of a network’s steps', async () => {
    await come('de-DE');
    await page.click('[data-action="architecture"]');
    for (const network of ['waveform', 'spectrogram', 'musicnn', 'vgg']) {
      await page.locator('.architecture select').selectOption(network);
      const beyond = await page.locator('.network').evaluate((figure: SVGSVGElement) => {
        const { right } = figure.getBoundingClientRect();
        const texts = [...figure.querySelectorAll('text')];
        return texts
          .filter((text) => text.getBoundingClientRect().right > right)
          .map((text) => text.textContent);
      });
      expect(beyond, network).toEqual([]);
    }
  });

  it('has its own numbers, and files that do not change', async () => {
    await come('en-US');
    await tagExample();
    const english = await visit.exported('CSV');
    await visit.close();
    await come('de-DE');
    await tagExample();
    expect(await page.locator('.top-tag').first().textContent()).toMatch(/\d,\d\d/);
    expect(await page.locator('#engine-facts').textContent()).toMatch(/ROC-AUC \d+,\d\d, PR-AUC \d+,\d\d /);
    await page.locator('.label').first().click();
    expect(await page.locator('.lines-scale span').allTextContents()).toEqual(['1', '0,5', '0']);
    expect((await visit.exported('CSV')).content).toEqual(english.content);
  });

  it('says what is wrong with a file, though the library speaks English', async () => {
    await come('de-DE');
    const empty = site.folder.at('leer.mp3');
    writeFileSync(empty, '');
    await visit.drop(empty);
    const notice = page.locator('.notice.error');
    expect(await notice.textContent()).toContain('leer.mp3 ist leer: Die Datei hat keine Bytes.');
  });
});

describe('the language', () => {
  const language = () => page.evaluate(() => document.documentElement.lang);

  it.each([
    ['de-AT', 'de'],
    ['en-GB', 'en'],
    ['ja-JP', 'en'],
  ])('is for a browser in %s: %s', async (locale, expected) => {
    await come(locale);
    expect(await language()).toBe(expected);
  });

  it('is chosen, and stays so', async () => {
    await come('en-US');
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await page.locator('html[lang="de"]').waitFor();
    expect(await page.title()).toBe('Taggram: sehen, was in der Musik steckt');
    await page.reload();
    await page.getByRole('button', { name: 'Stück wählen' }).waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Choose a song' }).waitFor();
  });

  it('stays as it is while a person would lose work, if they say so', async () => {
    await come('en-US');
    await visit.drop(site.folder.repeated(100));
    await visit.underWay();
    page.once('dialog', (dialog) => void dialog.dismiss());
    await page.getByRole('button', { name: 'Deutsch' }).click();
    expect(await language()).toBe('en');
  });

  it('is English where the words can’t be had', async () => {
    await come('de-DE', (opened) => opened.route(/\/de-[^/]*\.js$/, (route) => route.abort()));
    visit.expected = /Failed to load|net::/;
    await page.getByRole('button', { name: 'Choose a song' }).waitFor();
  });
});
