/** The strongest answer of 2, 4, 8 ... neighbouring segments, so that a long song seen from afar is drawn by the pixel. */

/** Blocks of the last level are of 2^20 segments: a song of a day and more. */
export const LEVELS = 20;

export class Levels {
  /** [level - 1][block * tagCount + tag]; NaN where all is silent. */
  private readonly blocks: Float32Array[] = Array.from({ length: LEVELS }, () => new Float32Array(0));

  constructor(private readonly tagCount: number) {}

  /** Takes the next segment's answer; a silent one has none. */
  add(index: number, row: ArrayLike<number> | null): void {
    for (let level = 1; level <= LEVELS; level++) {
      const at = (index >> level) * this.tagCount;
      if (!this.raise(level, at, row)) return; // longer blocks hold what is as strong
    }
  }

  /** NaN where all of the block is silent. */
  strongest(level: number, block: number, tag: number): number {
    return this.blocks[level - 1]![block * this.tagCount + tag]!;
  }

  /** Keeps in `into` whichever is stronger for each tag, what is there or the block. */
  merge(level: number, block: number, into: Float32Array): void {
    keepStronger(this.blocks[level - 1]!, block * this.tagCount, into);
  }

  /** Returns whether anything is stronger than before. */
  private raise(level: number, at: number, row: ArrayLike<number> | null): boolean {
    let blocks = this.blocks[level - 1]!;
    let changed = false;
    if (at >= blocks.length) {
      blocks = this.blocks[level - 1] = grown(blocks, at + this.tagCount);
      changed = true;
    }
    for (let tag = 0; row && tag < this.tagCount; tag++) {
      if (!isStronger(row[tag]!, blocks[at + tag]!)) continue;
      blocks[at + tag] = row[tag]!;
      changed = true;
    }
    return changed;
  }
}

/** Of each tag, from a place in `values` on; NaN is weaker than all. */
export function keepStronger(values: ArrayLike<number>, from: number, into: Float32Array): void {
  for (let tag = 0; tag < into.length; tag++) {
    const value = values[from + tag]!;
    if (isStronger(value, into[tag]!)) into[tag] = value;
  }
}

/** Whichever sign they have: differences have one. */
export function isStronger(value: number, than: number): boolean {
  return Math.abs(value) > Math.abs(than) || than !== than; // NaN, the only number that is not itself
}

/** Longer by more than is asked for: the next will come soon. */
function grown(array: Float32Array, length: number): Float32Array {
  const longer = new Float32Array(Math.max(length, 2 * array.length)).fill(NaN);
  longer.set(array);
  return longer;
}
