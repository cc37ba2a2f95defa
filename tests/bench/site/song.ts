/** A song of four minutes, from the moment that it is brought to the page to the finished taggram. */
import { resolve } from 'node:path';
import type { Browser, JSHandle, Page } from 'playwright-core';
import type * as Library from '../../../web/taggram.ts';
import { SONG } from '../materials.ts';
import type { PageFigures } from '../measured.ts';
import { summarise } from '../statistics.ts';

const INPUT = '#file';

/** Takes the three in turn; `address`: of the built page. */
export async function measureSong(
  browser: Browser,
  address: string,
  runs: number,
): Promise<PageFigures['song']> {
  const tagged: number[] = [];
  const decoded: number[] = [];
  const browserDecoded: number[] = [];
  let seconds = 0;
  for (let i = 0; i <= runs; i++) {
    const page = await openPage(browser, address);
    const times = { tagged: await tag(page), ...(await decode(page)) };
    await page.context().close();
    seconds = times.seconds;
    if (i === 0) continue; // the machine's caches are cold
    tagged.push(times.tagged);
    decoded.push(times.decoded);
    browserDecoded.push(times.browserDecoded);
  }
  const [ours, alone] = [summarise(tagged), summarise(decoded)];
  return {
    seconds,
    tagged: ours,
    decoded: alone,
    browserDecoded: summarise(browserDecoded),
    ratio: ours.median / alone.median,
  };
}

/** Waits until the page is at rest, as someone has who drops a song on it. */
async function openPage(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext({ serviceWorkers: 'block' }); // it would fetch what is kept for later beside us
  const page = await context.newPage();
  await page.goto(address, { waitUntil: 'networkidle' });
  return page;
}

/** By the page's own clock, from the input's change to the button that saves the result. */
async function tag(page: Page): Promise<number> {
  const time = page.evaluate(
    (selector) =>
      new Promise<number>((done) => {
        const saving = document.querySelector<HTMLButtonElement>('#export')!;
        let start = 0;
        document
          .querySelector(selector)!
          .addEventListener('change', () => (start = performance.now()), { capture: true });
        new MutationObserver(() => {
          if (start > 0 && !saving.disabled) done(performance.now() - start);
        }).observe(saving, { attributes: true });
      }),
    INPUT,
  );
  await page.setInputFiles(INPUT, resolve(SONG));
  return time;
}

/** The page's own way to decode, and the browser's decoder by itself, each on its own. */
async function decode(page: Page): Promise<{ decoded: number; browserDecoded: number; seconds: number }> {
  const input = await page.evaluateHandle(() => {
    const input = document.createElement('input');
    input.type = 'file';
    return document.body.appendChild(input);
  });
  await input.setInputFiles(resolve(SONG));
  // In words, so that Vite leaves the import alone.
  const library = (await page.evaluateHandle(
    "import(new URL('library/taggram.js', location.href).href)",
  )) as JSHandle<typeof Library>;
  return page.evaluate(
    async ([input, { decodeFile }]) => {
      const file = input.files![0]!;
      const start = performance.now();
      const { sampleRate } = await decodeFile(file);
      const decoded = performance.now() - start;
      const again = performance.now();
      const context = new OfflineAudioContext(1, 1, sampleRate);
      const { duration } = await context.decodeAudioData(await file.arrayBuffer());
      return { decoded, browserDecoded: performance.now() - again, seconds: duration };
    },
    [input, library] as const,
  );
}
