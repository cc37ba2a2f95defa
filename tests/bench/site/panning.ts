/** How smoothly ten hours move: the page's own view, served by Vite as it is developed. */
import type { Browser } from 'playwright-core';
import { createServer } from 'vite';
import type { PageFigures } from '../measured.ts';
import { summarise } from '../statistics.ts';

/** Seconds that are seen at once. */
const SPANS = [5 * 3600, 3600, 600, 60];

/** Of usual and of high density: 1920 and 3840 pixels from side to side. */
const RATIOS = [1, 2];
const WINDOW = { width: 1920, height: 1080 };

export async function measurePanning(browser: Browser): Promise<PageFigures['panning']> {
  const server = await createServer({ logLevel: 'warn', server: { port: 0, watch: null, hmr: false } });
  await server.listen();
  try {
    const address = `${server.resolvedUrls!.local[0]}tests/bench/page/panning.html`;
    const measured: PageFigures['panning'][] = [];
    for (const ratio of RATIOS) measured.push(await panAt(browser, address, ratio));
    return { segments: measured[0]!.segments, views: measured.flatMap(({ views }) => views) };
  } finally {
    await server.close();
  }
}

async function panAt(browser: Browser, address: string, ratio: number): Promise<PageFigures['panning']> {
  const context = await browser.newContext({ viewport: WINDOW, deviceScaleFactor: ratio });
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForFunction(() => globalThis.panning !== undefined);
  const segments = await page.evaluate(() => panning.segments);
  const views: PageFigures['panning']['views'] = [];
  for (const span of SPANS) {
    const { apart, work } = await page.evaluate((span) => panning.pan(span), span);
    views.push({ ratio, span, apart: summarise(apart), work: summarise(work), longest: Math.max(...work) });
  }
  await context.close();
  return { segments, views };
}
