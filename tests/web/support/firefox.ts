/** Headless Firefox as tests start it. */
import { fileURLToPath } from 'node:url';
import { firefox, type Browser } from 'playwright-core';
import type { Driven } from './driven.ts';

const PREFERENCES = {
  'ui.prefersReducedMotion': 1, // media features can't be emulated, so nobody who comes wants motion
  // Nothing is made ready for tabs and sites that nobody opens: a quarter of the processor's time.
  'browser.newtab.preload': false,
  'dom.ipc.processPrelaunch.enabled': false,
  'fission.autostart': false,
};

/** A microphone that hears a tone, and something to play on; or nothing, as where no device is. */
const HEARING = { 'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true };
const PLAYING = { 'media.cubeb.force_mock_context': true };
const NOT_PLAYING = { 'media.cubeb.force_null_context': true };

export function launchHearingFirefox(canPlay: boolean): Promise<Browser> {
  return launchFirefox({ ...HEARING, ...(canPlay ? PLAYING : NOT_PLAYING) });
}

export function launchFirefox(more: Record<string, boolean> = {}): Promise<Browser> {
  return firefox.launch({
    channel: 'moz-firefox', // of those that Mozilla makes, which are driven by WebDriver BiDi
    executablePath: fileURLToPath(new URL('firefox-bidi.mjs', import.meta.url)),
    firefoxUserPrefs: { ...PREFERENCES, ...more },
  });
}

export async function openFirefox(): Promise<Driven> {
  const browser = await launchHearingFirefox(true);
  const page = await browser.newPage();
  return {
    goto: async (address) => void (await page.goto(address)),
    evaluate: (work, ...given) => page.evaluate(`(${work})(...${JSON.stringify(given)})`),
    choose: (path) => page.setInputFiles('#file', path),
    close: () => browser.close(),
  };
}
