/** The page in Chromium and the native program give the same answer for the same file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { examplePath } from '../support/built.ts';
import { Site, type Visit } from '../support/browser.ts';
import { largestDifference } from '../support/npy.ts';
import { ffmpeg, tagInTerminal } from '../support/program.ts';

const LOSSLESS = 1e-3;
const LOSSY = 5e-3;
/** FFmpeg before 6 leaves the encoder's padding at the end of AAC: up to one frame of 1024 samples. */
const DURATION_TOLERANCE = 0.025;

const FORMATS: [format: string, tolerance: number, coding: string[]][] = [
  ['wav', LOSSLESS, ['-c:a', 'pcm_s16le']],
  ['flac', LOSSLESS, []],
  ['mp3', LOSSY, ['-c:a', 'libmp3lame', '-b:a', '192k']],
  ['m4a', LOSSY, ['-c:a', 'aac', '-b:a', '160k']],
  ['ogg', LOSSY, ['-c:a', 'libvorbis', '-q:a', '5']],
  ['opus', LOSSY, ['-c:a', 'libopus', '-b:a', '128k']],
  ['webm', LOSSY, ['-c:a', 'libopus', '-b:a', '128k']],
];
const CASES = [44100, 48000].flatMap((rate) =>
  FORMATS.map(([format, tolerance, coding]) => ({ rate, format, tolerance, coding, seconds: 30 })),
);
/** More than 10 MB: it goes by packets. */
const LARGE = {
  format: 'large.opus',
  coding: ['-c:a', 'libopus', '-b:a', '510k', '-vbr', 'off'],
  rate: 48000,
  tolerance: LOSSY,
  seconds: 165,
};

let site: Site;
let visit: Visit;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'taggram-'));
  site = await Site.open();
  visit = await site.visit();
});
afterAll(async () => {
  await site?.close();
  rmSync(folder, { recursive: true });
});

it.each([...CASES, LARGE])('$format from $rate Hz', async ({ rate, format, tolerance, coding, seconds }) => {
  const name = `example-${rate}.${format}`;
  const path = join(folder, name);
  const source = join(folder, `source-${rate}.wav`);
  ffmpeg('-stream_loop', '-1', '-i', examplePath(), '-t', String(seconds), '-ar', String(rate), source);
  ffmpeg('-i', source, ...coding, path); // Opus knows only 48 kHz: FFmpeg converts for it
  await visit.drop(path);
  await visit.tagged(name);
  const page = await visit.result();
  const program = tagInTerminal(path);

  const worst = largestDifference(page.taggram.flat(), program.taggram.flat());
  const longer = page.duration - program.duration;
  console.log(
    `${name}: largest difference ${worst.toExponential(2)}, duration ${longer.toFixed(4)} s from the program's`,
  );
  expect(worst).toBeLessThan(tolerance);
  expect(page.top.slice(0, 3).map(({ tag }) => tag)).toEqual(program.top.slice(0, 3).map(({ tag }) => tag));
  expect(Math.abs(longer)).toBeLessThan(DURATION_TOLERANCE);
  expect(page).toMatchObject({
    model: program.model,
    version: program.version,
    sample_rate: program.sample_rate,
    hop: program.hop,
    length: program.length,
    tags: program.tags,
    segments: program.segments,
    warnings: program.warnings,
  });
  expect(visit.complaints).toEqual([]);
});
