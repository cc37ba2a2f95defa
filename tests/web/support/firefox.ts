/** Headless Firefox. */
import puppeteer, { type ElementHandle } from 'puppeteer-core';
import type { Driven } from './driven.ts';

export async function openFirefox(): Promise<Driven> {
  const executablePath = process.env['FIREFOX'] ?? '/usr/bin/firefox-esr';
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath });
  const page = await browser.newPage();
  return {
    goto: async (address) => void (await page.goto(address)),
    evaluate: (work, ...given) => page.evaluate(work as never, ...given) as Promise<never>,
    choose: async (path) => {
      const input = (await page.$('#file')) as ElementHandle<HTMLInputElement>;
      await input.uploadFile(path);
    },
    close: () => browser.close(),
  };
}
