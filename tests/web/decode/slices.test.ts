/** A file that is decoded in slices has the samples that the browser decodes the whole file to. */
import { readFileSync, truncateSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type * as Taggram from '../../../web/taggram.ts';
import { Site, type Visit } from '../support/browser.ts';
import { ffmpeg } from '../support/program.ts';

let site: Site;
let visit: Visit;
let source: string;

beforeAll(async () => {
  site = await Site.open();
  source = site.folder.at('source.wav');
  ffmpeg('-i', site.folder.repeated(2), '-t', '40.3', source);
  visit = await site.visit();
  await visit.page.evaluate(
    "import('./library/taggram.js').then((taggram) => Object.assign(window, { taggram }))",
  );
  await visit.page.evaluate(() =>
    document.body.append(
      Object.assign(document.createElement('input'), { type: 'file', id: 'sliced', multiple: true }),
    ),
  );
});
afterAll(() => site?.close());

/** Decodes it in slices, and as a whole this one of the same samples. */
async function compare(path: string, same = path) {
  await visit.page.setInputFiles('#sliced', [path, same]);
  return visit.page.evaluate(async () => {
    const { openFile, inspectFile } = (window as unknown as { taggram: typeof Taggram }).taggram;
    const [file, same] = document.querySelector<HTMLInputElement>('#sliced')!.files!;
    const facts = await inspectFile(file!);
    const context = new OfflineAudioContext(1, 1, facts.sampleRate!);
    const whole = await context.decodeAudioData(await same!.arrayBuffer());
    const song = await openFile(file!, { facts });
    const guess = song.duration;
    let worst = song.channels === whole.numberOfChannels ? 0 : Infinity;
    let pieces = 0;
    let longest = 0;
    let at = 0;
    for await (const planes of song.pieces()) {
      pieces++;
      longest = Math.max(longest, planes[0]!.length / song.sampleRate);
      planes.forEach((plane, channel) => {
        const expected = whole.getChannelData(channel).subarray(at);
        plane.forEach((sample, i) => (worst = Math.max(worst, Math.abs(sample - (expected[i] ?? Infinity)))));
      });
      at += planes[0]!.length;
    }
    return {
      worst,
      missing: whole.length - at,
      guess: guess - whole.duration,
      exact: song.duration - whole.duration,
      warnings: song.warnings,
      pieces,
      longest,
    };
  });
}

const MP3 = ['-c:a', 'libmp3lame'];
const CASES: [name: string, coding: string[]][] = [
  ['constant.mp3', [...MP3, '-b:a', '192k']],
  ['variable.mp3', [...MP3, '-q:a', '5']],
  ['without-header.mp3', [...MP3, '-b:a', '128k', '-write_xing', '0']],
  ['low.mp3', [...MP3, '-b:a', '32k', '-ac', '1']],
  ['48000.mp3', [...MP3, '-b:a', '320k', '-ar', '48000']],
  ['22050.mp3', [...MP3, '-b:a', '8k', '-ar', '22050', '-ac', '1']],
  ['16000.mp3', [...MP3, '-q:a', '7', '-ar', '16000', '-ac', '1']],
  ['tagged.mp3', [...MP3, '-metadata', 'title=Song', '-write_id3v1', '1']],
  ['16-bit.wav', ['-c:a', 'pcm_s16le']],
  ['24-bit.wav', ['-c:a', 'pcm_s24le', '-ar', '48000']],
  ['float.wav', ['-c:a', 'pcm_f32le', '-ac', '1']],
  ['16-bit.flac', []],
  ['24-bit.flac', ['-sample_fmt', 's32', '-ar', '48000']],
  ['quiet.flac', ['-af', 'volume=0:enable=gt(t\\,5)']], // nearly all of it in its first bytes
];

it.each(CASES)('%s', async (name, coding) => {
  const path = site.folder.at(name);
  ffmpeg('-i', source, ...coding, path);
  const { longest, guess, ...found } = await compare(path);
  expect(found).toEqual({ worst: 0, missing: 0, exact: 0, warnings: [], pieces: expect.any(Number) });
  expect(found.pieces).toBeGreaterThan(2);
  expect(longest).toBeLessThan(13);
  expect(Math.abs(guess)).toBeLessThan(0.1);
});

it.each([
  ['constant.mp3', /cut short: the header states 40\.\d s, but only/],
  ['16-bit.flac', /cut short: the header states 40\.\d s, but only/],
  ['16-bit.wav', /cut short: the header states 40\.\d s, but only/],
])('%s that breaks off', async (name, warning) => {
  const path = site.folder.at(`cut-${name}`);
  ffmpeg('-i', site.folder.at(name), '-c', 'copy', path);
  truncateSync(path, Math.floor(statSync(path).size * 0.7));
  const { worst, missing, warnings } = await compare(path);
  expect({ worst, missing, warnings }).toEqual({
    worst: 0,
    missing: 0,
    warnings: [expect.stringMatching(warning)],
  });
});

/** What may be done to an mp3 whose frames have 626 or 627 bytes, the first with a header of all fields. */
const CHANGED: [name: string, from: string, change: (bytes: Buffer) => Uint8Array][] = [
  ['a hole', 'constant.mp3', (bytes) => bytes.fill(0, 500_000, 505_000)],
  [
    'an unknown encoder',
    'constant.mp3',
    (bytes) => bytes.fill('Mine', bytes.indexOf('Lavc'), bytes.indexOf('Lavc') + 4),
  ],
  ['no table of places', 'constant.mp3', withoutPlaces],
  ['no count of frames', 'constant.mp3', (bytes) => told(bytes, 0)],
  ['more frames told than there are', 'constant.mp3', (bytes) => told(bytes, 1545)],
  ['another one behind it', 'constant.mp3', (bytes) => Buffer.concat([bytes, bytes])],
  ['its last frames missing', 'constant.mp3', (bytes) => bytes.subarray(0, -1500)],
  ['words before it', 'constant.mp3', (bytes) => Buffer.concat([Buffer.from('words '.repeat(99)), bytes])],
  ['a header of Fraunhofer', 'without-header.mp3', withVbri],
  ['a last frame that is read in two parts', 'without-header.mp3', (bytes) => throughFrameAt(bytes, 1 << 18)],
];

/** Up to the end of the frame that lies so many bytes behind the first one's begin. */
function throughFrameAt(bytes: Buffer, place: number): Buffer {
  const begin = bytes.indexOf(Buffer.from([0xff, 0xfb]));
  let at = begin;
  while (at <= begin + place) at += 417 + ((bytes[at + 2]! >> 1) & 1);
  return bytes.subarray(0, at);
}

function told(bytes: Buffer, frames: number): Buffer {
  bytes.writeUInt32BE(frames, bytes.indexOf('Info') + 8);
  return bytes;
}

/** Its frame stays as long as it is. */
function withoutPlaces(bytes: Buffer): Buffer {
  const info = bytes.indexOf('Info');
  bytes.writeUInt32BE(bytes.readUInt32BE(info + 4) & ~4, info + 4);
  bytes.copyWithin(info + 16, info + 116, info + 416);
  return bytes;
}

function withVbri(bytes: Buffer): Buffer {
  const frame = Buffer.alloc(417);
  const begin = bytes.indexOf(Buffer.from([0xff, 0xfb]));
  bytes.copy(frame, 0, begin, begin + 4);
  frame[2]! &= ~2; // no padding
  frame.write('VBRI', 36);
  frame.writeUInt16BE(1, 40);
  frame.writeUInt32BE(bytes.length - begin + 417, 46);
  frame.writeUInt32BE(1544, 50);
  return Buffer.concat([frame, bytes.subarray(begin)]);
}

it.each(CHANGED)('mp3 with %s', async (name, from, change) => {
  const path = site.folder.at(`${name}.mp3`);
  writeFileSync(path, change(readFileSync(site.folder.at(from))));
  expect(await compare(path)).toMatchObject({ worst: 0, missing: 0 });
});

it.each([0.02, 0.5])('mp3 of %d s', async (seconds) => {
  const path = site.folder.at(`${seconds}.mp3`);
  ffmpeg('-i', source, '-t', String(seconds), ...MP3, path);
  expect(await compare(path)).toMatchObject({ worst: 0, missing: 0, exact: 0, pieces: 1 });
});

it.each([
  ['16-bit.aiff', 'pcm_s16be', 'pcm_s16le'],
  ['24-bit.aiff', 'pcm_s24be', 'pcm_s24le'],
  ['8-bit.aiff', 'pcm_s8', 'pcm_u8'],
  ['other-order.aiff', 'pcm_s16le', 'pcm_s16le'],
  ['float.aiff', 'pcm_f32be', 'pcm_f32le'],
])('%s has the samples of a WAVE', async (name, coding, waveCoding) => {
  const [path, wave] = [site.folder.at(name), site.folder.at(`${name}.wav`)];
  ffmpeg('-i', source, '-ar', '48000', '-c:a', coding, path);
  ffmpeg('-i', source, '-ar', '48000', '-c:a', waveCoding, wave);
  expect(await compare(path, wave)).toMatchObject({ worst: 0, missing: 0, exact: 0, guess: 0, pieces: 7 });
});
