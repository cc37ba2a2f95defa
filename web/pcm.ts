/** Decoded audio: one plane a channel, all of the same length, full scale -1 .. 1. */
export interface Pcm {
  /** Hz */
  sampleRate: number;
  planes: Float32Array[];
  /** The recording's name, for results and messages. */
  name?: string;
  /** What should be known of it, in sentences. */
  warnings?: readonly string[];
}
