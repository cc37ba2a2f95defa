/** Decodes a file packet by packet with mediabunny and WebCodecs. Runs in the decoding worker. */
import { AudioSampleSink, BlobSource, Input } from 'mediabunny';
import type { AudioSample, InputAudioTrack } from 'mediabunny';
import type { Pcm } from '../pcm.ts';
import { FORMATS } from './formats.ts';

/** `onProgress` is called with every packet. */
export async function decodeByPacket(file: Blob, onProgress: () => void): Promise<Pcm> {
  const input = new Input({ source: new BlobSource(file), formats: FORMATS });
  try {
    const track = await input.getPrimaryAudioTrack();
    if (!track) throw new Error('no audio track');
    return await collectSamples(track, onProgress);
  } finally {
    input.dispose();
  }
}

async function collectSamples(track: InputAudioTrack, onProgress: () => void): Promise<Pcm> {
  const sampleRate = await track.getSampleRate();
  const channels = await track.getNumberOfChannels();
  const pieces: Float32Array[][] = Array.from({ length: channels }, () => []);
  for await (const sample of new AudioSampleSink(track).samples()) {
    onProgress();
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
