/** Decodes a file packet by packet with mediabunny and WebCodecs. Runs in the decoding worker. */
import { AudioSampleSink, BlobSource, Input } from 'mediabunny';
import type { AudioSample, InputAudioTrack } from 'mediabunny';
import { endToEnd } from '../end-to-end.ts';
import { FORMATS } from './formats.ts';

const PIECE_SECONDS = 12;

/** The planes of one piece after another. `onProgress` is called with every packet. */
export async function* decodeByPacket(
  file: Blob,
  onProgress: () => void,
): AsyncGenerator<Float32Array[], void> {
  const input = new Input({ source: new BlobSource(file), formats: FORMATS });
  try {
    const track = await input.getPrimaryAudioTrack();
    if (!track) throw new Error('no audio track');
    yield* pieces(track, onProgress);
  } finally {
    input.dispose();
  }
}

async function* pieces(track: InputAudioTrack, onProgress: () => void): AsyncGenerator<Float32Array[], void> {
  const sampleRate = await track.getSampleRate();
  const channels = await track.getNumberOfChannels();
  const preSkip = await takePreSkip(track);
  const none = (): Float32Array[][] => Array.from({ length: channels }, () => []);
  let parts = none();
  let samples = 0;
  let delay: number | undefined;
  for await (const sample of new AudioSampleSink(track).samples()) {
    onProgress();
    delay ??= Math.max(preSkip, Math.round(-sample.timestamp * sampleRate)); // the encoder's: it lies before 0
    const skip = Math.min(delay, sample.numberOfFrames);
    delay -= skip;
    if (skip < sample.numberOfFrames) {
      parts.forEach((plane, channel) => plane.push(planeOf(sample, channel, skip)));
      samples += sample.numberOfFrames - skip;
    }
    sample.close();
    if (samples < PIECE_SECONDS * sampleRate) continue;
    yield parts.map((part) => endToEnd(Float32Array, part));
    parts = none();
    samples = 0;
  }
  if (samples > 0) yield parts.map((part) => endToEnd(Float32Array, part));
}

/** Where the header of Opus tells the samples before the music. */
const PRE_SKIP_AT = 10;

/**
 * Not all browsers leave off what an Opus encoder puts before the music: they are told that there is nothing, and the
 * samples, which this returns, are left off here.
 */
async function takePreSkip(track: InputAudioTrack): Promise<number> {
  const config = await track.getDecoderConfig();
  if (config?.codec !== 'opus' || !(config.description instanceof Uint8Array)) return 0;
  const { buffer, byteOffset, byteLength } = config.description;
  const header = new DataView(buffer, byteOffset, byteLength);
  const samples = header.getUint16(PRE_SKIP_AT, true);
  header.setUint16(PRE_SKIP_AT, 0, true);
  return samples;
}

/** WebKitGTK 2.50 crashes when it is asked for a part of a sample, so what is too much is cut off here. */
function planeOf(sample: AudioSample, planeIndex: number, skip: number): Float32Array {
  const plane = new Float32Array(sample.numberOfFrames);
  sample.copyTo(plane, { planeIndex, format: 'f32-planar' });
  return plane.subarray(skip);
}
