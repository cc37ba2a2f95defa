/** From what browsers decode to. */
import type { Pcm } from './pcm.ts';

export function pcmOf(buffer: AudioBuffer): Pcm {
  const planes = Array.from({ length: buffer.numberOfChannels }, (_, channel) =>
    buffer.getChannelData(channel),
  );
  return { sampleRate: buffer.sampleRate, planes };
}
