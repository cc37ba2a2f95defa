/** What a run has found out: docs/bench.json is this, written down. */
import type { Form } from './page/contender.ts';
import type { Summary } from './statistics.ts';

export interface Result {
  date: string;
  machine: { processor: string; cores: number; load: number };
  versions: Record<string, string>;
  rounds: number;
  comparisons: Comparison[];
  stages: Stages[];
  page?: PageFigures;
  memory?: LongSong[];
}

/** One model in one place: milliseconds a segment. */
export interface Comparison {
  model: string;
  place: 'web' | 'native';
  from: 'log-mel' | 'samples' | 'PCM';
  /** Frames from one segment to the next, of ours; peers compute each segment whole. */
  hop: number;
  ours: Timing;
  peers: PeerTiming[];
}

export interface Timing {
  cpu: Summary;
  wall: Summary;
}

export interface PeerTiming extends Timing {
  runtime: string;
  form: Form;
  /** How many times as long it takes as ours: of the medians, and of the least. */
  ratio: number;
  leastRatio: number;
  /** Largest difference from our scores. */
  difference: number;
}

/** Where the time of a segment goes, from PCM at 44.1 kHz, and what arithmetic the network asks for. */
export interface Stages {
  model: string;
  /** Milliseconds of the processor by kind of work. */
  web: Record<string, number>;
  native: Record<string, number>;
  /** Multiply-accumulates of a direct computation, by kind of work. */
  arithmetic: Record<Form, Record<string, number>>;
}

/** A song of hours, from the moment that it is brought to the page to the finished taggram. */
export interface LongSong {
  kind: string;
  hours: number;
  bytes: number;
  milliseconds: number;
  most: Memory;
}

/** Bytes that the page's process has at any time, the browser's own code among them. */
export interface Memory {
  /** Of nobody else. */
  own: number;
  /** And its part of what processes share. */
  proportional: number;
  /** And all that it shares. */
  resident: number;
}

/** The page in a browser, all in milliseconds but for bytes. */
export interface PageFigures {
  song: { seconds: number; tagged: Summary; decoded: Summary; browserDecoded: Summary; ratio: number };
  firstVisit: { total: number; example: number; files: { name: string; bytes: number; gzipped: boolean }[] };
  /** Ten hours that are moved in time, in a window 1920 CSS pixels wide. */
  panning: {
    segments: number;
    /** With so many device pixels a CSS pixel, while so many seconds are seen: from frame to frame, and what the page's thread does in one. */
    views: { ratio: number; span: number; apart: Summary; work: Summary; longest: number }[];
  };
  opening: { tagged: Summary; decoding: Summary; besides: Summary };
}
