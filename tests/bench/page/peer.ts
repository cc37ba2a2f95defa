/** What the general runtimes have in common: they score one segment at a time. */
import { fetchSegments, type Contender, type Task } from './contender.ts';

/** Scores one segment. */
export type Score = (segment: Float32Array) => Promise<Float32Array>;

export abstract class Peer implements Contender {
  private readonly sessions = new Map<string, Score>();
  private readonly inputs = new Map<string, Float32Array[]>();

  /** Loads build/bench/graphs/NAME.* and readies it for one thread and segments of this time and mel. */
  protected abstract load(graph: string, shape: [number, number]): Promise<Score>;

  async prepare(task: Task): Promise<void> {
    const graph = graphOf(task);
    if (!this.sessions.has(graph)) this.sessions.set(graph, await this.load(graph, task.shape));
    if (!this.inputs.has(task.input)) this.inputs.set(task.input, await fetchSegments(task));
  }

  async scores(task: Task): Promise<number[][]> {
    const { score, segments } = this.ready(task);
    const rows: number[][] = [];
    for (const segment of segments) rows.push([...(await score(segment))]);
    return rows;
  }

  async run(task: Task, least: number): Promise<number> {
    const { score, segments } = this.ready(task);
    const start = performance.now();
    let count = 0;
    for (; performance.now() - start < least; count++) await score(segments[count % segments.length]!);
    return count;
  }

  private ready(task: Task): { score: Score; segments: Float32Array[] } {
    return { score: this.sessions.get(graphOf(task))!, segments: this.inputs.get(task.input)! };
  }
}

function graphOf({ model, form }: Task): string {
  return `${model}-${form}`;
}
