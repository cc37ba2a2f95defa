/** A song's audio, for all who listen: what it looks like is told once. */
import type { PcmSource } from '../taggram.ts';

export class SongAudio implements PcmSource {
  /** How many pieces `onPiece` has been told. */
  private told = 0;

  /** Each piece is told to `onPiece` once, in order, before whoever listens has it. */
  constructor(
    private readonly source: PcmSource,
    private readonly onPiece: (planes: Float32Array[]) => void,
  ) {}

  get sampleRate(): number {
    return this.source.sampleRate;
  }

  get channels(): number {
    return this.source.channels;
  }

  get duration(): number {
    return this.source.duration;
  }

  get name(): string {
    return this.source.name ?? '';
  }

  get warnings(): readonly string[] {
    return this.source.warnings ?? [];
  }

  get givesAway(): boolean {
    return this.source.givesAway ?? false;
  }

  async *pieces(): AsyncGenerator<Float32Array[]> {
    let index = 0;
    for await (const planes of this.source.pieces()) {
      if (index === this.told) {
        this.told++;
        this.onPiece(planes);
      }
      index++;
      yield planes;
    }
  }
}
