/** What a page of the benchmark offers to the program that measures it. */

export type Form = 'full' | 'pruned';

/** What is done: PCM to scores, log-mel to scores, PCM to log-mel. The names are those of native/bench.c. */
export type Work = 'tag' | 'score' | 'listen';

export interface Task {
  model: string;
  work: Work;
  /** Of the graph that a peer is given. */
  form: Form;
  /** Frames from one segment to the next. */
  hop: number;
  /** Raw float32, a path in the repository: PCM, or where `work` is "score" whole segments of what the model hears. */
  input: string;
  /** Time and mel of a segment, as peers take it. */
  shape: [number, number];
  /** Of PCM, in Hz. */
  sampleRate: number;
}

/** What a core with a clock tells of a run. */
export interface Clock {
  segments: number;
  /** By kind of work. */
  seconds: Record<string, number>;
}

export interface Contender {
  /** Takes the task's files, once; both others want this before. */
  prepare(task: Task): Promise<void>;
  /** Of each segment of the input. */
  scores(task: Task): Promise<number[][]>;
  /** Works for at least so many milliseconds; returns how many segments were done. */
  run(task: Task, least: number): Promise<number>;
}

export const SEGMENT_FRAMES = 187;
export const BANDS = 96;

/** Served from the repository's root. */
export function address(path: string): string {
  return new URL(`../../../${path}`, location.href).href;
}

export async function fetchBytes(path: string): Promise<Uint8Array> {
  const response = await fetch(address(path));
  if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The segments of an input, side by side. */
export async function fetchSegments({ input, shape: [time, mel] }: Task): Promise<Float32Array[]> {
  const size = time * mel;
  const all = new Float32Array((await fetchBytes(input)).buffer as ArrayBuffer);
  return Array.from({ length: Math.floor(all.length / size) }, (_, i) =>
    all.subarray(i * size, (i + 1) * size),
  );
}
