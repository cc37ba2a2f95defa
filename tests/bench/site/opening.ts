/** From opening the page, with nothing cached, to the taggram of the example. */
import type { Browser } from 'playwright-core';
import type { PageFigures } from '../measured.ts';
import { summarise } from '../statistics.ts';

interface Opening {
  /** Milliseconds since the page was asked for. */
  tagged: number;
  /** How much of it the browser's decoder was at work. */
  decoding: number;
}

export async function measureOpening(
  browser: Browser,
  address: string,
  runs: number,
): Promise<PageFigures['opening']> {
  const openings: Opening[] = [];
  for (let i = 0; i <= runs; i++) {
    const opening = await open(browser, address);
    if (i > 0) openings.push(opening);
  }
  return {
    tagged: summarise(openings.map(({ tagged }) => tagged)),
    decoding: summarise(openings.map(({ decoding }) => decoding)),
    besides: summarise(openings.map(({ tagged, decoding }) => tagged - decoding)),
  };
}

async function open(browser: Browser, address: string): Promise<Opening> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(address, { waitUntil: 'commit' });
  // A promise is awaited: to look again and again would have the page draw frames that it would not draw.
  const opening = await page.evaluate(() => (globalThis as unknown as { opening: Promise<Opening> }).opening);
  await context.close();
  return opening;
}

/** Runs in the page before its own code: asks for the example as soon as there is someone to ask. */
function watch(): void {
  // Slices are decoded side by side: what counts is the time with any of them at work.
  let decoding = 0;
  let atWork = 0;
  let since = 0;
  const { decodeAudioData } = OfflineAudioContext.prototype;
  OfflineAudioContext.prototype.decodeAudioData = async function (...parameters) {
    if (atWork++ === 0) since = performance.now();
    try {
      return await decodeAudioData.apply(this, parameters);
    } finally {
      if (--atWork === 0) decoding += performance.now() - since;
    }
  };
  // Modules run before this event, and the page's listens to the button by then.
  const opening = new Promise<Opening>((resolve) =>
    addEventListener('DOMContentLoaded', () => {
      const saving = document.querySelector<HTMLButtonElement>('#export')!;
      new MutationObserver(() => {
        if (!saving.disabled) resolve({ tagged: performance.now(), decoding });
      }).observe(saving, { attributes: true });
      document.querySelector<HTMLButtonElement>('[data-action="example"]')!.click();
    }),
  );
  Object.assign(globalThis, { opening });
}
