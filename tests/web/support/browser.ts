/** The built page in a headless browser, and what a person does with it. */
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { TaggedFile } from '../../../web/taggram.ts';
import { launch } from './chromium.ts';
import { keepNextDownload, keptDownload } from './driven.ts';
import { launchFirefox, launchHearingFirefox } from './firefox.ts';
import { serve, type Server } from './server.ts';
import { Folder } from './songs.ts';

/** Whether the tests run in Firefox; otherwise they do in Chromium. */
export const IN_FIREFOX = process.env['TAGGRAM_TESTS_IN'] === 'firefox';

/** What a page is waited for, on slow machines too. */
const PATIENCE_MS = 90_000;

/** A page that hasn't changed in so many frames is at rest. */
const STILL_FRAMES = 5;

/** A menu that can't be chosen from for so long is looked at again. */
const MENU_STAYS_MS = 2000;

/** Holds what comes over the wire until it is let through, or fails as missing. */
export async function hold(page: Page, pattern: string): Promise<{ pass(): void; fail(): void }> {
  let settle!: (passes: boolean) => void;
  const settled = new Promise<boolean>((resolve) => (settle = resolve));
  await page.route(pattern, async (route) =>
    (await settled) ? route.continue() : route.fulfill({ status: 404 }),
  );
  return { pass: () => settle(true), fail: () => settle(false) };
}

export class Site {
  /** For songs that a file of tests makes; it goes with the site. */
  readonly folder = new Folder();

  private constructor(
    private readonly browser: Browser,
    readonly server: Server,
  ) {}

  /** `root` and `headers` as for a server. */
  static async open(root?: string, headers?: Record<string, string>): Promise<Site> {
    return new Site(await (IN_FIREFOX ? launchFirefox() : launch()), await serve(root, headers));
  }

  /** In a browser whose microphone hears a WAVE file, over and over; Firefox's hears a tone. */
  static async hearing(file: string): Promise<Site> {
    if (IN_FIREFOX) return new Site(await launchHearingFirefox(true), await serve());
    const microphone = ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${file}`];
    return new Site(
      await launch([...microphone, '--autoplay-policy=no-user-gesture-required']),
      await serve(),
    );
  }

  /** In a Firefox that hears, but has nothing to play on: there no audio starts. */
  static async withoutOutput(): Promise<Site> {
    return new Site(await launchHearingFirefox(false), await serve());
  }

  /**
   * Opens the page; `before` may prepare the tab for it. Service workers would answer in the place of the server, whose
   * answers most tests count or hold back: they are there where `options` say "allow".
   */
  async visit(
    options: BrowserContextOptions = {},
    before?: (page: Page) => Promise<unknown>,
  ): Promise<Visit> {
    const context = await this.browser.newContext(options);
    if (options.serviceWorkers !== 'allow')
      await context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
    const visit = new Visit(await context.newPage(), this.server.address);
    await before?.(visit.page);
    await visit.page.goto(this.server.address);
    return visit;
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
    this.folder.remove();
  }
}

export class Visit {
  /** Everything that must not happen: errors, and requests to anywhere else. */
  readonly complaints: string[] = [];
  /** Complaints that a test brings about itself. */
  expected: RegExp | undefined;

  constructor(
    readonly page: Page,
    address: string,
  ) {
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(address) && !url.startsWith('blob:')) this.complaints.push(`request: ${url}`);
    });
  }

  /** Drops files as the system does: Chromium makes the DataTransfer, folders included; in Firefox it is made up here. */
  async drop(...paths: string[]): Promise<void> {
    await this.drag('dragEnter', paths);
    await this.drag('dragOver', paths);
    await this.drag('drop', paths);
  }

  async drag(type: 'dragEnter' | 'dragOver' | 'dragCancel' | 'drop', paths: string[]): Promise<void> {
    if (IN_FIREFOX) return this.makeUpDrag(type, paths);
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    await session.send('Input.dispatchDragEvent', { type, x: 200, y: 300, data });
    await session.detach();
  }

  private async makeUpDrag(type: string, paths: string[]): Promise<void> {
    const input = await this.page.evaluateHandle(() =>
      Object.assign(document.createElement('input'), { type: 'file', multiple: true }),
    );
    await input.setInputFiles(paths);
    await input.evaluate(({ files }, name) => {
      const dataTransfer = new DataTransfer();
      for (const file of files!) dataTransfer.items.add(file);
      const place = document.elementFromPoint(200, 300)!;
      place.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
    }, type.toLowerCase());
    await input.dispose();
  }

  unexpected(): string[] {
    return this.complaints.filter((complaint) => !this.expected?.test(complaint));
  }

  /** As if it was installed by the browser's menu: it is ready for a time without network then. */
  async install(): Promise<void> {
    await this.page.evaluate(() => dispatchEvent(new Event('appinstalled')));
    await this.controlled();
  }

  /** Waits until a service worker answers for the server. */
  async controlled(): Promise<void> {
    await this.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  }

  /** Waits until this file is tagged. */
  async tagged(name: string): Promise<void> {
    await this.page.locator('#song-title', { hasText: name }).waitFor();
    await this.page.locator('#export:enabled').waitFor();
  }

  /** Waits until some segments of a song are tagged; a short one may be over by then. */
  async underWay(): Promise<void> {
    await this.page.locator('#stage', { hasText: /: [1-9]\d* of/ }).waitFor();
  }

  /** Waits until rows and colours have come to rest, the page scrolls no more, and what is drawn in the next frame is drawn. */
  async still(): Promise<void> {
    await this.page.evaluate(async (frames) => {
      const look = () =>
        JSON.stringify([
          scrollY,
          Array.from(document.querySelectorAll('.label'), (label) => label.getBoundingClientRect()),
        ]);
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      let last = '';
      for (let same = 0; same < frames;) {
        await frame();
        const now = look();
        const isTurning = document.getAnimations().some((animation) => animation instanceof CSSTransition);
        same = now === last && !isTurning ? same + 1 : 0;
        last = now;
      }
    }, STILL_FRAMES);
  }

  /** Back to the whole song, from the page's beginning. */
  async whole(): Promise<void> {
    await this.page.locator('#zoom-all').dispatchEvent('click');
    await this.page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
    await this.still();
  }

  /** What the page saves in this format, of the model's section where there are two. */
  async exported(format: string, section = 0): Promise<{ name: string; content: Buffer }> {
    if (IN_FIREFOX) {
      await this.page.evaluate(keepNextDownload); // Playwright knows of no downloads there
      await this.chooseExport(format, section);
      const { name, base64 } = await this.page.evaluate(keptDownload);
      return { name, content: Buffer.from(base64, 'base64') };
    }
    const [file] = await Promise.all([
      this.page.waitForEvent('download'),
      this.chooseExport(format, section),
    ]);
    return { name: file.suggestedFilename(), content: readFileSync(await file.path()) };
  }

  /** Opens the menu again if the page closes it because there is work to do. */
  private async chooseExport(format: string, section: number): Promise<void> {
    const menu = this.page.locator('#export-menu');
    const item = menu
      .locator('.menu-section')
      .nth(section)
      .locator('.menu-item', { has: this.page.getByText(format, { exact: true }) });
    for (let isChosen = false; !isChosen;) {
      if (!(await menu.isVisible())) await this.page.click('#export');
      isChosen = await item.click({ timeout: MENU_STAYS_MS }).then(
        () => true,
        () => false,
      );
    }
  }

  /** The result that the page saves as JSON. */
  async result(section = 0): Promise<TaggedFile> {
    return JSON.parse((await this.exported('JSON', section)).content.toString());
  }

  /** By how many pixels the page is wider than the window, if that's positive (a phone's would zoom out to hide it). */
  async overflow(): Promise<number> {
    const width = await this.page.evaluate(() => document.documentElement.scrollWidth);
    return width - this.page.viewportSize()!.width;
  }

  /** Chooses from one of the menus by the item's name. */
  async choose(button: '#model' | '#compare', name: string): Promise<void> {
    await this.page.click(button);
    await this.page
      .locator(`${button}-menu .menu-item`, { has: this.page.getByText(name, { exact: true }) })
      .click();
  }

  /** A song in the list; only while it is in this state, if one is named. */
  row(name: string, state?: string): Locator {
    const rows = state === undefined ? '.song-row' : `.song-row[data-state="${state}"]`;
    return this.page.locator(rows, { has: this.page.getByText(name, { exact: true }) });
  }

  /** Waits until a song of the list is in this state. */
  async state(name: string, wanted: string): Promise<void> {
    await this.row(name, wanted).waitFor();
  }

  async act(action: 'Stop' | 'Try again' | 'Remove', name: string): Promise<void> {
    await this.page.getByRole('button', { name: `${action}: ${name}` }).click();
  }

  /** Forgets all songs, or those that are tagged or given up. */
  async forget(which: 'Forget all' | 'Forget finished ones' = 'Forget all'): Promise<void> {
    await this.page.locator('#songs').getByRole('button', { name: 'Forget all' }).click();
    await this.page.getByRole('dialog').getByRole('button', { name: which }).click();
  }

  notices(): Promise<string[]> {
    return this.page.locator('.notice p').allTextContents();
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
