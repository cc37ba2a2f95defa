import { endToEnd } from './end-to-end.ts';

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

/** Audio that comes piece by piece, so that it is never in memory as a whole. */
export interface PcmSource {
  /** Hz */
  readonly sampleRate: number;
  readonly channels: number;
  /** Seconds in all: about, until the last piece has come. */
  readonly duration: number;
  readonly name?: string;
  /** Complete when the last piece has come. */
  readonly warnings?: readonly string[];
  /** The planes of one piece after another. Each call begins anew, and tells the same. */
  pieces(): AsyncIterable<Float32Array[]>;
  /** Pieces are the receiver's, who may hand their memory over; otherwise they belong to the source. */
  readonly givesAway?: boolean;
}

export function sourceOf({ planes, ...rest }: Pcm): PcmSource {
  const channels = planes.length;
  const duration = (planes[0]?.length ?? 0) / rest.sampleRate;
  return {
    ...rest,
    channels,
    duration,
    async *pieces() {
      yield planes;
    },
  };
}

/** Its pieces for a receiver who hands them on, cut to at most so many seconds each. */
export async function* steps(source: PcmSource, seconds: number): AsyncGenerator<Float32Array[]> {
  const step = Math.ceil(seconds * source.sampleRate);
  for await (const planes of source.pieces()) {
    const length = planes[0]?.length ?? 0;
    if (source.givesAway && length <= step) yield planes;
    else for (let at = 0; at < length; at += step) yield planes.map((plane) => plane.slice(at, at + step));
  }
}

/** All pieces end to end. */
export async function joinPieces(source: PcmSource): Promise<Float32Array[]> {
  const pieces: Float32Array[][] = [];
  for await (const piece of source.pieces()) pieces.push(piece);
  if (pieces.length === 1) return pieces[0]!;
  return Array.from({ length: source.channels }, (_, channel) =>
    endToEnd(
      Float32Array,
      pieces.map((piece) => piece[channel]!),
    ),
  );
}
