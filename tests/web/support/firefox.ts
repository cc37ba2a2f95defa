/** Headless Firefox as tests start it. */
import { fileURLToPath } from 'node:url';
import { firefox, type Browser } from 'playwright-core';
import type { Driven } from './driven.ts';

/** Media features can't be emulated, so nobody who comes wants motion. */
const PREFERENCES = { 'ui.prefersReducedMotion': 1 };

export function launchFirefox(): Promise<Browser> {
  return firefox.launch({
    channel: 'moz-firefox', // of those that Mozilla makes, which are driven by WebDriver BiDi
    executablePath: fileURLToPath(new URL('firefox-bidi.mjs', import.meta.url)),
    firefoxUserPrefs: PREFERENCES,
  });
}

export async function openFirefox(): Promise<Driven> {
  const browser = await launchFirefox();
  const page = await browser.newPage();
  return {
    goto: async (address) => void (await page.goto(address)),
    evaluate: (work, ...given) => page.evaluate(`(${work})(...${JSON.stringify(given)})`),
    choose: (path) => page.setInputFiles('#file', path),
    close: () => browser.close(),
  };
}
