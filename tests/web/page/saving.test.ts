/** What the export menu saves: files are parsed, the picture is looked at. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AXIS, HEAD, MARGIN, NAMES, NUMBERS, RATIO, TITLE } from '../../../web/page/export/picture.ts';
import { colourOf, scoreScale } from '../../../web/page/palette.ts';
import { ROW_HEIGHT } from '../../../web/page/rows.ts';
import { rankTags, type TaggedFile } from '../../../web/taggram.ts';
import { examplePath, inRepository } from '../support/built.ts';
import { Site, type Visit } from '../support/browser.ts';
import { largestDifference } from '../support/npy.ts';
import { ffmpeg, tagInTerminal } from '../support/program.ts';
import { EXAMPLE, Folder } from '../support/songs.ts';

const MODEL = 'MSD_musicnn';
const HOP = { seconds: '1', label: '1.008 s' };
const DECODER_TOLERANCE = 5e-3;

/** A word of a picture, and between which of its device pixels it stands. */
interface Word {
  text: string;
  left: number;
  right: number;
  pictureWidth: number;
}

declare global {
  interface Window {
    written: Word[];
  }
}

/** Has the page note what it writes in pictures. */
function noteWords(opened: Page): Promise<unknown> {
  return opened.addInitScript(() => {
    const { prototype } = OffscreenCanvasRenderingContext2D;
    const { fillText } = prototype;
    prototype.fillText = function (text, x, y) {
      const { a: ratio, e: origin } = this.getTransform();
      const length = ratio * this.measureText(text).width;
      const left = origin + ratio * x - (this.textAlign === 'right' ? length : 0);
      window.written.push({ text, left, right: left + length, pictureWidth: this.canvas.width });
      fillText.call(this, text, x, y);
    };
    window.written = [];
  });
}

const songs = new Folder();
let site: Site;
let visit: Visit;
let page: Page;
let program: TaggedFile;

beforeAll(async () => {
  program = tagInTerminal(examplePath(), '--model', MODEL, '--hop', HOP.seconds);
  site = await Site.open();
  visit = await site.visit({}, noteWords);
  page = visit.page;
  await page.click('[data-action="example"]');
  await visit.tagged(EXAMPLE);
  await visit.choose('#model', MODEL);
  await page.selectOption('#hop', { label: HOP.label });
  await visit.tagged(EXAMPLE);
  await visit.still();
});
afterAll(() => {
  songs.remove();
  return site?.close();
});
afterEach(() => expect(visit.unexpected()).toEqual([]));

const stem = () => `naev-introduction.${MODEL}.taggram-${program.version}.hop-1.008s`;

it('JSON is the program’s', async () => {
  const { name, content } = await visit.exported('JSON');
  const result: TaggedFile = JSON.parse(content.toString());
  expect(name).toBe(`${stem()}.json`);
  expect(Object.keys(result)).toEqual(Object.keys(program));
  const { taggram, top, file, ...facts } = program;
  expect(result).toMatchObject({
    ...facts,
    file: file.split('/').pop(),
    duration: expect.closeTo(facts.duration, 1),
  });
  expect(result.top.map(({ tag }) => tag)).toEqual(top.map(({ tag }) => tag));
  expect(largestDifference(result.taggram.flat(), taggram.flat())).toBeLessThan(DECODER_TOLERANCE);
});

it('CSV is a table of the segments', async () => {
  const { name, content } = await visit.exported('CSV');
  const [header, ...lines] = content.toString().trimEnd().split('\n');
  expect(name).toBe(`${stem()}.csv`);
  expect(header).toBe(['file,model,version,hop,length,start,end,silent,padded', ...program.tags].join(','));
  expect(lines).toHaveLength(program.segments.length);
  lines.forEach((line, i) => {
    const [file, model, version, hop, length, start, end, silent, padded, ...scores] = line.split(',');
    expect([model, version, hop, length]).toEqual([MODEL, program.version, '1.008', '2.992']);
    const segment = program.segments[i]!;
    expect([file, start, end]).toEqual([EXAMPLE, segment.start.toFixed(3), segment.end.toFixed(3)]);
    expect([silent, padded]).toEqual(['0', '0']);
    expect(largestDifference(scores.map(Number), program.taggram[i]!)).toBeLessThan(DECODER_TOLERANCE);
  });
});

it('JAMS has the whole song and every segment, and says how they were made', async () => {
  const { name, content } = await visit.exported('JAMS');
  const { annotations, file_metadata } = JSON.parse(content.toString());
  expect(name).toBe(`${stem()}.jams`);
  expect(file_metadata).toMatchObject({ title: EXAMPLE, duration: expect.closeTo(program.duration, 1) });
  expect(annotations).toHaveLength(2);
  for (const { namespace, annotation_metadata, sandbox } of annotations) {
    expect(namespace).toBe('tag_open');
    expect(annotation_metadata.annotation_tools).toContain(`taggram ${program.version}, model ${MODEL}`);
    expect(sandbox).toMatchObject({ model: MODEL, version: program.version, hop: 1.008, length: 2.992 });
  }
  const [song, segments] = annotations;
  expect(song.data).toHaveLength(50);
  expect(song.data[0]).toMatchObject({ time: 0, value: program.top[0]!.tag });
  expect(song.data[0].confidence).toBeCloseTo(program.top[0]!.score, 2);
  expect(segments.data).toHaveLength(50 * program.segments.length);
  expect(segments.data[50]).toMatchObject({ time: 1.008, value: program.tags[0] });
});

it('Audacity labels are a line a segment', async () => {
  const { name, content } = await visit.exported('Audacity labels');
  const [origin, ...lines] = content.toString().trimEnd().split('\n');
  expect(name).toBe(`${stem()}.txt`);
  expect(origin).toBe(`0.000\t0.000\tTaggram ${program.version}, ${MODEL}, hop 1.008 s, length 2.992 s`);
  expect(lines).toHaveLength(program.segments.length);
  lines.forEach((line, i) => {
    const [start, end, text] = line.split('\t');
    const strongest = program.tags[rankTags(program.taggram[i]!)[0]!];
    expect([start, end]).toEqual([
      program.segments[i]!.start.toFixed(3),
      program.segments[i]!.end.toFixed(3),
    ]);
    expect(text).toMatch(new RegExp(`^${strongest} 0\\.\\d\\d, .+ 0\\.\\d\\d, .+ 0\\.\\d\\d$`));
  });
});

describe('PNG', () => {
  interface Looked {
    width: number;
    height: number;
    colours: number[][];
    ink: number;
  }

  /** Decodes the picture and looks at some of its pixels; `ink` is how much of the title's place is written on. */
  function look(
    content: Buffer,
    places: { x: number; y: number }[],
    title: { height: number },
  ): Promise<Looked> {
    return page.evaluate(
      async ({ encoded, at, titleHeight }) => {
        const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const { width, height } = image;
        const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, Math.round(width / 2), titleHeight);
        let ink = 0;
        for (let i = 0; i < data.length; i += 4) if (data[i]! < 128) ink++;
        const colours = at.map(({ x, y }) => [...context.getImageData(x, y, 1, 1).data].slice(0, 3));
        return { width, height, colours, ink };
      },
      { encoded: content.toString('base64'), at: places, titleHeight: title.height },
    );
  }

  /** The words of the picture that is exported, in the order in which they are written. */
  async function written(of: Visit, section: number): Promise<Word[]> {
    await of.page.evaluate(() => (window.written = []));
    await of.exported('PNG', section);
    return of.page.evaluate(() => window.written);
  }

  /** What the page writes in these elements, from top to bottom. */
  function downwards(selector: string): Promise<(string | null)[]> {
    return page.locator(selector).evaluateAll((all) => {
      const top = (element: Element) => element.getBoundingClientRect().top;
      return all.sort((a, b) => top(a) - top(b)).map(({ textContent }) => textContent);
    });
  }

  const sourceOf = (model: string) => `${model}, Taggram ${program.version}, hop 1.008 s`;

  it('shows the cells where they belong', async () => {
    const result = await visit.result();
    const { name, content } = await visit.exported('PNG', 1);
    expect(name).toBe(`${stem()}.png`);
    const shots = inRepository('build/screenshots');
    mkdirSync(shots, { recursive: true });
    writeFileSync(join(shots, 'export.png'), content);

    const plotWidth = (await page.locator('.plot').boundingBox())!.width;
    const means = result.tags.map((_, tag) => result.taggram.reduce((sum, row) => sum + row[tag]!, 0));
    const scale = scoreScale('light');
    const places = rankTags(means)
      .slice(0, 6)
      .flatMap((tag, row) =>
        result.segments.slice(1, -1).map(({ start, end }, i) => ({
          x: Math.round((MARGIN + NAMES + ((start + end) / 2 / result.duration) * plotWidth) * RATIO),
          y: Math.round((MARGIN + TITLE + HEAD + AXIS + (row + 0.4) * ROW_HEIGHT) * RATIO),
          colour: [...colourOf(scale, result.taggram[i + 1]![tag]!)],
        })),
      );
    const seen = await look(content, places, { height: (MARGIN + TITLE) * RATIO });
    expect(seen.width).toBe(Math.round((2 * MARGIN + NAMES + plotWidth + NUMBERS) * RATIO));
    expect(seen.height).toBe((2 * MARGIN + TITLE + HEAD + AXIS + 50 * ROW_HEIGHT) * RATIO);
    seen.colours.forEach((colour, i) =>
      expect(largestDifference(colour, places[i]!.colour)).toBeLessThanOrEqual(1),
    );
    expect(seen.ink, 'the title is written').toBeGreaterThan(200);
  });

  it('has title, source, legend, axis, names and numbers in words', async () => {
    const words = (await written(visit, 1)).map(({ text }) => text);
    const [names, means] = [await downwards('.label'), await downwards('.mean')];
    expect(words).toEqual([
      EXAMPLE,
      sourceOf(MODEL),
      ...['score', '0', '1', 'blank: rest that fills no segment'],
      ...['0:00', '0:05', '0:10', '0:15', '0:20', '0:25', '0:30'],
      ...names.flatMap((tag, row) => [tag, means[row]]),
    ]);
    expect(names).toHaveLength(50);
  });

  it('shows what is seen: filtered rows, and lines below', async () => {
    await page.fill('#filter', 'rock');
    await visit.still();
    const rows = await page.locator('.label:visible').count();
    const { content } = await visit.exported('PNG', 1);
    const { height } = await look(content, [], { height: 10 });
    expect(rows).toBe(program.tags.filter((tag) => tag.includes('rock')).length);
    expect(height).toBe((2 * MARGIN + TITLE + HEAD + AXIS + rows * ROW_HEIGHT) * RATIO);
    await page.locator('.label:visible').first().click();
    const taller = await look((await visit.exported('PNG', 1)).content, [], { height: 10 });
    expect(taller.height).toBeGreaterThan(height + 100 * RATIO);
    await page.click('.chip');
    await page.fill('#filter', '');
  });

  it('shows two models beside each other', async () => {
    const alone = await look((await visit.exported('PNG', 1)).content, [], { height: 10 });
    await visit.choose('#compare', 'MTT_vgg');
    await visit.tagged(EXAMPLE);
    const { name, content } = await visit.exported('PNG', 2);
    expect(name).toContain(`${MODEL}-MTT_vgg`);
    const both = await look(content, [], { height: 10 });
    expect(both.height).toBe(alone.height);
    const plotWidth = (await page.locator('.plot').first().boundingBox())!.width;
    expect(both.width).toBeGreaterThan(2 * RATIO * (NAMES + Math.max(420, plotWidth)));
    const words = (await written(visit, 2)).map(({ text }) => text);
    expect(words).toEqual(expect.arrayContaining([sourceOf(MODEL), sourceOf('MTT_vgg')]));
    await visit.choose('#compare', 'Nothing');
  });

  it('breaks the lines of its legend where it is narrow', async () => {
    const song = songs.at('silence-then-sound.wav');
    const silence = ['-f', 'lavfi', '-t', '7', '-i', 'anullsrc'];
    ffmpeg(...silence, '-i', examplePath(), '-filter_complex', '[0][1]concat=v=0:a=1', '-t', '31', song);
    const narrow = await site.visit({ viewport: { width: 360, height: 640 } }, noteWords);
    await narrow.page.setInputFiles('#file', song);
    await narrow.tagged('silence-then-sound.wav');
    await narrow.choose('#compare', MODEL);
    await narrow.tagged('silence-then-sound.wav');
    await narrow.page.click('#difference');
    const words = await written(narrow, 2);
    expect(words.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        ...['difference', '−0.50 or less, MTT_musicnn higher', `+0.50 or more, ${MODEL} higher`],
        ...['hatched: silent: no answer', 'blank: rest that fills no segment'],
      ]),
    );
    for (const { text, left, right, pictureWidth } of words) {
      expect(left, text).toBeGreaterThanOrEqual(0);
      expect(right, text).toBeLessThanOrEqual(pictureWidth);
    }
    expect(narrow.unexpected()).toEqual([]);
    await narrow.close();
  });
});

it('says that it is busy for as long as a file is made', async () => {
  await page.evaluate(() => {
    const seen: string[] = [];
    const button = document.querySelector('#export')!;
    new MutationObserver(() => seen.push(`${button.ariaLabel} ${button.ariaBusy}`)).observe(button, {
      attributeFilter: ['aria-busy'],
    });
    Object.assign(window, { seen });
  });
  await visit.exported('JAMS');
  expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([
    'Saving true',
    'Export false',
  ]);
});

it('closes when another song comes', async () => {
  await page.click('#export');
  await page.setInputFiles('#file', examplePath());
  await page.locator('#export-menu').waitFor({ state: 'hidden' });
  await visit.tagged(EXAMPLE);
});

it('is walked and chosen from by keyboard', async () => {
  await page.locator('#export').focus();
  const download = page.waitForEvent('download');
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp', 'End', 'Home', 'Enter'])
    await page.keyboard.press(key);
  expect((await download).suggestedFilename()).toBe(`${stem()}.json`);
  expect(await page.evaluate(() => document.activeElement!.id)).toBe('export');
  await page.keyboard.press('Enter');
  expect(await page.locator('#export-menu').isVisible()).toBe(true);
  await page.keyboard.press('Tab');
  expect(await page.locator('#export-menu').isVisible()).toBe(false);
});
