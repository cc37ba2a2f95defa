/** Headless Chromium as tests and the benchmark start it. */
import { chromium, type Browser, type BrowserContext } from 'playwright-core';

/**
 * With every window the browser makes its address bar's popups, which are pages and cost more of the processor than ours.
 * Only the last list counts, so that of Playwright 1.65.1 is in it, too.
 */
const WITHOUT = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

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
    `--disable-features=${WITHOUT.join(',')}`,
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
