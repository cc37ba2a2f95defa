/** What the page takes of the machine's memory while it tags songs of hours. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { examplePath } from '../../web/support/built.ts';
import type { LongSong, Memory } from '../measured.ts';

const FOLDER = 'build/bench/long';
const EVERY_MS = 250;
const HOUR = 3600;

/** The example over and over: copied as it is coded, or coded anew. */
const SONGS = [
  { name: 'mp3', hours: 10, coding: ['-c', 'copy'] },
  { name: 'flac', hours: 3, coding: ['-c:a', 'flac', '-sample_fmt', 's16'] },
];

/** `share`: of those hours. */
export async function measureMemory(browser: Browser, address: string, share: number): Promise<LongSong[]> {
  const longSongs: LongSong[] = [];
  for (const { name, hours, coding } of SONGS) {
    const path = makeSong(name, hours * HOUR * share, coding);
    longSongs.push(await tag(browser, address, path, name, hours * share));
    rmSync(path);
  }
  return longSongs;
}

function makeSong(kind: string, seconds: number, coding: string[]): string {
  const path = resolve(FOLDER, `long.${kind}`);
  mkdirSync(FOLDER, { recursive: true });
  const input = ['-stream_loop', '-1', '-i', examplePath(), '-map', '0:a', '-t', String(seconds)];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, ...coding, path]);
  return path;
}

async function tag(
  browser: Browser,
  address: string,
  path: string,
  kind: string,
  hours: number,
): Promise<LongSong> {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(address, { waitUntil: 'networkidle' });
  const pids = await renderers(await browser.newBrowserCDPSession());
  const watch = new Watch(pids);
  const start = performance.now();
  await page.setInputFiles('#file', path);
  await ended(page);
  const milliseconds = performance.now() - start;
  const most = watch.end();
  await context.close();
  return { kind, hours, bytes: statSync(path).size, milliseconds, most };
}

/** The button that saves can be pressed once the last segment is there. */
async function ended(page: Page): Promise<void> {
  await page.waitForFunction(
    () => !document.querySelector<HTMLButtonElement>('#export')!.disabled,
    undefined,
    { timeout: HOUR * 1000, polling: 1000 },
  );
}

async function renderers(session: CDPSession): Promise<number[]> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** Looks now and then at how much memory processes have; the page's is the one that has most. */
class Watch {
  private readonly most: Memory = { own: 0, proportional: 0, resident: 0 };
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(private readonly pids: number[]) {
    this.timer = setInterval(() => this.look(), EVERY_MS);
  }

  end(): Memory {
    clearInterval(this.timer);
    this.look();
    return this.most;
  }

  private look(): void {
    for (const memory of this.pids.filter(isThere).map(memoryOf))
      for (const kind of ['own', 'proportional', 'resident'] as const)
        this.most[kind] = Math.max(this.most[kind], memory[kind]);
  }
}

function isThere(pid: number): boolean {
  return existsSync(`/proc/${pid}/smaps_rollup`);
}

function memoryOf(pid: number): Memory {
  const told = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const bytes = (name: string) => 1024 * Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(told)![1]);
  return {
    own: bytes('Private_Clean') + bytes('Private_Dirty'),
    proportional: bytes('Pss'),
    resident: bytes('Rss'),
  };
}
