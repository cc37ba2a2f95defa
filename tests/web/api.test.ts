/** The web API alone in a browser, as another page would use it: no part of the application is loaded. */
import type { Browser, Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type * as Taggram from '../../web/taggram.ts';
import { examplePath, inRepository } from './support/built.ts';
import { launch } from './support/browser.ts';
import { largestDifference } from './support/npy.ts';
import { tagInTerminal } from './support/program.ts';

let server: ViteDevServer;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  server = await createServer({
    root: inRepository('.'),
    configFile: inRepository('vite.config.ts'),
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  });
  await server.listen();
  browser = await launch();
  page = await browser.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(`${server.resolvedUrls!.local[0]}tests/web/support/other-page.html`);
  await page.waitForFunction(() => 'taggram' in window);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

it('tags a file with a bundled model, with features and progress, and can be cancelled', async () => {
  const heard = await page.evaluate(async () => {
    const { createTagger, MODELS } = (window as unknown as { taggram: typeof Taggram }).taggram;
    const clip = await (await fetch('/example/naev-introduction.mp3')).blob();
    const file = new File([clip], 'song.mp3');
    const tagger = await createTagger({ model: 'MSD_musicnn' });
    const stages: string[] = [];
    const result = await tagger.tag(file, {
      hop: 1.5,
      features: ['penultimate'],
      onProgress: ({ stage }) => stages.push(stage),
    });
    const abort = new AbortController();
    const cancelled = await tagger
      .tag(file, { signal: abort.signal, onProgress: ({ stage }) => stage === 'tagging' && abort.abort() })
      .catch((error: Error) => error.name);
    const missing = await createTagger({ model: 'MTT_musican' }).catch((error: Error) => error.message);
    tagger.dispose();
    const { shape, data } = result.features!['penultimate']!;
    return {
      models: MODELS.map(({ name }) => name),
      stages: [...new Set(stages)],
      result: { ...result, features: {} } as Taggram.TagResult,
      penultimate: { shape, length: data.length },
      cancelled,
      missing,
    };
  });
  const program = tagInTerminal(examplePath(), '--model', 'MSD_musicnn', '--hop', '1.5');
  expect(heard.models).toEqual(expect.arrayContaining(['MTT_musicnn', 'MSD_musicnn', 'MTT_vgg', 'MSD_vgg']));
  expect(heard.stages).toEqual(['reading', 'decoding', 'tagging']);
  expect(heard.result).toMatchObject({ file: 'song.mp3', model: 'MSD_musicnn', hop: program.hop });
  expect(heard.result.segments).toEqual(program.segments);
  expect(largestDifference(heard.result.taggram.flat(), program.taggram.flat())).toBeLessThan(5e-3);
  expect(heard.penultimate).toEqual({
    shape: [program.segments.length, 200],
    length: program.segments.length * 200,
  });
  expect(heard.cancelled).toBe('AbortError');
  expect(heard.missing).toContain('MTT_musicnn');
  expect(complaints).toEqual([]);
});
