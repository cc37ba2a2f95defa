/** Files in slices that the browser decodes each by itself: joined, they are what it decodes the whole file to. */

export interface Slice {
  /** A file of its own. */
  bytes: ArrayBuffer;
  /** Samples at its beginning that the slice before has told, too: decoders need a run-up. */
  skip: number;
  /** Samples at its end that are none of the song's. */
  drop: number;
}

export interface Sliced {
  /** Seconds, as far as can be told before all is read. */
  duration: number;
  slices(): AsyncIterable<Slice>;
}

/** Long enough for its run-up to be of little account, short enough for memory, and for the first segments to be soon there. */
export const SLICE_SECONDS = 6;
