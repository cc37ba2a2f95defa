/** What is known of a song that is being tagged, as it grows. */
import { rankTags, type Scored, type Segment } from '../taggram.ts';
import type { Scores } from './raster.ts';

export class Song {
  private readonly segments: Segment[] = [];
  private readonly rows: Float32Array[] = [];
  means: Float32Array;
  /** Segments that the means are over: those that are not silent. */
  counted = 0;

  /** `duration` seconds of audio, of which every `hop` seconds are to be told something. */
  constructor(
    private readonly tagCount: number,
    readonly duration: number,
    readonly hop: number,
  ) {
    this.means = new Float32Array(tagCount);
  }

  add({ segments, scores, means, counted }: Scored): void {
    segments.forEach((segment, index) => {
      this.segments.push(segment);
      this.rows.push(scores.subarray(index * this.tagCount, (index + 1) * this.tagCount));
    });
    this.means = means;
    this.counted = counted;
  }

  get scores(): Scores {
    return { segments: this.segments, rows: this.rows, tagCount: this.tagCount, hop: this.hop };
  }

  /** Tags, highest mean first. */
  ranking(): number[] {
    return rankTags(this.means);
  }

  get hasSilence(): boolean {
    return this.segments.some(({ silent }) => silent);
  }

  get isPadded(): boolean {
    return this.segments.some(({ padded }) => padded);
  }

  /** Seconds at the end that no segment has reached. */
  get unheard(): number {
    const last = this.segments[this.segments.length - 1];
    return Math.max(0, this.duration - (last?.end ?? 0));
  }

  score(segment: number, tag: number): number {
    return this.rows[segment]![tag]!;
  }
}
