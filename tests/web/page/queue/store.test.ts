import 'fake-indexeddb/auto';
import { beforeEach, expect, it } from 'vitest';
import { identityOf, Store, type Entry, type Taggram } from '../../../../web/page/queue/store.ts';

const FACTS = {
  container: 'MP3',
  codec: 'mp3',
  sampleRate: 44100,
  channels: 2,
  declaredSeconds: 6,
  cut: false,
};

function entry(name: string, at: number, more: Partial<Entry> = {}): Entry {
  const file = { name, size: 1000, changed: 5 };
  const settings = { model: 'MTT_musicnn', version: '0.1.0', hopFrames: 187 };
  return { ...file, ...settings, at, facts: FACTS, duration: 6, top: [], bytes: 8, ...more };
}

function taggram(score: number): Taggram {
  const segments = [{ start: 0, end: 2.992, silent: false, padded: false }];
  const scores = Float32Array.of(score, 1 - score);
  const about = { file: 'a.mp3', model: 'MTT_musicnn', version: '0.1.0', sample_rate: 44100, duration: 6 };
  const times = { hop: 2.992, length: 2.992, segments };
  const result = { ...about, ...times, tags: ['rock', 'flute'], top: [], warnings: [] };
  return { result, scores, means: scores.slice(), counted: 1 };
}

let names = 0;
let store: Store;
let name: string;

beforeEach(async () => {
  name = `songs ${names++}`;
  store = (await Store.open(name))!;
});

it('keeps songs, the latest first, from one visit to the next', async () => {
  await store.keep(entry('a.mp3', 1), taggram(0.25));
  await store.keep(entry('b.mp3', 3), taggram(0.5));
  await store.keep(entry('c.mp3', 2), taggram(0.75));
  store.close();
  const again = (await Store.open(name))!;
  const list = await again.list();
  expect(list.map((song) => song.name)).toEqual(['b.mp3', 'c.mp3', 'a.mp3']);
  expect(list[2]).toEqual(entry('a.mp3', 1));
  expect(await again.taggram(list[1]!)).toEqual(taggram(0.75));
});

it('knows a song again by its file and how it was tagged', async () => {
  const kept = entry('a.mp3', 1);
  await store.keep(kept, taggram(0.25));
  const file = new File(['x'.repeat(1000)], 'a.mp3', { lastModified: 5 });
  expect(await store.taggram({ ...kept, ...identityOf(file) })).toEqual(taggram(0.25));
  for (const other of [{ size: 999 }, { changed: 6 }, { name: 'b.mp3' }])
    expect(await store.taggram({ ...kept, ...other }), JSON.stringify(other)).toBeUndefined();
  for (const other of [{ model: 'MTT_vgg' }, { version: '0.2.0' }, { hopFrames: 6 }])
    expect(await store.taggram({ ...kept, ...other }), JSON.stringify(other)).toBeUndefined();
});

it('keeps the newer of two answers to the same', async () => {
  await store.keep(entry('a.mp3', 1), taggram(0.25));
  await store.keep(entry('a.mp3', 2), taggram(0.5));
  expect(await store.list()).toEqual([entry('a.mp3', 2)]);
  expect(await store.taggram(entry('a.mp3', 2))).toEqual(taggram(0.5));
});

it('forgets a song, however it was tagged, and no other', async () => {
  for (const song of ['a.mp3', 'b.mp3', 'b.mp3"', 'c.mp3']) await store.keep(entry(song, 1), taggram(0.5));
  await store.keep(entry('b.mp3', 1, { model: 'MTT_vgg' }), taggram(0.5));
  await store.keep(entry('b.mp3', 1, { changed: 55 }), taggram(0.5));
  const { name, size, changed } = entry('b.mp3', 1);
  await store.remove({ name, size, changed });
  const names = (await store.list()).map((song) => song.name);
  expect(names.toSorted()).toEqual(['a.mp3', 'b.mp3', 'b.mp3"', 'c.mp3']);
  expect(await store.taggram(entry('b.mp3', 1, { model: 'MTT_vgg' }))).toBeUndefined();
  expect(await store.taggram(entry('b.mp3', 1, { changed: 55 }))).toEqual(taggram(0.5));
});

it('keeps nothing of a song that there is no room for', async () => {
  await store.keep(entry('a.mp3', 1), taggram(0.25));
  const tooMuch = { ...taggram(0.5), scores: (() => {}) as unknown as Float32Array }; // nothing that can be stored
  await expect(store.keep(entry('a.mp3', 2), tooMuch)).rejects.toThrow();
  expect(await store.list()).toEqual([entry('a.mp3', 1)]);
  expect(await store.taggram(entry('a.mp3', 1))).toEqual(taggram(0.25));
});

it('is missing where the browser keeps nothing', async () => {
  const { indexedDB } = globalThis;
  globalThis.indexedDB = {
    open() {
      throw new DOMException('No.', 'SecurityError');
    },
  } as unknown as IDBFactory;
  try {
    expect(await Store.open()).toBeUndefined();
  } finally {
    globalThis.indexedDB = indexedDB;
  }
});
