/** What the page saves is what the program writes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toCsv } from '../../../../web/page/export/csv.ts';
import { significant } from '../../../../web/page/export/digits.ts';
import { fileName } from '../../../../web/page/export/files.ts';
import { toJams } from '../../../../web/page/export/jams.ts';
import { toJson } from '../../../../web/page/export/json.ts';
import { toLabels } from '../../../../web/page/export/labels.ts';
import type { TaggedFile } from '../../../../web/taggram.ts';
import { examplePath } from '../../support/built.ts';
import { ffmpeg, tagInTerminal, writtenInTerminal } from '../../support/program.ts';

let folder: string;
const made = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'taggram-'));
  const silence = ['-f', 'lavfi', '-t', '4', '-i', 'anullsrc'];
  const joined = ['-filter_complex', '[0][1]concat=v=0:a=1'];
  ffmpeg(...silence, '-i', examplePath(), ...joined, made('quiet, "then" loud.wav'));
  ffmpeg(...silence, made('silent.wav'));
  ffmpeg('-i', examplePath(), '-t', '1', made('short.wav'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const results = new Map<string, TaggedFile>();

/** Tagged once for all formats. */
function tagged(path: string, options: string[]): TaggedFile {
  const result = results.get(path + options) ?? tagInTerminal(path, '--top', '50', ...options);
  results.set(path + options, result);
  return result;
}

/** Each tag's mean, which the program tells of as many tags as it is asked for. */
function meansOf({ tags, top }: TaggedFile): number[] | null {
  if (top.length === 0) return null;
  const scores = new Map(top.map(({ tag, score }) => [tag, score]));
  return tags.map((tag) => scores.get(tag)!);
}

describe.each([
  ['the example', () => examplePath(), []],
  [
    'the example at a hop of 0.5 s by another model',
    () => examplePath(),
    ['--hop', '0.5', '--model', 'MSD_vgg'],
  ],
  ['a song with silence and an awkward name', () => made('quiet, "then" loud.wav'), []],
  ['silence', () => made('silent.wav'), []],
  ['a second of sound', () => made('short.wav'), []],
] as [string, () => string, string[]][])('of %s', (_, pathOf, options) => {
  it('JSON', () => {
    const result = tagged(pathOf(), options);
    const text = joined(toJson(result));
    expect(JSON.parse(text)).toEqual(result);
    expect(text.split('\n').length, 'laid out over as many lines').toBe(
      writtenInTerminal('json', pathOf(), '--top', '50', ...options).split('\n').length,
    );
  });

  it('CSV', () => {
    expect(joined(toCsv(tagged(pathOf(), options)))).toBe(writtenInTerminal('csv', pathOf(), ...options));
  });

  it('Audacity labels', () => {
    expect(joined(toLabels(tagged(pathOf(), options)))).toBe(
      writtenInTerminal('labels', pathOf(), ...options),
    );
  });

  it('JAMS', () => {
    const result = tagged(pathOf(), options);
    const ours = JSON.parse(joined(toJams(result, meansOf(result))));
    const theirs = JSON.parse(writtenInTerminal('jams', pathOf(), ...options));
    theirs.file_metadata.title = result.file; // the page knows names, not paths
    expect(roundTimes(ours)).toEqual(roundTimes(theirs));
  });
});

function joined(pieces: Iterable<string>): string {
  return [...pieces].join('');
}

/** Durations are differences of times, whose last binary digit is nobody's concern. */
function roundTimes(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, part) => (typeof part === 'number' ? Number(part.toPrecision(7)) : part)),
  );
}

it.each([
  [0.25, '0.25'],
  [0, '0'],
  [1, '1'],
  [0.123456789, '0.1234568'],
  [0.0001234, '0.0001234'],
  [0.00001234, '1.234e-05'],
  [3.4e-12, '3.4e-12'],
])('%d has the digits of %%.7g', (value, text) => expect(significant(value)).toBe(text));

it('names files after the song, the model, the version and the hop', () => {
  const origin = { file: 'my.song.flac', model: 'MTT_vgg', version: '1.2.3', hop: 0.496 };
  expect(fileName(origin, 'csv')).toBe('my.song.MTT_vgg.taggram-1.2.3.hop-0.496s.csv');
});
