/** A range of a recording's segments being tagged by the core, from frames. Its time begins at its first frame. */
import type { Frames, Scored } from '../messages.ts';
import { FrameBlock } from './frame-block.ts';
import type { Core } from './core.ts';
import type { Pulled } from './pulled.ts';
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
    this.feed(frames, pulled);
    return this.scored(pulled);
  }

  /** Returns the segments of a range whose frames are all here. */
  tag(frames: Frames): Scored {
    const pulled = this.gather();
    this.feed(frames, pulled);
    this.end(pulled);
    return this.scored(pulled);
  }

  private feed(frames: Frames, pulled: Pulled): void {
    const { tg_tagger_push_frames } = this.core.exports;
    this.input.feed(frames, (rows, loudness, count) =>
      this.pullAfter(tg_tagger_push_frames(this.tagger, rows, loudness, count), pulled),
    );
  }

  override free(): void {
    super.free();
    this.input.free();
  }
}
