/** Models that were asked for: each is loaded once, when it is first wanted. */
import { createTagger, TaggramError, type Tagger } from '../taggram.ts';
import { arrivedDamaged } from './sentences.ts';

export class Shelf {
  private readonly taggers = new Map<string, Promise<Tagger>>();
  private readonly loaded = new Set<string>();
  private readonly fractions = new Map<string, number | null>();

  /** `onLoad` is told while any model comes, `onLoaded` when it is here. */
  constructor(
    private readonly onLoad: () => void,
    private readonly onLoaded: (name: string) => void,
  ) {}

  tagger(name: string): Promise<Tagger> {
    let tagger = this.taggers.get(name);
    if (!tagger) {
      tagger = this.load(name);
      this.taggers.set(name, tagger);
    }
    return tagger;
  }

  isLoaded(name: string): boolean {
    return this.loaded.has(name);
  }

  /** The part of it that is here: 0 .. 1, or null where nobody can tell. */
  fraction(name: string): number | null {
    return this.fractions.get(name) ?? null;
  }

  private async load(name: string): Promise<Tagger> {
    try {
      const onLoad = (fraction: number | null) => {
        this.fractions.set(name, fraction);
        this.onLoad();
      };
      const tagger = await createTagger({ model: name, onLoad });
      this.loaded.add(name);
      this.onLoaded(name);
      return tagger;
    } catch (error) {
      this.taggers.delete(name); // it may be asked for again
      const isDamaged = error instanceof TaggramError && error.code === 'bad-model';
      throw isDamaged ? new TaggramError(error.code, arrivedDamaged(name), { cause: error }) : error;
    }
  }
}
