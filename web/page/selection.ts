/** Tags chosen to be seen as lines: each keeps its colour for as long as it is chosen. */

/** As many as eyes can follow, and as there are colours. */
export const MOST_LINES = 6;

export class Selection {
  private readonly slots = new Map<string, number>();

  get names(): string[] {
    return [...this.slots.keys()];
  }

  get isEmpty(): boolean {
    return this.slots.size === 0;
  }

  /** Which of the colours it has; undefined when it is not chosen. */
  slot(name: string): number | undefined {
    return this.slots.get(name);
  }

  /** Chooses it, or lets it go. Returns false when there is no room for one more. */
  toggle(name: string): boolean {
    if (this.slots.delete(name)) return true;
    if (this.slots.size === MOST_LINES) return false;
    const taken = new Set(this.slots.values());
    let slot = 0;
    while (taken.has(slot)) slot++;
    this.slots.set(name, slot);
    return true;
  }

  clear(): void {
    this.slots.clear();
  }
}
