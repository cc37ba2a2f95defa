/** The result for one recording: the same JSON that the native program writes. */
import { framesToSeconds } from './frames.ts';
import { endToEnd } from './end-to-end.ts';
import type { Feature, Features, ModelFacts, Scored, Segment } from './messages.ts';

export interface TagScore {
  tag: string;
  score: number;
}

export interface TaggedFile {
  file: string;
  model: string;
  version: string;
  /** Hz, the file's own. */
  sample_rate: number;
  /** Seconds of audio heard. */
  duration: number;
  /** Seconds from one segment's start to the next. */
  hop: number;
  /** Seconds that one segment lasts. */
  length: number;
  tags: string[];
  /** The lists that the tags are of, in order; absent where the model has none. */
  lists?: { name: string; tags: number }[];
  segments: Segment[];
  /** [segments][tags], 0 .. 1 */
  taggram: number[][];
  /** The strongest tags by mean score over the segments that are not silent; empty if all are. */
  top: TagScore[];
  /** Sentences, worded as the native program words them. */
  warnings: string[];
}

export interface TagResult extends TaggedFile {
  /** The intermediates that were asked for, each [segments, ...shape]. */
  features?: Features;
}

/** What a result tells besides what the engine answered. */
export interface RunFacts {
  file: string;
  sampleRate: number;
  segmentFrames: number;
  hopFrames: number;
  /** How many tags `top` lists. */
  top: number;
  warnings: string[];
}

/** Rows of a flat [rows][columns] array. */
export function rowsOf(flat: Float32Array, columns: number): number[][] {
  return Array.from({ length: flat.length / columns }, (_, row) => [
    ...flat.subarray(row * columns, (row + 1) * columns),
  ]);
}

/** Tag indices, highest mean first; equal means keep the model's order. */
export function rankTags(means: ArrayLike<number>): number[] {
  return Array.from(means, (_, tag) => tag).sort((a, b) => means[b]! - means[a]! || a - b);
}

function topTags(tags: string[], { means, counted }: Scored, count: number): TagScore[] {
  if (counted === 0) return [];
  return rankTags(means)
    .slice(0, count)
    .map((tag) => ({ tag: tags[tag]!, score: means[tag]! }));
}

export function taggedFile(model: ModelFacts, run: RunFacts, parts: Scored[]): TagResult {
  const last = parts[parts.length - 1]!;
  return {
    file: run.file,
    model: model.name,
    version: model.version,
    sample_rate: run.sampleRate,
    duration: last.heard.seconds,
    hop: framesToSeconds(run.hopFrames),
    length: framesToSeconds(run.segmentFrames),
    tags: model.tags,
    ...listed(model),
    segments: parts.flatMap((part) => part.segments),
    taggram: parts.flatMap((part) => rowsOf(part.scores, model.tags.length)),
    top: topTags(model.tags, last, run.top),
    warnings: run.warnings,
    ...joined(parts.flatMap(({ features }) => (features ? [features] : []))),
  };
}

function listed({ lists, tags }: ModelFacts): Pick<TaggedFile, 'lists'> {
  if (lists.length === 0) return {};
  return { lists: lists.map((name) => ({ name, tags: tags.length / lists.length })) };
}

function joined(parts: Features[]): { features?: Features } {
  if (parts.length === 0) return {};
  const names = Object.keys(parts[0]!);
  return {
    features: Object.fromEntries(names.map((name) => [name, join(parts.map((part) => part[name]!))])),
  };
}

/** Lays arrays end to end along their first dimension. */
function join(parts: Feature[]): Feature {
  const data = endToEnd(
    Float32Array,
    parts.map((part) => part.data),
  );
  const count = parts.reduce((sum, { shape }) => sum + shape[0]!, 0);
  return { shape: [count, ...parts[0]!.shape.slice(1)], data };
}
