/** A song's frames as they are made, for those who wait for them. */
import { frameCount, joinFrames, sliceFrames } from './made-frames.ts';
import type { Frames } from './messages.ts';

export class FrameStore {
  /** How many have come. */
  count = 0;
  private pieces: { first: number; frames: Frames }[] = [];
  private ended = false;
  private waiting: (() => void)[] = [];

  /** How many are here. */
  get kept(): number {
    return this.count - (this.pieces[0]?.first ?? this.count);
  }

  add(frames: Frames): void {
    this.pieces.push({ first: this.count, frames });
    this.count += frameCount(frames);
    this.wake();
  }

  /** No more will come. */
  end(): void {
    this.ended = true;
    this.wake();
  }

  /** Resolves when so many have come, or no more will. */
  async until(count: number): Promise<void> {
    while (this.count < count && !this.ended)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** A copy of the frames from `from` until before `to`. */
  copy(from: number, to: number): Frames {
    const touched = this.pieces.filter(
      ({ first, frames }) => first < to && first + frameCount(frames) > from,
    );
    return joinFrames(
      touched.map(({ first, frames }) => sliceFrames(frames, Math.max(0, from - first), to - first)),
    );
  }

  /** Nobody will want those before this one. */
  forget(before: number): void {
    this.pieces = this.pieces.filter(({ first, frames }) => first + frameCount(frames) > before);
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
