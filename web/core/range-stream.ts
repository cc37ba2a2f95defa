/** A range of a recording's segments being tagged by the core, from frames. Its time begins at its first frame. */
import type { Frames, Scored } from '../messages.ts';
import { FrameBlock } from './frame-block.ts';
import type { Core } from './core.ts';
import { Segments } from './segments.ts';

export class RangeStream extends Segments {
  private readonly input: FrameBlock;

  constructor(
    core: Core,
    tagger: number,
    tagCount: number,
    frameWidth: number,
    features?: readonly string[],
  ) {
    super(core, tagger, tagCount, features);
    this.input = new FrameBlock(core, frameWidth);
  }

  /** Returns the segments that became complete. */
  push(frames: Frames): Scored {
    const pulled = this.gather();
    const { tg_tagger_push_frames } = this.core.exports;
    this.input.feed(frames, (rows, loudness, count) =>
      this.pullAfter(tg_tagger_push_frames(this.tagger, rows, loudness, count), pulled),
    );
    return this.scored(pulled);
  }

  override free(): void {
    super.free();
    this.input.free();
  }
}
