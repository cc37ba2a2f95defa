/**
 * Decodes a file to PCM at its own sample rate, so that only the core's resampler ever changes it.
 *
 * The browser's decodeAudioData comes first: it trims encoder delay as FFmpeg does and is fast (measured in docs/decisions).
 * It is given a file in slices where those make the same samples, so that tagging need not wait for the last one.
 * What it refuses, above all unusual sample rates, is tried packet by packet.
 */
import { untilAborted } from '../abort.ts';
import { TaggramError } from '../errors.ts';
import type { PcmSource } from '../pcm.ts';
import { askDecoder, packetsOf } from './ask.ts';
import { decodeSlices, decodeWhole } from './browser.ts';
import { codecName } from './codecs.ts';
import { UNKNOWN, type AudioFacts } from './facts.ts';
import { assertReadable } from './readable.ts';
import { slice } from './slices/formats.ts';
import { mp3Facts } from './slices/mp3.ts';
import { oggSeconds } from './truncation.ts';

export type { AudioFacts };

/** Taken where a header can't be read: what most music is. */
const USUAL_RATE = 44100;

/** What music has at 128 kbit/s, where nothing tells a file's length. */
const USUAL_BYTES_PER_SECOND = 16_000;

/** A shortfall below this is encoder padding or rounding, not a file that breaks off. */
const SHORTFALL_SECONDS = 0.25;

const MATROSKA_LIKE = ['WebM', 'Matroska'];

/** Files above this size, some ten minutes of music, are decoded as a whole only if there is no other way. */
const LARGE_BYTES = 10e6;

/** A beginning that can't be read within this time is left to the worker, which can be given up. */
const READING_MS = 2000;

/** Facts of the first audio track; UNKNOWN when the header is of no format known here, or can't be understood. */
export async function readHeader(file: Blob, name: string, signal?: AbortSignal): Promise<AudioFacts> {
  const plain = await untilAborted(orNothing(mp3Facts(file)), signal);
  signal?.throwIfAborted();
  if (plain) return plain;
  try {
    const facts = await askDecoder({ kind: 'commonFacts', file, name }, signal);
    return facts ?? (await askDecoder({ kind: 'facts', file, name }, signal));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof TaggramError) throw error;
    return UNKNOWN; // it makes no sense: the browser's own decoder has the last word
  }
}

/** Where it fails or takes long, whoever reads the file next tells what is wrong. */
function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), READING_MS);
    work.then(resolve, () => resolve(undefined)).finally(() => clearTimeout(timer));
  });
}

/** Decoded audio above this many bytes, 95 minutes of CD audio, is too much to have at once. */
const MOST_WHOLE_BYTES = 2e9;

/** Audio that is decoded as it is wanted. What is missing of it is known when the last piece has come. */
type FileSource = { -readonly [Key in keyof PcmSource]-?: PcmSource[Key] };

/** The file's audio, of which the first piece is here already. Rejects if there is none. */
export async function open(
  file: Blob,
  name: string,
  facts: AudioFacts,
  signal?: AbortSignal,
): Promise<FileSource> {
  const sampleRate = facts.sampleRate ?? USUAL_RATE;
  let begun: Begun | undefined = await begin(file, name, facts, signal);
  const source: FileSource = {
    sampleRate,
    name,
    channels: begun.first.length,
    duration: begun.duration ?? begun.first[0]!.length / sampleRate,
    warnings: [],
    givesAway: true,
    async *pieces() {
      const way = begun ?? (await begin(file, name, facts, signal));
      begun = undefined;
      const { samples, isDamaged } = yield* counted(way);
      if (isDamaged) await assertReadable(file, name);
      signal?.throwIfAborted(); // what ends it looks like damage
      source.duration = samples / sampleRate;
      source.warnings = warningsOf({ ...facts, cut: facts.cut || isDamaged }, source.duration);
    },
  };
  return source;
}

/** A way of decoding that works. */
interface Begun {
  first: Float32Array[];
  rest: Pieces;
  /** Seconds in all, about; undefined: the first piece is all. */
  duration: number | undefined;
}

interface Way {
  pieces: Pieces;
  duration?: number;
}

type Pieces = AsyncGenerator<Float32Array[], void>;

async function begin(file: Blob, name: string, facts: AudioFacts, signal?: AbortSignal): Promise<Begun> {
  let isEmpty = false;
  for (const way of waysOf(file, name, facts, signal)) {
    signal?.throwIfAborted();
    try {
      const { pieces, duration } = await way();
      const { value, done } = await untilAborted(pieces.next(), signal);
      if (!done && value[0]?.length) return { first: value, rest: pieces, duration };
      isEmpty = true;
      break;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof TaggramError && error.code === 'load') throw error;
      // else: refused; the next way may know it
    }
  }
  if (!isEmpty) {
    await assertReadable(file, name);
    throw undecodable(name, facts);
  }
  throw new TaggramError(
    'empty',
    `${name} is empty: it has a ${facts.container} header but no samples. Choose another file.`,
  );
}

function waysOf(file: Blob, name: string, facts: AudioFacts, signal?: AbortSignal): (() => Promise<Way>)[] {
  const { container, sampleRate, declaredSeconds } = facts;
  const rate = sampleRate ?? USUAL_RATE;
  const inSlices = async () => {
    const sliced = await slice(file, container);
    if (!sliced) throw new Error(`This ${container} can't be sliced.`);
    return { duration: sliced.duration, pieces: decodeSlices(sliced.slices(), rate) };
  };
  const whole = async () => {
    if (isTooLong(facts)) throw new Error('It is too much to be decoded as a whole.');
    return { pieces: once(decodeWhole(file, rate)) };
  };
  const byPacket = async () => ({
    duration:
      declaredSeconds ??
      (container === 'Ogg' ? await oggSeconds(file, rate) : undefined) ??
      file.size / USUAL_BYTES_PER_SECOND,
    pieces: packetsOf(file, name, signal),
  });
  // Chromium takes the encoder's delay in WebM by the millisecond, 24 samples off.
  if (MATROSKA_LIKE.includes(container)) return [byPacket, whole];
  return file.size > LARGE_BYTES ? [inSlices, byPacket, whole] : [inSlices, whole, byPacket];
}

async function* once(piece: Promise<Float32Array[]>): Pieces {
  yield await piece;
}

/** Passes pieces on until there are no more, or one that can't be decoded; tells how many samples they were. */
async function* counted({
  first,
  rest,
}: Begun): AsyncGenerator<Float32Array[], { samples: number; isDamaged: boolean }> {
  let samples = 0;
  let isDamaged = false;
  try {
    for (let planes: Float32Array[] | undefined = first; planes;) {
      samples += planes[0]!.length;
      yield planes;
      planes = await rest.next().then(
        ({ value, done }) => (done ? undefined : value),
        () => void (isDamaged = true),
      );
    }
  } finally {
    await rest.return(undefined);
  }
  return { samples, isDamaged };
}

function isTooLong({ sampleRate, channels, declaredSeconds }: AudioFacts): boolean {
  const samples = (declaredSeconds ?? 0) * (sampleRate ?? USUAL_RATE) * (channels ?? 2);
  return samples * Float32Array.BYTES_PER_ELEMENT > MOST_WHOLE_BYTES;
}

function undecodable(name: string, facts: AudioFacts): TaggramError {
  const { container } = facts;
  if (container === 'unknown')
    return new TaggramError(
      'not-audio',
      `${name} is not audio that this browser can decode. Try mp3, flac, wav, m4a, ogg or opus.`,
    );
  const codec = codecName(facts.codec);
  const what = facts.codec === container ? container : `${codec} in ${container}`;
  if (isTooLong(facts) && !('AudioDecoder' in globalThis))
    return new TaggramError(
      'not-audio',
      `${name} is too long for this browser, which decodes ${what} only as a whole. Use a newer browser, or convert it to mp3, flac or wav.`,
    );
  return new TaggramError(
    'not-audio',
    `${name} holds ${what}, which this browser can't decode, or it is damaged. Convert it to mp3, flac, wav or m4a.`,
  );
}

/** Worded as the native program words them. */
function warningsOf(facts: AudioFacts, seconds: number): string[] {
  const warnings: string[] = [];
  const { declaredSeconds, cut, sampleRate } = facts;
  const present = `${seconds.toFixed(1)} s`;
  if (declaredSeconds !== null && declaredSeconds - seconds > SHORTFALL_SECONDS)
    warnings.push(
      `It is cut short: the header states ${declaredSeconds.toFixed(1)} s, but only ${present} are there and were tagged.`,
    );
  else if (cut) warnings.push(`It is damaged or cut short after ${present}; only what is before was tagged.`);
  if (sampleRate === null)
    warnings.push(
      'Its header does not tell the sample rate, so the browser resampled it: scores may differ a little.',
    );
  return warnings;
}
