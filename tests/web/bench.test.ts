/** The page that measures. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { timeAll, waysOf, type Way } from '../../web/bench/measure.ts';
import { describeDevice, toMarkdown } from '../../web/bench/report.ts';
import { Site } from './support/browser.ts';

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site?.close());

it.each([
  [1, true, ['plain 1', 'simd 1']],
  [2, true, ['plain 1', 'simd 1', 'simd 2']],
  [6, true, ['plain 1', 'simd 1', 'simd 2', 'simd 4', 'simd 6']],
  [4, false, ['plain 1', 'plain 2', 'plain 4']],
])('%d cores, SIMD: %s', (cores, hasSimd, ways) => {
  expect(waysOf('m', cores, hasSimd).map(({ engine, workers }) => `${engine} ${workers}`)).toEqual(ways);
});

it.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36',
    'Chrome 156.0.0.0, 8 cores',
  ],
  [
    'Mozilla/5.0 AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15',
    'Safari 26.1, 8 cores',
  ],
  ['Mozilla/5.0 (X11; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox 145.0, 8 cores'],
  ['something else', 'something else, 8 cores'],
])('knows %s', (userAgent, words) => {
  expect(describeDevice(userAgent, 8)).toBe(words);
});

it.each([
  ['fast', 1, 30],
  ['slow', 4, 10],
])('on a %s device nobody waits longer than a minute', async (_, budgets, expected) => {
  let clock = 0;
  const ways = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((model) => waysOf(model, 8, true));
  expect(ways.length).toBe(30);
  const timeOne = async (way: Way, budget: number) => {
    clock += budgets * budget;
    return { ...way, msPerSegment: 1, timesRealTime: 1, megabytes: 1 };
  };
  const told: Way[] = [];
  let count = 0;
  for await (const timing of timeAll(
    ways,
    (way) => told.push(way),
    timeOne,
    () => clock,
  ))
    expect(timing).toMatchObject(ways[count++]!);
  expect(told.length).toBe(count);
  expect(clock).toBeLessThan(60_000);
  expect(count).toBe(expected);
});

it('measures, shows and copies', async () => {
  const visit = await site.visit({ permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = visit;
  await page.getByRole('link', { name: 'How fast is this device?' }).click();
  await page.locator('#model').selectOption('MSD_musicnn');
  await page.getByRole('button', { name: 'Measure' }).press('Enter');
  await page.locator('#status', { hasText: 'Measuring MSD_musicnn, plain code, one worker' }).waitFor();
  expect(await page.locator('#measure').isDisabled()).toBe(true);
  await page.locator('#status', { hasText: 'Done.' }).waitFor();
  const table = await page
    .locator('#rows tr')
    .evaluateAll((rows) => rows.map((row) => Array.from(row.children, (cell) => cell.textContent ?? '')));
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  expect(table.map((cells) => cells.slice(0, 3))).toEqual(
    waysOf('MSD_musicnn', Math.min(8, cores), true).map(({ model, engine, workers }) => [
      model,
      engine === 'simd' ? 'SIMD' : 'plain',
      String(workers),
    ]),
  );
  const [plain, simd] = table.map((cells) => cells.slice(3).map(Number)) as [number[], number[]];
  expect(simd[0]).toBeLessThan(plain[0]!);
  expect(simd[2]).toBeLessThan(32);
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await page.locator('#status', { hasText: 'Copied.' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(`| ${table[1]!.join(' | ')} |`);
  expect(visit.unexpected()).toEqual([]);
  await visit.close();
});

it('is written as a table', () => {
  const timing = {
    model: 'm',
    engine: 'simd',
    workers: 2,
    msPerSegment: 4.321,
    timesRealTime: 692.4,
    megabytes: 17,
  } as const;
  expect(toMarkdown('Here', [timing])).toBe(
    'Here\n\n| Model | Engine | Workers | ms a segment | × real time | MB a worker |\n' +
      '| --- | --- | ---: | ---: | ---: | ---: |\n| m | SIMD | 2 | 4.32 | 692 | 17.0 |\n',
  );
});
