/** Makes a recording's frames from PCM. `free()` gives its memory back. */
import { secondsToFrames } from '../frames.ts';
import { GatheredFrames } from '../made-frames.ts';
import type { Made, StreamOptions } from '../messages.ts';
import { Block } from './block.ts';
import type { Core } from './core.ts';
import { FrameBlock } from './frame-block.ts';
import { HEARD, readHeard } from './heard.ts';
import { PcmInput } from './pcm.ts';

/** Frames that may be made of a piece beyond those that it is long: what was left of the piece before. */
const EXTRA = 2;

export class FrameMaker {
  private readonly input: PcmInput;
  private readonly output: FrameBlock;
  private readonly block: Block<'heard'>;

  constructor(
    private readonly core: Core,
    private readonly frames: number,
    private readonly options: StreamOptions,
    private readonly frameWidth: number,
  ) {
    this.input = new PcmInput(core, options.channels);
    this.output = new FrameBlock(core, frameWidth);
    this.block = new Block(core, { heard: HEARD.size });
  }

  /** planes[channel][sample], full scale -1 .. 1, of any length. Returns the frames that became complete. */
  push(planes: readonly Float32Array[]): Made {
    const seconds = (planes[0]?.length ?? 0) / this.options.sampleRate;
    const made = new GatheredFrames(this.frameWidth, secondsToFrames(seconds) + EXTRA);
    this.input.feed(planes, (pointers, count) => {
      const taken = this.core.exports.tg_frames_push(this.frames, pointers, count);
      if (taken < 0) throw this.core.error(taken);
      this.pullInto(made);
      return taken;
    });
    return this.told(made);
  }

  /** The audio has ended: returns the last frames. */
  finish(): Made {
    const code = this.core.exports.tg_frames_finish(this.frames);
    if (code < 0) throw this.core.error(code);
    const made = new GatheredFrames(this.frameWidth, 0);
    this.pullInto(made);
    return this.told(made);
  }

  free(): void {
    this.core.exports.tg_frames_free(this.frames);
    this.input.free();
    this.output.free();
    this.block.free();
  }

  private pullInto(made: GatheredFrames): void {
    this.output.drain(
      (rows, loudness, room) => this.core.exports.tg_frames_pull(this.frames, rows, loudness, room),
      made,
    );
  }

  private told(made: GatheredFrames): Made {
    const { heard } = this.block.at;
    this.core.exports.tg_frames_heard(heard, this.frames);
    const { repeated, ...rest } = readHeard(this.core, heard);
    return { frames: made.all, heard: rest, repeated };
  }
}
