/**
 * What the page and its worker say to each other: numbered requests, one reply each.
 * Both sides import this file, so that neither can drift from the other.
 */
import type { ErrorCode } from './errors.ts';

export interface ModelFacts {
  name: string;
  architecture: string;
  /** Version of the engine that runs it. */
  version: string;
  /** What it was trained on, in words. */
  dataset: string;
  /** How well its makers found it to tag, in words. */
  publishedScores: string;
  tags: string[];
  /** Names of the lists that the tags are of, each as long as the others; of most models there are none. */
  lists: string[];
  /** Frames of 16 ms that one answer is about, if nothing else is asked for. */
  segmentFrames: number;
  /** What a segment has at least. */
  leastFrames: number;
  /** It takes segments of other lengths, too. */
  anyLength: boolean;
  /** Values of a frame: 96 of log-mel, or 256 of samples. */
  frameWidth: number;
  /** Names of its intermediates, in the order of computation. */
  features: string[];
}

export interface StreamOptions extends RangeOptions {
  sampleRate: number;
  channels: number;
}

export interface RangeOptions {
  /** The model's own when not given. */
  segmentFrames?: number;
  hopFrames: number;
  keepTail: boolean;
  /** Names of the intermediates to tell with each segment. */
  features?: readonly string[];
}

/** Numbers of any shape, outermost dimension first. */
export interface Feature {
  shape: number[];
  data: Float32Array;
}

/** By name; each is [segments, ...the feature's own shape]. */
export type Features = Record<string, Feature>;

export interface Segment {
  /** Seconds, exact: counted in frames. */
  start: number;
  end: number;
  /** Too quiet to judge; its scores say nothing. */
  silent: boolean;
  /** The audio was shorter than a segment and was repeated to fill it. */
  padded: boolean;
}

/** New segments, and where the stream stands after them. */
export interface Scored {
  segments: Segment[];
  /** [segments][tags] */
  scores: Float32Array;
  /** [tags], over all segments so far that are not silent */
  means: Float32Array;
  /** How many segments the means are over. */
  counted: number;
  /** Of the new segments; absent when none were asked for or none came. */
  features?: Features;
  heard: { seconds: number; nonFinite: number };
}

/** Frames, and how loud each is: what segments are made of. */
export interface Frames {
  /** [frames][96] of log-mel, or [frames][256] of samples */
  rows: Float32Array;
  /** [frames][2]: the energy of its samples, and how many they are */
  loudness: Float64Array;
}

/** New frames, and what the audio is like as far as it was heard. */
export interface Made {
  frames: Frames;
  heard: { seconds: number; nonFinite: number };
  /** It is shorter than a segment and repeated to fill one. */
  repeated: boolean;
}

export type Request =
  | { kind: 'load'; wasm: WebAssembly.Module; model: Uint8Array; list?: string }
  | { kind: 'open'; stream: number; options: StreamOptions }
  | { kind: 'push'; stream: number; planes: Float32Array[] }
  | { kind: 'finish'; stream: number }
  // A song that several engines share: one makes its frames, all tag ranges of them.
  | { kind: 'openMaker'; stream: number; options: StreamOptions }
  | { kind: 'make'; stream: number; planes: Float32Array[] }
  | { kind: 'makeLast'; stream: number }
  | { kind: 'tagRange'; options: RangeOptions; frames: Frames }
  // The same, piece by piece.
  | { kind: 'openRange'; stream: number; options: RangeOptions }
  | { kind: 'pushFrames'; stream: number; frames: Frames }
  | { kind: 'close'; stream: number }
  | { kind: 'memory' };

export interface Replies {
  load: ModelFacts;
  open: undefined;
  push: Scored;
  finish: Scored;
  openMaker: undefined;
  make: Made;
  makeLast: Made;
  tagRange: Scored;
  openRange: undefined;
  pushFrames: Scored;
  close: undefined;
  /** Bytes. */
  memory: number;
}

export type ReplyTo<R extends Request> = Replies[R['kind']];

export interface Envelope {
  id: number;
  request: Request;
}

export type Answer =
  { id: number; reply: Replies[keyof Replies] } | { id: number; error: { code: ErrorCode; message: string } };
