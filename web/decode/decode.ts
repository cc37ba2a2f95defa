/**
 * Decodes a file to PCM at its own sample rate, so that only the core's resampler ever changes it.
 *
 * The browser's decodeAudioData comes first: it trims encoder delay as FFmpeg does (measured in docs/decisions) and
 * works on a thread of its own. What it refuses, above all unusual sample rates, is tried packet by packet.
 */
import { untilAborted } from '../abort.ts';
import { TaggramError } from '../errors.ts';
import { pcmOf } from '../audio-buffer.ts';
import type { Pcm } from '../pcm.ts';
import { askDecoder } from './ask.ts';
import { UNKNOWN, type AudioFacts } from './facts.ts';

export type { AudioFacts };

/** Taken where a header can't be read: what most music is. */
const USUAL_RATE = 44100;

/** A shortfall below this is encoder padding or rounding, not a file that breaks off. */
const SHORTFALL_SECONDS = 0.25;

const MATROSKA_LIKE = ['WebM', 'Matroska'];

export interface Decoded {
  pcm: Pcm;
  warnings: string[];
}

/** Facts of the first audio track; UNKNOWN when the header is of no format known here, or can't be understood. */
export async function readHeader(file: Blob, name: string, signal?: AbortSignal): Promise<AudioFacts> {
  try {
    const facts = await askDecoder({ kind: 'commonFacts', file, name }, signal);
    return facts ?? (await askDecoder({ kind: 'facts', file, name }, signal));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof TaggramError) throw error;
    return UNKNOWN; // it makes no sense: the browser's own decoder has the last word
  }
}

export async function decode(
  file: Blob,
  name: string,
  facts: AudioFacts,
  signal?: AbortSignal,
): Promise<Decoded> {
  const pcm = await decodeSomehow(file, name, facts, signal);
  signal?.throwIfAborted();
  if (!pcm) throw undecodable(name, facts);
  const frames = pcm.planes[0]?.length ?? 0;
  if (frames === 0)
    throw new TaggramError(
      'empty',
      `${name} is empty: it has a ${facts.container} header but no samples. Choose another file.`,
    );
  return { pcm, warnings: warningsOf(facts, frames / pcm.sampleRate) };
}

async function decodeSomehow(
  file: Blob,
  name: string,
  facts: AudioFacts,
  signal?: AbortSignal,
): Promise<Pcm | undefined> {
  const inBrowser = () => untilAborted(decodeInBrowser(file, facts.sampleRate ?? USUAL_RATE), signal);
  const byPacket = () => askDecoder({ kind: 'pcm', file, name }, signal);
  // Chromium takes the encoder's delay in WebM by the millisecond, 24 samples off.
  const ways = MATROSKA_LIKE.includes(facts.container) ? [byPacket, inBrowser] : [inBrowser, byPacket];
  for (const way of ways) {
    signal?.throwIfAborted();
    try {
      return await way();
    } catch (error) {
      if (error instanceof TaggramError && error.code === 'load') throw error;
      // else: refused; the next way may know it
    }
  }
  return undefined;
}

async function decodeInBrowser(file: Blob, sampleRate: number): Promise<Pcm> {
  const context = new OfflineAudioContext(1, 1, sampleRate);
  return pcmOf(await context.decodeAudioData(await file.arrayBuffer()));
}

function undecodable(name: string, facts: AudioFacts): TaggramError {
  if (facts.container === 'unknown')
    return new TaggramError(
      'not-audio',
      `${name} is not audio that this browser can decode. Try mp3, flac, wav, m4a, ogg or opus.`,
    );
  const codec = facts.codec === 'unknown' ? 'a codec' : facts.codec;
  return new TaggramError(
    'not-audio',
    `${name} holds ${codec} in ${facts.container}, which this browser can't decode, or it is damaged. Try another format.`,
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
