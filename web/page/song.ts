/** What is known of a song that is being tagged, as it grows. */
import { rankTags, type Scored } from '../taggram.ts';
import { Scores } from './raster.ts';

export class Song {
  readonly scores: Scores;
  means: Float32Array;
  /** Segments that the means are over: those that are not silent. */
  counted = 0;
  /** By their first tag. */
  private readonly parts = new Map<number, Song>();

  /** `duration` seconds of audio, of which every `hop` seconds are to be told something. */
  constructor(
    private readonly tagCount: number,
    public duration: number,
    hop: number,
  ) {
    this.scores = new Scores(tagCount, hop);
    this.means = new Float32Array(tagCount);
  }

  add({ segments, scores, means, counted }: Scored): void {
    segments.forEach((segment, index) =>
      this.scores.add(segment, scores.subarray(index * this.tagCount, (index + 1) * this.tagCount)),
    );
    this.means = means;
    this.counted = counted;
  }

  /** The same of some neighbouring tags alone, as far as it has come. */
  part(first: number, count: number): Song {
    const end = first + count;
    const part = this.parts.get(first) ?? new Song(count, this.duration, this.scores.hop);
    this.parts.set(first, part);
    const { segments, rows } = this.scores;
    for (let i = part.scores.segments.length; i < segments.length; i++)
      part.scores.add(segments[i]!, (rows[i] as Float32Array).subarray(first, end));
    return Object.assign(part, {
      duration: this.duration,
      means: this.means.subarray(first, end),
      counted: this.counted,
    });
  }

  /** All answers so far, of so many seconds heard. */
  scored(seconds: number): Scored {
    const { means, counted } = this;
    const { segments } = this.scores;
    return { segments: [...segments], scores: this.flat(), means, counted, heard: { seconds, nonFinite: 0 } };
  }

  /** [segments][tags], in one piece. */
  flat(): Float32Array {
    const { rows } = this.scores;
    const flat = new Float32Array(rows.length * this.tagCount);
    rows.forEach((row, segment) => flat.set(row, segment * this.tagCount));
    return flat;
  }

  /** Tags, highest mean first. */
  ranking(): number[] {
    return rankTags(this.means);
  }

  get hasSilence(): boolean {
    return this.scores.segments.some(({ silent }) => silent);
  }

  get isPadded(): boolean {
    return this.scores.segments.some(({ padded }) => padded);
  }

  /** Seconds at the end that no segment has reached. */
  get unheard(): number {
    const last = this.scores.segments[this.scores.segments.length - 1];
    return Math.max(0, this.duration - (last?.end ?? 0));
  }

  score(segment: number, tag: number): number {
    return this.scores.rows[segment]![tag]!;
  }
}
