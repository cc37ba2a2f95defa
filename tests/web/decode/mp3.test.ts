/** What is read of an mp3 here is what mediabunny reads of it, for which a worker would have to start. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COMMON_FORMATS, readHeader } from '../../../web/decode/header.ts';
import { mp3Facts } from '../../../web/decode/slices/mp3.ts';
import { examplePath } from '../support/built.ts';
import { ffmpeg } from '../support/program.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'taggram-mp3-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function coded(...coding: string[]): Buffer {
  const path = join(folder, 'song.mp3');
  ffmpeg('-i', examplePath(), '-t', '5', '-c:a', 'libmp3lame', ...coding, path);
  return readFileSync(path);
}

const asBlob = (bytes: Uint8Array) => new Blob([Uint8Array.from(bytes)]);

const CODINGS: Record<string, string[]> = {
  'constant bit rate': ['-b:a', '192k'],
  'variable bit rate': ['-q:a', '5'],
  'no Xing header': ['-b:a', '128k', '-write_xing', '0'],
  'one channel': ['-b:a', '32k', '-ac', '1'],
  '48 kHz': ['-b:a', '320k', '-ar', '48000'],
  'MPEG-2': ['-b:a', '8k', '-ar', '22050', '-ac', '1'],
  'MPEG-2.5': ['-q:a', '7', '-ar', '8000'],
  'no tag': ['-id3v2_version', '0', '-map_metadata', '-1'],
  'tags at both ends': ['-metadata', 'title=Song', '-write_id3v1', '1'],
};

/** Facts of both. */
async function both(bytes: Uint8Array) {
  const file = asBlob(bytes);
  return Promise.all([mp3Facts(file), readHeader(file, 'song.mp3', COMMON_FORMATS)]);
}

it.each(Object.entries(CODINGS))('of %s', async (_, coding) => {
  const [ours, theirs] = await both(coded(...coding));
  expect(ours).toEqual(theirs);
  expect(ours?.container).toBe('MP3');
});

it('behind a tag with a picture', async () => {
  const bytes = coded('-b:a', '128k', '-id3v2_version', '0');
  const tag = Buffer.alloc(10 + 200_000);
  tag.set([...Buffer.from('ID3'), 4, 0, 0, 0, 200_000 >> 14, (200_000 >> 7) & 127, 200_000 & 127]);
  const [ours, theirs] = await both(Buffer.concat([tag, bytes]));
  expect(ours).toEqual(theirs);
  expect(ours?.declaredSeconds).toBeGreaterThan(5);
});

it('that is cut short', async () => {
  const bytes = coded('-b:a', '128k');
  const [ours, theirs] = await both(bytes.subarray(0, bytes.length / 2));
  expect(ours).toEqual(theirs);
});

it.each<[string, (bytes: Buffer) => Uint8Array]>([
  ['words before it', (bytes) => Buffer.concat([Buffer.from('words '.repeat(99)), bytes])],
  ['a hole near its beginning', (bytes) => bytes.fill(0, 700, 900)],
  ['two frames', (bytes) => bytes.subarray(0, bytes.indexOf('Info') + 600)],
  ['nothing but words', () => Buffer.from('words '.repeat(999))],
  ['nothing', () => Buffer.alloc(0)],
])('with %s is left to others', async (_, change) => {
  expect(await mp3Facts(asBlob(change(coded('-b:a', '128k', '-id3v2_version', '0'))))).toBeUndefined();
});

it('is not seen in sound of other kinds', async () => {
  for (const [ending, ...coding] of [['wav'], ['flac'], ['ogg'], ['mp2', '-c:a', 'mp2'], ['aac']] as const) {
    const path = join(folder, `song.${ending}`);
    ffmpeg('-i', examplePath(), '-t', '2', ...coding, path);
    expect(await mp3Facts(asBlob(readFileSync(path)))).toBeUndefined();
  }
});
