/** The way of frames into the core and out of it. `free()` gives its memory back. */
import { frameCount, LOUDNESS_WIDTH, sliceFrames, type GatheredFrames } from '../made-frames.ts';
import type { Frames } from '../messages.ts';
import { Block } from './block.ts';
import { DOUBLE_SIZE, FLOAT_SIZE, type Core } from './core.ts';

/** Frames at a time: bounds the memory, large enough to make calls rare. */
const ROOM = 64;

export class FrameBlock {
  private readonly block: Block<'rows' | 'loudness'>;

  constructor(
    private readonly core: Core,
    /** Values of a frame. */
    private readonly width: number,
  ) {
    this.block = new Block(core, {
      rows: ROOM * width * FLOAT_SIZE,
      loudness: ROOM * LOUDNESS_WIDTH * DOUBLE_SIZE,
    });
  }

  /** `take` is given pointers to some frames and returns how many it took; it is given the rest again. */
  feed(frames: Frames, take: (rows: number, loudness: number, count: number) => number): void {
    const { rows, loudness } = this.block.at;
    for (let at = 0; at < frameCount(frames); at += ROOM) {
      const piece = sliceFrames(frames, at, at + ROOM);
      const count = frameCount(piece);
      this.core.floats(rows, piece.rows.length).set(piece.rows);
      this.core.doubles(loudness, piece.loudness.length).set(piece.loudness);
      for (let done = 0; done < count;)
        done += take(
          rows + done * this.width * FLOAT_SIZE,
          loudness + done * LOUDNESS_WIDTH * DOUBLE_SIZE,
          count - done,
        );
    }
  }

  /** Gathers frames until `give`, which is told how many there is room for, gives none. */
  drain(give: (rows: number, loudness: number, room: number) => number, gathered: GatheredFrames): void {
    const { rows, loudness } = this.block.at;
    for (let count; (count = give(rows, loudness, ROOM)) > 0;)
      gathered.add({
        rows: this.core.floats(rows, count * this.width),
        loudness: this.core.doubles(loudness, count * LOUDNESS_WIDTH),
      });
  }

  free(): void {
    this.block.free();
  }
}
