/** Gathers the segments of one call, with their scores and the features that were asked for. */
import type { Feature, Features, Segment } from '../messages.ts';

export class Pulled {
  readonly segments: Segment[] = [];
  private readonly rows: Float32Array[] = [];
  private readonly pieces: Map<string, Feature[]>;

  constructor(
    private readonly tagCount: number,
    names: readonly string[],
    private readonly read: (name: string) => Feature,
    private readonly onSegment?: (segment: Segment) => void,
  ) {
    this.pieces = new Map(names.map((name) => [name, []]));
  }

  add(segment: Segment, scores: Float32Array): void {
    this.segments.push(segment);
    this.rows.push(scores.slice());
    for (const [name, pieces] of this.pieces) pieces.push(this.read(name));
    this.onSegment?.(segment);
  }

  scores(): Float32Array {
    const all = new Float32Array(this.rows.length * this.tagCount);
    this.rows.forEach((row, index) => all.set(row, index * this.tagCount));
    return all;
  }

  /** [segments, ...shape] of each name; undefined when none was asked for, or no segment came. */
  get features(): Features | undefined {
    if (this.pieces.size === 0 || this.segments.length === 0) return undefined;
    return Object.fromEntries([...this.pieces].map(([name, pieces]) => [name, stack(pieces)]));
  }
}

function stack(pieces: readonly Feature[]): Feature {
  const { shape, data } = pieces[0]!;
  const all = new Float32Array(pieces.length * data.length);
  pieces.forEach((piece, index) => all.set(piece.data, index * data.length));
  return { shape: [pieces.length, ...shape], data: all };
}
