/** How far two models with the same tags agree about a song, and where least. */
import type { Segment } from '../taggram.ts';
import type { Scores } from './raster.ts';

/** How many of a segment's strongest tags are compared. */
export const STRONGEST = 5;

/** Grows with the two: it is over the segments that both have answered and neither calls silent. */
export class Agreement {
  counted = 0;
  /** The segment in which scores are furthest apart. */
  furthest: Segment | undefined;
  private largest = -1;
  private compared = 0;
  private inCommon = 0;
  private readonly moments = new Moments();

  constructor(
    private readonly first: () => Scores,
    private readonly second: () => Scores,
  ) {}

  /** Takes what has come since. */
  update(): void {
    const [a, b] = [this.first(), this.second()];
    const end = Math.min(a.segments.length, b.segments.length);
    for (; this.compared < end; this.compared++) {
      const index = this.compared;
      const segment = a.segments[index]!;
      if (!segment.silent && !b.segments[index]!.silent) this.add(segment, a.rows[index]!, b.rows[index]!);
    }
  }

  /** How many of the strongest tags of a segment are the same, on average. */
  get common(): number {
    return this.inCommon / this.counted;
  }

  /** Pearson's, over all scores; NaN where one model's never change. */
  get correlation(): number {
    return this.moments.correlation;
  }

  private add(segment: Segment, one: ArrayLike<number>, other: ArrayLike<number>): void {
    const others = strongest(other);
    this.inCommon += strongest(one).filter((tag) => others.includes(tag)).length;
    this.counted++;
    let distance = 0;
    for (let tag = 0; tag < one.length; tag++) {
      this.moments.add(one[tag]!, other[tag]!);
      distance += Math.abs(one[tag]! - other[tag]!);
    }
    if (distance > this.largest) [this.largest, this.furthest] = [distance, segment];
  }
}

/** Sums over pairs of numbers. */
class Moments {
  private n = 0;
  private x = 0;
  private y = 0;
  private xx = 0;
  private yy = 0;
  private xy = 0;

  add(x: number, y: number): void {
    this.n++;
    this.x += x;
    this.y += y;
    this.xx += x * x;
    this.yy += y * y;
    this.xy += x * y;
  }

  get correlation(): number {
    const { n, x, y, xx, yy, xy } = this;
    return (n * xy - x * y) / Math.sqrt((n * xx - x * x) * (n * yy - y * y));
  }
}

/** Without sorting all: a long song has many segments. */
function strongest(row: ArrayLike<number>): number[] {
  const found: number[] = [];
  for (let tag = 0; tag < row.length; tag++) {
    let place = found.length;
    while (place > 0 && row[tag]! > row[found[place - 1]!]!) place--;
    if (place >= STRONGEST) continue;
    found.splice(place, 0, tag);
    found.length = Math.min(found.length, STRONGEST);
  }
  return found;
}
