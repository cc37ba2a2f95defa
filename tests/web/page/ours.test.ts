/** What fails is ours: the default model that comes damaged, or an engine that breaks down. No song is blamed. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Site, type Visit } from '../support/browser.ts';
import { examplePath } from '../support/built.ts';
import type { Spoiling } from '../support/server.ts';
import { EXAMPLE } from '../support/songs.ts';

let site: Site;
let visit: Visit;
let page: Page;

beforeEach(async () => {
  site = await Site.open();
});
afterEach(async () => {
  await site?.close();
  expect(visit.unexpected()).toEqual([]);
});

async function come(before?: (page: Page) => Promise<unknown>): Promise<void> {
  visit = await site.visit({ reducedMotion: 'reduce' }, before);
  page = visit.page;
}

const askedForModels = () => site.server.asked.filter((path) => path.endsWith('.gguf')).length;

const SENTENCES: Record<Spoiling, string> = {
  damaged: 'The model MTT_musicnn arrived damaged, twice. Try again later, or choose another model.',
  'broken off': 'The model could not be loaded. Check the connection and try again.',
};

it.each(['damaged', 'broken off'] as const)(
  'a default model that comes %s is asked for once more, which is said once; then songs are tagged',
  async (how) => {
    site.server.spoils = { path: /\.gguf$/, how };
    await come();
    visit.expected = /Failed to load|ERR_|Error in input stream/;
    const notice = page.locator('.notice.error', { hasText: SENTENCES[how] });
    await notice.waitFor();
    expect(askedForModels()).toBe(2);
    const songs = [examplePath(), site.folder.repeated(2), site.folder.repeated(3)];
    await visit.drop(...songs);
    const names = [EXAMPLE, '2-times.mp3', '3-times.mp3'];
    for (const name of names) {
      await visit.state(name, 'failed');
      expect(await visit.row(name).locator('.song-row-words').textContent()).toBe(SENTENCES[how]);
    }
    expect(await visit.notices()).toEqual([SENTENCES[how]]);
    expect(askedForModels(), 'and for each song, twice').toBe(2 + 2 * songs.length);
    site.server.spoils = undefined;
    for (const name of names) {
      await visit.act('Try again', name);
      await visit.state(name, 'done');
    }
    expect(await visit.notices()).toEqual([]);
    expect(askedForModels()).toBe(2 + 2 * songs.length + 1);
    await visit.row(EXAMPLE).locator('.song-row-open').click();
    await visit.tagged(EXAMPLE);
  },
);

/** In the worker: it loads the model, and breaks down over songs without an answer. */
const BREAKS_DOWN = `
  const answer = postMessage.bind(self);
  let isLoaded = false;
  let isAsked = false;
  const breakDown = () => isLoaded && isAsked && setTimeout(() => { throw new Error('unreachable'); });
  self.postMessage = (...given) => {
    if (isLoaded) return;
    isLoaded = true;
    answer(...given);
    breakDown();
  };
  addEventListener('message', ({ data }) => {
    if (data.request.kind === 'load') return;
    isAsked = true;
    breakDown();
  });
`;

it('an engine that breaks down is told of, once, and no song is blamed', async () => {
  await come((opened) =>
    opened.route('**/worker-*.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: BREAKS_DOWN + (await response.text()) });
    }),
  );
  visit.expected = /unreachable|broke down|^console: Error$/;
  await visit.drop(examplePath(), site.folder.repeated(2));
  const sentence =
    'The tagging engine broke down, or had no memory left. Try again; closing other pages may help.';
  for (const name of [EXAMPLE, '2-times.mp3']) {
    await visit.state(name, 'failed');
    expect(await visit.row(name).locator('.song-row-words').textContent()).toBe(sentence);
  }
  expect(await visit.notices()).toEqual([sentence]);
});
