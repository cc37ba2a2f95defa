/** What one model answers less what another does, for the tags that both know by the same name. */
import { Scores } from './raster.ts';

interface Answers {
  tags: readonly string[];
  /** As far as they have come. */
  scores(): Scores;
}

export function sharedTags(first: readonly string[], second: readonly string[]): string[] {
  return first.filter((tag) => second.includes(tag));
}

/** Grows with the two: only segments that both have answered, with the same hop, can be compared. */
export class Difference {
  readonly tags: readonly string[];
  private readonly pairs: [number, number][];
  private grown: Scores | undefined;
  private readonly sums: Float64Array;
  /** Segments that distances are over: those that are not silent. */
  counted = 0;

  constructor(
    private readonly first: Answers,
    private readonly second: Answers,
  ) {
    this.tags = sharedTags(first.tags, second.tags);
    this.pairs = this.tags.map((tag) => [first.tags.indexOf(tag), second.tags.indexOf(tag)]);
    this.sums = new Float64Array(this.tags.length);
  }

  /** The second's scores less the first's, as far as both have come. */
  get scores(): Scores {
    const [a, b] = [this.first.scores(), this.second.scores()];
    const end = Math.min(a.segments.length, b.segments.length);
    this.grown ??= new Scores(this.tags.length, a.hop);
    while (this.grown.segments.length < end) this.add(this.grown, a, b);
    return this.grown;
  }

  /** How far apart the two are for each tag, whichever is higher: the mean over the segments that are not silent. */
  distances(): number[] {
    return Array.from(this.sums, (sum) => (this.counted > 0 ? sum / this.counted : 0));
  }

  private add(to: Scores, a: Scores, b: Scores): void {
    const index = to.segments.length;
    const row = Float32Array.from(this.pairs, ([i, j]) => b.rows[index]![j]! - a.rows[index]![i]!);
    const silent = a.segments[index]!.silent || b.segments[index]!.silent;
    to.add({ ...a.segments[index]!, silent }, row);
    if (silent) return;
    this.counted++;
    row.forEach((value, tag) => (this.sums[tag]! += Math.abs(value)));
  }
}
