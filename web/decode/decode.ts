/**
 * Decodes a file to PCM at its own sample rate, so that only the core's resampler ever changes it.
 *
 * The browser's decodeAudioData comes first: it trims encoder delay as FFmpeg does (measured in docs/decisions) and
 * works on a thread of its own. What it refuses, above all unusual sample rates, is tried packet by packet.
 */
import { AudioSampleSink } from 'mediabunny';
import type { AudioSample, InputAudioTrack } from 'mediabunny';
import { TaggramError } from '../errors.ts';
import { pcmOf, type Pcm } from '../pcm.ts';
import { openInput, readHeader, UNKNOWN, type AudioFacts } from './header.ts';

export { readHeader, UNKNOWN, type AudioFacts };

/** Taken where a header can't be read: what most music is. */
const USUAL_RATE = 44100;

/** A shortfall below this is encoder padding or rounding, not a file that breaks off. */
const SHORTFALL_SECONDS = 0.25;

const MATROSKA_LIKE = ['WebM', 'Matroska'];

/** Longest time that unpacking holds the page's thread. */
const BUSY_MS = 20;

export interface Decoded {
  pcm: Pcm;
  warnings: string[];
}

export async function decode(
  file: Blob,
  name: string,
  facts: AudioFacts,
  signal?: AbortSignal,
): Promise<Decoded> {
  const pcm = await decodeSomehow(file, facts, signal);
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

async function decodeSomehow(file: Blob, facts: AudioFacts, signal?: AbortSignal): Promise<Pcm | undefined> {
  const inBrowser = () => decodeInBrowser(file, facts.sampleRate ?? USUAL_RATE);
  const byPacket = () => decodeByPacket(file, signal);
  // Chromium takes the encoder's delay in WebM by the millisecond, 24 samples off.
  const ways = MATROSKA_LIKE.includes(facts.container) ? [byPacket, inBrowser] : [inBrowser, byPacket];
  for (const way of ways) {
    try {
      return await way();
    } catch {
      signal?.throwIfAborted(); // else: refused; the next way may know it
    }
  }
  return undefined;
}

async function decodeInBrowser(file: Blob, sampleRate: number): Promise<Pcm> {
  const context = new OfflineAudioContext(1, 1, sampleRate);
  return pcmOf(await context.decodeAudioData(await file.arrayBuffer()));
}

async function decodeByPacket(file: Blob, signal?: AbortSignal): Promise<Pcm> {
  const input = openInput(file);
  try {
    const track = await input.getPrimaryAudioTrack();
    if (!track) throw new Error('no audio track');
    return await collectSamples(track, signal);
  } finally {
    input.dispose();
  }
}

async function collectSamples(track: InputAudioTrack, signal?: AbortSignal): Promise<Pcm> {
  const sampleRate = await track.getSampleRate();
  const channels = await track.getNumberOfChannels();
  const pieces: Float32Array[][] = Array.from({ length: channels }, () => []);
  let rested = performance.now();
  for await (const sample of new AudioSampleSink(track).samples()) {
    if (performance.now() - rested > BUSY_MS) {
      await new Promise((resolve) => setTimeout(resolve)); // lets the page answer
      rested = performance.now();
    }
    signal?.throwIfAborted();
    const skip = Math.round(Math.max(0, -sample.timestamp) * sampleRate); // before 0 lies the encoder's delay
    if (skip < sample.numberOfFrames)
      pieces.forEach((plane, channel) => plane.push(planeOf(sample, channel, skip)));
    sample.close();
  }
  return { sampleRate, planes: pieces.map(join) };
}

function planeOf(sample: AudioSample, planeIndex: number, skip: number): Float32Array {
  const plane = new Float32Array(sample.numberOfFrames - skip);
  sample.copyTo(plane, { planeIndex, format: 'f32-planar', frameOffset: skip });
  return plane;
}

function join(pieces: Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
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
