/** Makes a recording's frames from PCM. `free()` gives its memory back. */
import { joinFrames } from '../made-frames.ts';
import type { Frames, Made } from '../messages.ts';
import { Block } from './block.ts';
import type { Core } from './core.ts';
import { FrameBlock } from './frame-block.ts';
import { HEARD, readHeard } from './heard.ts';
import { PcmInput } from './pcm.ts';

export class FrameMaker {
  private readonly input: PcmInput;
  private readonly output: FrameBlock;
  private readonly block: Block<'heard'>;

  constructor(
    private readonly core: Core,
    private readonly frames: number,
    channels: number,
    frameWidth: number,
  ) {
    this.input = new PcmInput(core, channels);
    this.output = new FrameBlock(core, frameWidth);
    this.block = new Block(core, { heard: HEARD.size });
  }

  /** planes[channel][sample], full scale -1 .. 1, of any length. Returns the frames that became complete. */
  push(planes: readonly Float32Array[]): Made {
    const pieces: Frames[] = [];
    this.input.feed(planes, (pointers, count) => {
      const taken = this.core.exports.tg_frames_push(this.frames, pointers, count);
      if (taken < 0) throw this.core.error(taken);
      pieces.push(this.pull());
      return taken;
    });
    return this.made(pieces);
  }

  /** The audio has ended: returns the last frames. */
  finish(): Made {
    const code = this.core.exports.tg_frames_finish(this.frames);
    if (code < 0) throw this.core.error(code);
    return this.made([this.pull()]);
  }

  free(): void {
    this.core.exports.tg_frames_free(this.frames);
    this.input.free();
    this.output.free();
    this.block.free();
  }

  private pull(): Frames {
    return this.output.drain((rows, loudness, room) =>
      this.core.exports.tg_frames_pull(this.frames, rows, loudness, room),
    );
  }

  private made(pieces: readonly Frames[]): Made {
    const { heard } = this.block.at;
    this.core.exports.tg_frames_heard(heard, this.frames);
    const { repeated, ...told } = readHeard(this.core, heard);
    return { frames: joinFrames(pieces), heard: told, repeated };
  }
}
