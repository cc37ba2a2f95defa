/** Keeps what listenings came to, so that nothing is computed twice and the next visit finds it again. */
import type { Listening, Run } from '../run.ts';
import { Store, type Entry, type FileIdentity, type Settings, type Taggram } from './store.ts';

/** What a segment takes besides its scores, about. */
const SEGMENT_BYTES = 60;

export class Keeper {
  private readonly store = Store.open();

  /** `onFull` is told of a song that there is no room for. */
  constructor(private readonly onFull: (song: FileIdentity) => void) {}

  /** What is kept from earlier visits, the latest first. */
  async list(): Promise<Entry[]> {
    return (await this.ask((store) => store.list())) ?? [];
  }

  async find(run: Run, listening: Listening): Promise<Taggram | undefined> {
    return this.ask((store) => store.taggram({ ...run.identity, ...settingsOf(listening) }));
  }

  /** Undefined where it can't be kept, or is already. */
  async keep({ identity, facts, peaks }: Run, listening: Listening): Promise<Entry | undefined> {
    const store = await this.store;
    const { result, song } = listening;
    if (!store || !result || !song || listening.isKept) return undefined;
    const { taggram: _, ...rest } = result;
    const scores = song.flat();
    const { duration, top, segments } = result;
    const outline = peaks?.outline();
    const bytes = scores.byteLength + segments.length * SEGMENT_BYTES + (outline?.ends.byteLength ?? 0);
    const entry = { ...identity, ...settingsOf(listening), at: Date.now(), facts, duration, top, bytes };
    try {
      const heard = { result: rest, scores, means: song.means, counted: song.counted };
      await store.keep(entry, { ...heard, ...(outline && { outline }) });
      return entry;
    } catch (error) {
      if ((error as Error).name === 'QuotaExceededError') this.onFull(identity);
      return undefined;
    }
  }

  async forget(of: FileIdentity): Promise<void> {
    await this.ask((store) => store.remove(of));
  }

  /** Undefined where the store fails, as when its data was cleared: songs are tagged all the same. */
  private async ask<T>(question: (store: Store) => Promise<T>): Promise<T | undefined> {
    const store = await this.store;
    return store && question(store).catch(() => undefined);
  }
}

function settingsOf({ model, hopFrames }: Listening): Settings {
  return { model: model.name, version: model.version, hopFrames };
}
