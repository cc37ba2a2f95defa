/** Memory of the core, taken as one block and laid out by name. */
import type { Core } from './core.ts';

/** Doubles may lie anywhere in it. */
const ALIGNMENT = 8;

export class Block<Name extends string> {
  private readonly start: number;
  readonly at = {} as Readonly<Record<Name, number>>;

  /** `sizes` in bytes. */
  constructor(
    private readonly core: Core,
    sizes: Record<Name, number>,
  ) {
    let size = 0;
    const offsets = Object.entries<number>(sizes).map(([name, bytes]) => {
      const offset = size;
      size += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
      return [name, offset] as const;
    });
    this.start = core.allocate(size);
    this.at = Object.fromEntries(offsets.map(([name, offset]) => [name, this.start + offset])) as Record<
      Name,
      number
    >;
  }

  free(): void {
    this.core.exports.free(this.start);
  }
}
