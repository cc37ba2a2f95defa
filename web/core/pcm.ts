/** The way of decoded audio into the core. `free()` gives its memory back. */
import { TaggramError } from '../errors.ts';
import { Block } from './block.ts';
import { FLOAT_SIZE, POINTER_SIZE, type Core } from './core.ts';

/** Samples of each channel copied into the module at a time: bounds its memory, large enough to make calls rare. */
const ROOM = 1 << 14;

export class PcmInput {
  private readonly block: Block<'pcm' | 'planes'>;

  constructor(
    private readonly core: Core,
    private readonly channels: number,
  ) {
    this.block = new Block(core, { pcm: channels * ROOM * FLOAT_SIZE, planes: channels * POINTER_SIZE });
  }

  /**
   * planes[channel][sample], full scale -1 .. 1, of any length. `take` is given pointers to as many planes, and how
   * long they are; it returns how much it took, and is given the rest again.
   */
  feed(planes: readonly Float32Array[], take: (planes: number, count: number) => number): void {
    const length = planes[0]?.length ?? 0;
    if (planes.length !== this.channels || planes.some((plane) => plane.length !== length))
      throw new TaggramError(
        'bad-option',
        `This stream takes ${this.channels} channels of equal length at a time.`,
      );
    for (let at = 0; at < length; at += ROOM) {
      const count = Math.min(ROOM, length - at);
      this.copyIn(planes, at, count);
      for (let done = 0; done < count;) {
        this.point(done);
        done += take(this.block.at.planes, count - done);
      }
    }
  }

  free(): void {
    this.block.free();
  }

  private copyIn(planes: readonly Float32Array[], from: number, count: number): void {
    planes.forEach((plane, channel) => {
      this.core.floats(this.plane(channel), count).set(plane.subarray(from, from + count));
    });
  }

  /** Has the pointers point at this sample of what was copied in. */
  private point(sample: number): void {
    const view = this.core.view();
    for (let channel = 0; channel < this.channels; channel++)
      view.setUint32(
        this.block.at.planes + channel * POINTER_SIZE,
        this.plane(channel) + sample * FLOAT_SIZE,
        true,
      );
  }

  private plane(channel: number): number {
    return this.block.at.pcm + channel * ROOM * FLOAT_SIZE;
  }
}
