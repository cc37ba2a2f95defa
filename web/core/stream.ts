/** One recording being tagged by the core, from PCM. */
import type { Scored } from '../messages.ts';
import type { Core } from './core.ts';
import { PcmInput } from './pcm.ts';
import { Segments, type OnSegment } from './segments.ts';

export class Stream extends Segments {
  private readonly input: PcmInput;

  constructor(core: Core, tagger: number, channels: number, tagCount: number, features?: readonly string[]) {
    super(core, tagger, tagCount, features);
    this.input = new PcmInput(core, channels);
  }

  /** planes[channel][sample], full scale -1 .. 1, of any length. Returns the segments that became complete. */
  push(planes: readonly Float32Array[], onSegment?: OnSegment): Scored {
    const pulled = this.gather(onSegment);
    this.input.feed(planes, (pointers, count) =>
      this.pullAfter(this.core.exports.tg_tagger_push(this.tagger, pointers, count), pulled),
    );
    return this.scored(pulled);
  }

  override free(): void {
    super.free();
    this.input.free();
  }
}
