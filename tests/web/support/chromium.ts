/** Headless Chromium as tests and the benchmark start it. */
import { chromium, type Browser, type BrowserContext } from 'playwright-core';

const OPTIONS = {
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** `more`: arguments beside the usual ones. */
export function launch(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ ...OPTIONS, args: [...OPTIONS.args, ...more] });
}

/** As people have it: not a private window, which can't install anything. */
export function launchForKeeps(): Promise<BrowserContext> {
  return chromium.launchPersistentContext('', OPTIONS);
}
