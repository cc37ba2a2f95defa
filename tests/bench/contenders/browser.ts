/** A contender that runs in a page of headless Chromium: page/ has its half. */
import type { Browser, CDPSession, Page } from 'playwright-core';
import type { Clock, Task } from '../page/contender.ts';
import type { Ours } from '../page/ours.ts';
import type { Sample } from '../rounds.ts';

export type Name = 'ours' | 'clock' | 'onnx' | 'tensorflow';

export class BrowserContender {
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {}

  /** `root`: the address that the repository is served at. */
  static async open(browser: Browser, root: string, name: Name): Promise<BrowserContender> {
    const page = await browser.newPage();
    await page.goto(`${root}build/bench/page/index.html?${name}`);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    return new BrowserContender(page, session);
  }

  prepare(task: Task): Promise<void> {
    return this.page.evaluate((task) => contender.prepare(task), task);
  }

  scores(task: Task): Promise<number[][]> {
    return this.page.evaluate((task) => contender.scores(task), task);
  }

  /** Milliseconds a segment of a block of at least `least` milliseconds. */
  async measure(task: Task, least: number): Promise<Sample> {
    const before = await this.threadTime();
    const { segments, wall } = await this.page.evaluate(
      async ({ task, least }) => {
        const start = performance.now();
        const segments = await contender.run(task, least);
        return { segments, wall: performance.now() - start };
      },
      { task, least },
    );
    const cpu = (await this.threadTime()) - before;
    return { cpu: cpu / segments, wall: wall / segments };
  }

  /** Of the contender "clock" alone. */
  stages(task: Task, least: number): Promise<Clock> {
    return this.page.evaluate(({ task, least }) => (contender as Ours).stages(task, least), { task, least });
  }

  /** Milliseconds of the processor that the page's main thread has used. */
  private async threadTime(): Promise<number> {
    const { metrics } = await this.session.send('Performance.getMetrics');
    return 1000 * metrics.find(({ name }) => name === 'ThreadTime')!.value;
  }
}
