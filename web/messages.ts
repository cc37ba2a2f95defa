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
  tags: string[];
  /** Frames of 16 ms that one answer is about. */
  segmentFrames: number;
}

export interface StreamOptions {
  sampleRate: number;
  channels: number;
  hopFrames: number;
  keepTail: boolean;
}

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
  heard: { seconds: number; nonFinite: number };
}

export type Request =
  | { kind: 'load'; wasm: WebAssembly.Module; model: Uint8Array }
  | { kind: 'open'; stream: number; options: StreamOptions }
  | { kind: 'push'; stream: number; planes: Float32Array[] }
  | { kind: 'finish'; stream: number }
  | { kind: 'close'; stream: number };

export interface Replies {
  load: ModelFacts;
  open: undefined;
  push: Scored;
  finish: Scored;
  close: undefined;
}

export type ReplyTo<R extends Request> = Replies[R['kind']];

export interface Envelope {
  id: number;
  request: Request;
}

export type Answer =
  { id: number; reply: Replies[keyof Replies] } | { id: number; error: { code: ErrorCode; message: string } };
