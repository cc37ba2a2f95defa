/**
 * The songs of this visit, and those kept from earlier ones, in the order in which they came. Songs that wait are tagged
 * one at a time; the one that is shown is tagged at once.
 */
import { say } from '../language.ts';
import { inspectFile, type AudioFacts, type TagScore } from '../../taggram.ts';
import type { Run } from '../run.ts';
import { sentence } from '../sentences.ts';
import { identityOf, type Entry, type FileIdentity } from './store.ts';

export type State = 'waiting' | 'working' | 'done' | 'stopped' | 'failed';

export class Item {
  state: State = 'waiting';
  /** Why it failed. */
  error = '';
  run: Run | undefined;
  /** The page itself records it. */
  isRecording = false;
  /** The strongest tags, once they are known. */
  top: readonly TagScore[] = [];
  private facts: Promise<AudioFacts> | undefined;

  constructor(
    readonly identity: FileIdentity,
    public file: File | undefined,
    /** What is kept of it. */
    readonly entries: Entry[] = [],
    /** Where they are known without a file. */
    facts?: AudioFacts,
  ) {
    if (facts) this.facts = Promise.resolve(facts);
    const [latest] = entries;
    if (!latest) return;
    this.state = 'done';
    this.top = latest.top;
    this.facts = Promise.resolve(latest.facts);
  }

  get name(): string {
    return this.identity.name;
  }

  /** How far it is, in words. */
  get progress(): string {
    return this.run?.stage(() => undefined).text || say`Listening`;
  }

  /** What its header says; rejects when it certainly can't be tagged. */
  inspect(): Promise<AudioFacts> {
    this.facts ??= inspectFile(this.file!).catch((error: unknown) => {
      this.facts = undefined;
      throw error;
    });
    return this.facts;
  }
}

export interface QueueEvents {
  /** Tags it. Resolves also when it was cancelled. */
  tag(item: Item): Promise<void>;
  onChange(): void;
}

export class Queue {
  readonly items: Item[] = [];

  constructor(private readonly events: QueueEvents) {}

  /** A file that is here already is not taken twice. */
  add(files: readonly File[]): Item[] {
    const added = files.map((file) => this.known(file) ?? this.append(new Item(identityOf(file), file)));
    this.events.onChange();
    return added;
  }

  /** A song that has no file yet. */
  addLive(name: string, facts: AudioFacts): Item {
    const item = this.append(new Item({ name, size: 0, changed: Date.now() }, undefined, [], facts));
    item.isRecording = true;
    this.events.onChange();
    return item;
  }

  /** What is kept from earlier visits, the latest first; listed by this model's tags where it heard them. */
  restore(entries: readonly Entry[], model: string): void {
    for (const entry of entries) {
      const { name, size, changed } = entry;
      const known = this.find(entry);
      if (known) known.entries.push(entry);
      else this.append(new Item({ name, size, changed }, undefined, [entry]));
    }
    for (const item of this.items) {
      const entry = item.entries.find((kept) => kept.model === model);
      if (entry) item.top = entry.top;
    }
    this.events.onChange();
  }

  get isBusy(): boolean {
    return this.items.some(({ state }) => state === 'working');
  }

  /** The next that waits, unless one is being tagged. */
  next(): void {
    if (this.isBusy) return;
    const waiting = this.items.find(({ state }) => state === 'waiting');
    if (waiting) this.begin(waiting);
  }

  /** It is tagged now, unless it has been. */
  begin(item: Item): void {
    if (item.state === 'working' || item.state === 'done') return;
    this.change(item, 'working');
    this.events
      .tag(item)
      .then(() => item.state === 'working' && this.change(item, 'done'))
      .catch((error: unknown) => this.fail(item, error))
      .finally(() => this.next());
  }

  fail(item: Item, error: unknown): void {
    item.error = sentence(error);
    this.leave(item, 'failed');
  }

  stop(item: Item): void {
    this.leave(item, 'stopped');
    this.next();
  }

  /** It rests; what was heard of it stays. */
  rest(item: Item): void {
    this.change(item, 'stopped');
    this.next();
  }

  /** What was done of it is given up until its turn comes. */
  postpone(item: Item): void {
    this.leave(item, 'waiting');
  }

  retry(item: Item): void {
    this.change(item, 'waiting');
    this.next();
  }

  remove(item: Item): void {
    const index = this.items.indexOf(item);
    if (index < 0) return;
    this.items.splice(index, 1);
    this.leave(item, 'stopped');
    this.next();
  }

  private leave(item: Item, state: State): void {
    this.change(item, state);
    item.run?.cancel();
    item.run = undefined;
  }

  private change(item: Item, state: State): void {
    item.state = state;
    this.events.onChange();
  }

  private append(item: Item): Item {
    this.items.push(item);
    return item;
  }

  private find({ name, size, changed }: FileIdentity): Item | undefined {
    return this.items.find(
      ({ identity }) => identity.name === name && identity.size === size && identity.changed === changed,
    );
  }

  /** The same file, which may be tried again, or whose sound was not kept. */
  private known(file: File): Item | undefined {
    const item = this.find(identityOf(file));
    if (!item) return undefined;
    item.file = file;
    if (item.run) item.run.file = file;
    if (item.state === 'failed' || item.state === 'stopped') item.state = 'waiting';
    return item;
  }
}
