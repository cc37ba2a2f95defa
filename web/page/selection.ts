/** Tags chosen to be seen as lines: each keeps its colour for as long as it is chosen. */

/** As many as eyes can follow, and as there are colours. */
export const MOST_LINES = 6;

export class Selection {
  private readonly slots = new Map<string, number>();

  get names(): string[] {
    return [...this.slots.keys()];
  }

  /** Which of the colours it has; undefined when it is not chosen. */
  slot(name: string): number | undefined {
    return this.slots.get(name);
  }

  /**
   * Chooses it, or lets it go. Returns false when there is no room for one more: tags that no taggram shows now, such as
   * another model's, make room.
   */
  toggle(name: string, shown: ReadonlySet<string>): boolean {
    if (this.slots.delete(name)) return true;
    if (this.slots.size === MOST_LINES) {
      const unseen = this.names.find((chosen) => !shown.has(chosen));
      if (unseen === undefined) return false;
      this.slots.delete(unseen);
    }
    const taken = new Set(this.slots.values());
    let slot = 0;
    while (taken.has(slot)) slot++;
    this.slots.set(name, slot);
    return true;
  }
}
