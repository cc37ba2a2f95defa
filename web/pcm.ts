/** Decoded audio: one plane a channel, all of the same length, full scale -1 .. 1. */
export interface Pcm {
  /** Hz */
  sampleRate: number;
  planes: Float32Array[];
}

export function pcmOf(buffer: AudioBuffer): Pcm {
  const planes = Array.from({ length: buffer.numberOfChannels }, (_, channel) =>
    buffer.getChannelData(channel),
  );
  return { sampleRate: buffer.sampleRate, planes };
}
