/**
 * Songs that were tagged, kept between visits: what was heard in them, not their sound. The list of them is one table,
 * their taggrams, which are large, another, so that the list is read at once.
 */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPObjectStore } from 'idb';
import type { AudioFacts, TaggedFile, TagScore } from '../../taggram.ts';
import type { Outline } from '../peaks.ts';

/** A file is known again by these. */
export interface FileIdentity {
  name: string;
  size: number;
  /** When it was last changed, in milliseconds since 1970. */
  changed: number;
}

/** How it was tagged. */
export interface Settings {
  model: string;
  /** Version of the engine: another one may answer otherwise. */
  version: string;
  hopFrames: number;
}

export interface Entry extends FileIdentity, Settings {
  /** When it was tagged, in milliseconds since 1970. */
  at: number;
  facts: AudioFacts;
  /** Seconds of audio. */
  duration: number;
  /** The strongest tags. */
  top: TagScore[];
  /** Of its taggram, about. */
  bytes: number;
}

/** What one model heard in it. */
export interface Taggram {
  result: Omit<TaggedFile, 'taggram'>;
  /** [segments][tags] */
  scores: Float32Array;
  /** [tags] */
  means: Float32Array;
  /** Segments that the means are over. */
  counted: number;
  /** Of the sound, for its waveform. */
  outline?: Outline;
}

/** What a file and settings are kept under. */
type Key = string;

interface Tables extends DBSchema {
  songs: { key: Key; value: Entry; indexes: { at: number } };
  taggrams: { key: Key; value: Taggram };
}

type Table<Name extends 'songs' | 'taggrams'> = IDBPObjectStore<
  Tables,
  ('songs' | 'taggrams')[],
  Name,
  'readwrite'
>;

export class Store {
  private constructor(private readonly database: IDBPDatabase<Tables>) {}

  /** Undefined where the browser keeps nothing, as in some private windows. */
  static async open(name = 'taggram'): Promise<Store | undefined> {
    try {
      const database = await openDB<Tables>(name, 1, {
        upgrade(created) {
          created.createObjectStore('songs').createIndex('at', 'at');
          created.createObjectStore('taggrams');
        },
        blocking: (_current, _wanted, event) => (event.target as IDBDatabase).close(), // a newer page is open
      });
      return new Store(database);
    } catch {
      return undefined;
    }
  }

  /** All songs, the latest first. */
  async list(): Promise<Entry[]> {
    return (await this.database.getAllFromIndex('songs', 'at')).reverse();
  }

  async taggram(of: FileIdentity & Settings): Promise<Taggram | undefined> {
    return this.database.get('taggrams', keyOf(of));
  }

  /** Rejects where there is no room (QuotaExceededError); then nothing has changed. */
  async keep(entry: Entry, taggram: Taggram): Promise<void> {
    await this.change(async (songs, taggrams) => {
      await taggrams.put(taggram, keyOf(entry));
      await songs.put(entry, keyOf(entry));
    });
  }

  /** All that is kept of a file, however it was tagged. */
  async remove(of: FileIdentity): Promise<void> {
    await this.change(async (songs, taggrams) => {
      await taggrams.delete(keysOf(of));
      await songs.delete(keysOf(of));
    });
  }

  /** Ends the connection. */
  close(): void {
    this.database.close();
  }

  /** Changes both tables, or neither. */
  private async change(work: (songs: Table<'songs'>, taggrams: Table<'taggrams'>) => Promise<void>) {
    const both = this.database.transaction(['songs', 'taggrams'], 'readwrite');
    const done = both.done;
    done.catch(() => {}); // seen below, unless the work fails first
    try {
      await work(both.objectStore('songs'), both.objectStore('taggrams'));
    } catch (error) {
      if (both.error === null) both.abort();
      throw error;
    }
    await done;
  }
}

export function identityOf({ name, size, lastModified }: File): FileIdentity {
  return { name, size, changed: lastModified };
}

function keyOf({ name, size, changed, model, version, hopFrames }: FileIdentity & Settings): Key {
  return JSON.stringify([name, size, changed, model, version, hopFrames]);
}

/** Of all settings: the keys that begin with the file. */
function keysOf({ name, size, changed }: FileIdentity): IDBKeyRange {
  const beginning = JSON.stringify([name, size, changed]).replace(/]$/, ',');
  return IDBKeyRange.bound(beginning, `${beginning}\uffff`);
}
