/** A song on the page: its file, its decoded audio, and what one or two models hear in it. */
import { decodeFile, framesToSeconds } from '../taggram.ts';
import type { AudioFacts, BundledModel, Progress, Recording, TaggedFile } from '../taggram.ts';
import { Song } from './song.ts';
import type { Stage } from './stage.ts';

/** Decoded audio above this many bytes (a quarter of an hour of CD audio) is decoded anew when it is wanted again. */
const MOST_HELD = 320e6;

/** One model on its way through one song, at one hop. */
export class Listening {
  stage: Stage | undefined;
  /** From its first segment on. */
  song: Song | undefined;
  result: TaggedFile | undefined;
  private readonly abort = new AbortController();

  constructor(
    readonly model: BundledModel,
    readonly hopFrames: number,
  ) {}

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  get hop(): number {
    return framesToSeconds(this.hopFrames);
  }

  /** Seconds that one answer is about. */
  get length(): number {
    return framesToSeconds(this.model.segmentFrames);
  }

  cancel(): void {
    this.abort.abort();
  }

  /** Takes what came. Returns true when it is the first. */
  grow({ done, total, duration, hop, latest }: Progress & { stage: 'tagging' }): boolean {
    this.stage = { text: `${Math.min(done, total)} of ${total} segments`, fraction: done / total };
    const isFirst = !this.song && latest.segments.length > 0;
    if (isFirst) this.song = new Song(this.model.tags.length, duration, hop);
    this.song?.add(latest);
    return isFirst;
  }
}

/** A place for one model's answers: those shown, and those that will follow them once they have a segment. */
export class Slot {
  shown: Listening | undefined;
  next: Listening | undefined;

  get isBusy(): boolean {
    return this.next !== undefined || (this.shown !== undefined && !this.shown.result);
  }

  /** The one that is on its way. */
  get running(): Listening | undefined {
    return this.next ?? (this.shown?.result ? undefined : this.shown);
  }

  begin(listening: Listening): void {
    this.next?.cancel();
    this.next = listening;
  }

  settle(): void {
    this.shown?.cancel();
    this.shown = this.next;
    this.next = undefined;
  }

  holds(listening: Listening): boolean {
    return this.next === listening || this.shown === listening;
  }

  drop(listening: Listening): void {
    if (this.next === listening) this.next = undefined;
    if (this.shown === listening) this.shown = undefined;
  }

  /** What is shown is what is wanted after all. */
  giveUpNext(): void {
    this.next?.cancel();
    this.next = undefined;
  }

  clear(): void {
    this.next?.cancel();
    this.shown?.cancel();
    this.next = this.shown = undefined;
  }
}

export class Run {
  /** Resolves when it has its first segment or is given up for another; rejects when it can't be tagged. */
  readonly started: Promise<void>;
  private start!: { resolve(): void; reject(error: unknown): void };
  private hasStarted = false;
  readonly main = new Slot();
  readonly other = new Slot();
  /** Where its playing was left, in seconds, and whether it was playing. */
  left = { position: 0, playing: false };
  /** While it is being decoded. */
  private decoding: Stage | undefined;
  private recording: Promise<Recording> | undefined;
  private readonly abort = new AbortController();

  constructor(
    readonly file: File,
    readonly facts: AudioFacts,
    /** Names of files that came with it and are not tagged. */
    readonly others: readonly string[],
  ) {
    this.started = new Promise((resolve, reject) => (this.start = { resolve, reject }));
  }

  /** It has something to show. */
  get hasSong(): boolean {
    return this.main.shown?.song !== undefined;
  }

  get isBusy(): boolean {
    return this.decoding !== undefined || this.main.isBusy || this.other.isBusy;
  }

  cancel(): void {
    this.abort.abort();
    this.main.clear();
    this.other.clear();
    this.start.resolve();
  }

  /** It can't be tagged. Returns false when it had started: then nobody waits to hear of it. */
  fail(error: unknown): boolean {
    this.start.reject(error);
    return !this.hasStarted;
  }

  /** The two models change places. */
  swap(): void {
    const [{ shown, next }, { other }] = [this.main, this];
    Object.assign(this.main, { shown: other.shown, next: other.next });
    Object.assign(other, { shown, next });
  }

  settle(listening: Listening): void {
    this.hasStarted = true;
    this.start.resolve();
    for (const slot of [this.main, this.other]) if (slot.next === listening) slot.settle();
  }

  /** Takes it out of its place, and returns that. */
  drop(listening: Listening): Slot {
    const slot = this.other.holds(listening) ? this.other : this.main;
    slot.drop(listening);
    return slot;
  }

  /** Its audio, decoded once for all models and hops, unless it is too long to be kept. */
  audio(onStage: () => void): Promise<Recording> {
    this.recording ??= this.decode(onStage).catch((error: unknown) => {
      this.recording = undefined;
      throw error;
    });
    return this.recording;
  }

  /** How far it is, over both models. `loading` tells of a model that is not here yet. */
  stage(loading: (model: string) => Stage | undefined): Stage {
    if (this.decoding) return this.decoding;
    const running = [this.main.running, this.other.running].filter((listening) => listening !== undefined);
    const stages = running.map((listening) => loading(listening.model.name) ?? listening.stage);
    const [first, second] = stages;
    if (running.length === 0) return { text: '', fraction: 1 };
    if (!second) return worded(first, running.length > 1 ? running[0]!.model.name : '');
    const fractions = stages.map((stage) => stage?.fraction ?? null);
    const fraction = fractions.includes(null) ? null : (fractions[0]! + fractions[1]!) / 2;
    const texts = stages.map((stage, i) => worded(stage, running[i]!.model.name).text);
    return { text: texts.join('; '), fraction };
  }

  private async decode(onStage: () => void): Promise<Recording> {
    const tell = (text: string | undefined) => {
      this.decoding = text === undefined ? undefined : { text, fraction: null };
      onStage();
    };
    try {
      const recording = await decodeFile(this.file, {
        facts: this.facts,
        signal: this.abort.signal,
        onProgress: () => tell('Decoding'),
      });
      const bytes = recording.planes.reduce((sum, plane) => sum + plane.byteLength, 0);
      if (bytes > MOST_HELD) this.recording = undefined;
      return recording;
    } finally {
      tell(undefined);
    }
  }
}

function worded(stage: Stage | undefined, model: string): Stage {
  if (!stage) return { text: 'Listening', fraction: null };
  if (!/segments$/.test(stage.text)) return stage;
  return { ...stage, text: `Listening${model && ` with ${model}`}: ${stage.text}` };
}
