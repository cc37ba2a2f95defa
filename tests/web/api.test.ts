/** The library as others use it: its folder beside their own files, under a strict policy, and in Node. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type * as Taggram from '../../web/taggram.ts';
import { builtLibrary, examplePath, inRepository } from './support/built.ts';
import { launch } from './support/chromium.ts';
import { largestDifference } from './support/npy.ts';
import { ffmpeg, tagInTerminal } from './support/program.ts';
import { readmeBlocks } from './support/readme.ts';
import { serve, type Server } from './support/server.ts';

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
].join('; ');

let site: string;
const at = (name: string) => join(site, name);

beforeAll(() => {
  site = mkdtempSync(join(tmpdir(), 'taggram-'));
  cpSync(dirname(builtLibrary()), at('library'), { recursive: true });
  copyFileSync(examplePath(), at('song.mp3'));
  const [html, script, forNode] = readmeBlocks('In JavaScript');
  writeFileSync(at('index.html'), html!);
  writeFileSync(at('page.js'), script!);
  writeFileSync(at('tag.mjs'), forNode!);
  writeFileSync(at('plain.html'), '<!doctype html><script type="module" src="plain.js"></script>');
  writeFileSync(at('plain.js'), "import * as taggram from './library/taggram.js'; window.taggram = taggram;");
});
afterAll(() => rmSync(site, { recursive: true }));

describe('in Node', () => {
  it('tags PCM as the program does', () => {
    const output = execFileSync(process.execPath, ['tag.mjs'], { cwd: site, maxBuffer: 1 << 28 });
    const result = JSON.parse(output.toString()) as Taggram.TagResult;
    ffmpeg('-i', at('song.mp3'), '-ac', '1', '-ar', '44100', '-c:a', 'pcm_f32le', at('song.wav'));
    const program = tagInTerminal(at('song.wav'), '--model', 'MSD_musicnn');
    const { file, taggram, top, ...facts } = program;
    expect(result).toMatchObject(facts);
    expect(largestDifference(result.taggram.flat(), taggram.flat())).toBeLessThan(1e-4);
    expect(result.top.map(({ tag }) => tag)).toEqual(top.map(({ tag }) => tag));
  });
});

it('tells its types', () => {
  const use = [
    "import { createTagger, type TagResult } from './library/taggram.js';",
    'const tagger = await createTagger({ workers: 0 });',
    'const result: TagResult = await tagger.tag({ sampleRate: 44100, planes: [] });',
    '// @ts-expect-error',
    'result.top satisfies string;',
  ];
  writeFileSync(at('use.mts'), use.join('\n'));
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--types', ''];
  execFileSync(inRepository('node_modules/.bin/tsc'), [...options, 'use.mts'], {
    cwd: site,
    stdio: 'inherit',
  });
});

describe('in a page', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    server = await serve(site, { 'content-security-policy': POLICY });
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  beforeEach(async () => {
    complaints = [];
    page = await browser.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.route('**/favicon.ico', (route) => route.fulfill());
    await page.goto(`${server.address}plain.html`);
    await page.waitForFunction(() => 'taggram' in window);
  });
  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  it("tags a file that is chosen, by the README's example", async () => {
    await page.goto(server.address);
    await page.setInputFiles('#song', at('song.mp3'));
    await page.locator('#tags:not(:empty)').waitFor();
    const shown = JSON.parse(await page.locator('#tags').innerText());
    const program = tagInTerminal(at('song.mp3'), '--model', 'MSD_musicnn', '--hop', '1');
    expect(shown.shape).toEqual([program.segments.length, 200]);
    expect(shown.top.map(({ tag }: Taggram.TagScore) => tag)).toEqual(program.top.map(({ tag }) => tag));
  });

  it('tells its models and its progress, and can be cancelled', async () => {
    const heard = await page.evaluate(async () => {
      const { createTagger, MODELS } = (window as unknown as { taggram: typeof Taggram }).taggram;
      const file = new File([await (await fetch('song.mp3')).blob()], 'song.mp3');
      const tagger = await createTagger({ model: 'MSD_musicnn' });
      const stages: string[] = [];
      const result = await tagger.tag(file, { hop: 1.5, onProgress: ({ stage }) => stages.push(stage) });
      const abort = new AbortController();
      const cancelled = await tagger
        .tag(file, {
          signal: abort.signal,
          onProgress: ({ stage }) => stage === 'tagging' && abort.abort(),
        })
        .catch((error: Error) => error.name);
      const missing = await createTagger({ model: 'MTT_musican' }).catch((error: Error) => error.message);
      tagger.dispose();
      return {
        models: MODELS.map(({ name }) => name),
        stages: [...new Set(stages)],
        result,
        cancelled,
        missing,
      };
    });
    const program = tagInTerminal(at('song.mp3'), '--model', 'MSD_musicnn', '--hop', '1.5');
    expect(heard.models).toEqual([
      'MSD_musicnn',
      'MSD_vgg',
      'MTT_musicnn',
      'MTT_vgg',
      'spectrogram',
      'waveform',
    ]);
    expect(heard.stages).toEqual(['reading', 'decoding', 'tagging']);
    expect(heard.result).toMatchObject({ file: 'song.mp3', model: 'MSD_musicnn', hop: program.hop });
    expect(heard.result.segments).toEqual(program.segments);
    expect(largestDifference(heard.result.taggram.flat(), program.taggram.flat())).toBeLessThan(5e-3);
    expect(heard.cancelled).toBe('AbortError');
    expect(heard.missing).toContain('MTT_musicnn');
  });

  it('shares several recordings out among its workers until it is disposed of', async () => {
    const engines = () => page.workers().filter((worker) => worker.url().includes('/worker-'));
    const results = await page.evaluate(async () => {
      const { createTagger, decodeFile } = (window as unknown as { taggram: typeof Taggram }).taggram;
      const song = await decodeFile(await (await fetch('song.mp3')).blob());
      const tagger = await createTagger({ workers: 2 });
      Object.assign(window, { tagger, song });
      return Promise.all([1, 2, 3].map(() => tagger.tag(song, { top: 5, keepTail: true })));
    });
    expect(engines()).toHaveLength(2);
    expect(results[0]!.top).toHaveLength(5);
    expect(results[0]!.segments).toHaveLength(11);
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    const late = await page.evaluate(async () => {
      const { tagger, song } = window as unknown as { tagger: Taggram.Tagger; song: Taggram.Recording };
      const failure = ({ name, code }: Taggram.TaggramError) => ({ name, code });
      const live = tagger.tag(song, { onProgress: () => tagger.dispose() }).catch(failure);
      return [await live, await tagger.tag(song).catch(failure)];
    });
    expect(late).toEqual(Array(2).fill({ name: 'TaggramError', code: 'engine' }));
    await expect.poll(engines).toEqual([]);
  });
});
