/** Kinds of files that can't be taken apart here, by how they begin: a browser may know them, and people know their names. */
import { TaggramError } from '../errors.ts';
import { asText, bytesOf, id3Size } from './bytes.ts';
import { UNKNOWN, type AudioFacts } from './facts.ts';
import { indexAt } from './truncation.ts';

/** Windows Media's beginning, and what is in its header where it is protected: GUIDs. */
const WINDOWS_MEDIA = spelled(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11);
const ENCRYPTION = [
  spelled(0xfb, 0xb3, 0x11, 0x22, 0x23, 0xbd, 0xd2, 0x11),
  spelled(0x14, 0xe6, 0x8a, 0x29, 0x22, 0x26, 0x17, 0x4c),
];
const HEADER_BYTES = 1 << 16;
const INDEX_BYTES = 1 << 12;

const BEGINNINGS: [beginning: string, name: string][] = [
  [WINDOWS_MEDIA, 'Windows Media (WMA)'],
  ['MAC ', 'Monkey’s Audio (APE)'],
  ['TTA1', 'True Audio (TTA)'],
  ['wvpk', 'WavPack'],
  ['DSD ', 'DSD'],
  ['FRM8', 'DSD'],
  ['MPCK', 'Musepack'],
  ['MP+', 'Musepack'],
  ['OFR ', 'OptimFROG'],
  ['#!AMR', 'AMR'],
  ['caff', 'Core Audio Format (CAF)'],
  ['.snd', 'Sun audio (AU)'],
  ['.RMF', 'RealAudio'],
  ['AVI ', 'AVI video'],
  ['FLV', 'Flash video'],
  ['G@', 'MPEG transport stream'],
  [spelled(0x0b, 0x77), 'AC-3'],
  [spelled(0x7f, 0xfe, 0x80, 0x01), 'DTS'],
];

/** Codecs by the bytes that tell them: of Ogg the first packet's, of WAVE a number. */
const WITHIN: Record<string, { at: number; codecs: [beginning: string, name: string][] }> = {
  Ogg: {
    at: 28,
    codecs: [
      ['\x7fFLAC', 'FLAC'],
      ['Speex', 'Speex'],
    ],
  },
  WAVE: {
    at: 20,
    codecs: [
      [spelled(0x02, 0), 'ADPCM'],
      [spelled(0x11, 0), 'ADPCM'],
      [spelled(0x31, 0), 'GSM'],
      [spelled(0x50, 0), 'MP2'],
      [spelled(0x55, 0), 'MP3'],
      [spelled(0x61, 1), 'WMA'],
    ],
  },
};
const CODEC_BYTES = 8;

/** "RIFF" and a length: its kind is told behind it. */
const RIFF_BYTES = 8;

const PLAYLIST = /^(#EXTM3U|\[playlist\])/i;
const PLAYLIST_ENDING = /\.(m3u8?|pls|xspf|cue)$/i;

function spelled(...bytes: number[]): string {
  return asText(Uint8Array.from(bytes));
}

/** Undefined where it is of no kind known here; rejects where it certainly holds no sound. */
export async function kindOf(file: Blob, name: string): Promise<AudioFacts | undefined> {
  const start = id3Size(await bytesOf(file, 0, 10));
  const head = asText(await bytesOf(file, start, start + HEADER_BYTES));
  if (head.startsWith('MThd'))
    throw new TaggramError('not-audio', `${name} is MIDI: it holds notes, not sound. Choose a recording.`);
  if (PLAYLIST.test(head) || PLAYLIST_ENDING.test(name))
    throw new TaggramError(
      'not-audio',
      `${name} is a playlist: it names songs, but holds none. Choose the songs themselves.`,
    );
  if (head.startsWith(WINDOWS_MEDIA) && ENCRYPTION.some((guid) => head.includes(guid)))
    throw protectedBy('Windows Media DRM', name);
  return named(BEGINNINGS, head.startsWith('RIFF') ? head.slice(RIFF_BYTES) : head);
}

/** What is in an Ogg or a WAVE that can't be taken apart here. */
export async function kindWithin(container: string, file: Blob): Promise<AudioFacts | undefined> {
  const place = WITHIN[container];
  const kind = place && named(place.codecs, asText(await bytesOf(file, place.at, place.at + CODEC_BYTES)));
  return kind && { ...kind, container };
}

function named(beginnings: typeof BEGINNINGS, head: string): AudioFacts | undefined {
  const found = beginnings.find(([beginning]) => head.startsWith(beginning));
  return found && { ...UNKNOWN, container: found[1], codec: found[1] };
}

/** Sample entries of the MP4 family whose samples are encrypted. */
const PROTECTIONS: Record<string, string> = {
  drms: 'FairPlay',
  enca: 'encryption (DRM)',
  aavd: 'Audible',
};

/** Of an MP4 that can't be taken apart: its sample entries lie not far behind the beginning of its index. */
export async function assertUnprotectedIndex(file: Blob, name: string): Promise<void> {
  const at = await indexAt(file);
  const index = at === undefined ? '' : asText(await bytesOf(file, at, at + INDEX_BYTES));
  Object.keys(PROTECTIONS).forEach((entry) => index.includes(entry) && assertUnprotected(entry, name));
}

export function assertUnprotected(codecId: unknown, name: string): void {
  const protection = PROTECTIONS[String(codecId)];
  if (protection) throw protectedBy(protection, name);
}

function protectedBy(protection: string, name: string): TaggramError {
  return new TaggramError(
    'not-audio',
    `${name} is protected by ${protection}: only the player that it was bought for can play it. Choose a copy without protection.`,
  );
}
