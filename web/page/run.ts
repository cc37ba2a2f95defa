/** A song on the page: its file, its decoded audio, and what one or two models hear in it. */
import { say } from './language.ts';
import { framesToSeconds, openFile, TaggramError } from '../taggram.ts';
import type { AudioFacts, BundledModel, PcmSource, Progress, Scored, TaggedFile } from '../taggram.ts';
import type { LiveSound } from './live.ts';
import { Peaks } from './peaks.ts';
import type { FileIdentity, Taggram } from './queue/store.ts';
import { soundIsGone } from './sentences.ts';
import { SongAudio } from './song-audio.ts';
import { Song } from './song.ts';
import type { Stage } from './stage.ts';

/** A song's length that is off by so many seconds is shown anew. */
const WORTH_SHOWING = 0.1;

/** One model on its way through one song, at one hop. */
export class Listening {
  stage: Stage | undefined;
  /** From its first segment on. */
  song: Song | undefined;
  result: TaggedFile | undefined;
  /** Of sound that still comes: the result as far as it is shown. */
  soFar: (() => TaggedFile) | undefined;
  /** It was found again, not heard anew. */
  isKept = false;
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

  /** Takes what was heard on an earlier visit. */
  restore({ result, scores, means, counted }: Taggram): void {
    const { duration, segments, tags } = result;
    this.song = new Song(tags.length, duration, this.hop);
    this.song.add({ segments, scores, means, counted, heard: { seconds: duration, nonFinite: 0 } });
    this.isKept = true;
    this.result = { ...result, taggram: this.song.scores.rows.map((row) => Array.from(row)) };
  }

  /** Takes what came. Returns true when it is the first, or when the song turns out to be of another length. */
  grow({ done, total, duration, latest }: Progress & { stage: 'tagging' }): boolean {
    this.stage = {
      text: say`${Math.min(done, total)} of ${total} segments`,
      isCount: true,
      fraction: Math.min(1, done / total),
    };
    const isFirst = this.take(latest, duration);
    const isOther = this.song !== undefined && Math.abs(this.song.duration - duration) >= WORTH_SHOWING;
    if (isOther) this.song!.duration = duration;
    return isFirst || isOther;
  }

  /** Takes new answers. Returns true when they are the first. */
  take(latest: Scored, duration: number): boolean {
    const isFirst = !this.song && latest.segments.length > 0;
    if (isFirst) this.song = new Song(this.model.tags.length, duration, this.hop);
    this.song?.add(latest);
    return isFirst;
  }

  /** All is to be heard once more. */
  restart(): void {
    this.song = undefined;
    this.stage = undefined;
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
  private readonly starting = new Milestone();
  private readonly ending = new Milestone();
  private hasStarted = false;
  readonly main = new Slot();
  readonly other = new Slot();
  /** Where its playing was left, in seconds, and whether it was playing. */
  left = { position: 0, playing: false };
  /** What its waveform is drawn from; absent until it is decoded. */
  peaks: Peaks | undefined;
  /** While its sound still comes. */
  live: LiveSound | undefined;
  /** Until the first of it is decoded. */
  private decoding: Stage | undefined;
  private source: Promise<PcmSource> | undefined;
  private readonly abort = new AbortController();

  constructor(
    readonly identity: FileIdentity,
    /** Undefined where only what was heard in it is kept. */
    public file: File | undefined,
    readonly facts: AudioFacts,
  ) {}

  get name(): string {
    return this.identity.name;
  }

  /** Resolves when it has its first segment or is given up; rejects when it can't be tagged. */
  get started(): Promise<void> {
    return this.starting.reached;
  }

  /** Resolves when a model has heard all of it, or it is given up; rejects when it can't be tagged. */
  get ended(): Promise<void> {
    return this.ending.reached;
  }

  /** It has something to show. */
  get hasSong(): boolean {
    return this.main.shown?.song !== undefined;
  }

  /** There are moments to play from. */
  get isPlayable(): boolean {
    return this.hasSong && (!this.live || this.live.isPaused);
  }

  /** There is something to save. */
  get isSavable(): boolean {
    return this.hasSong && (!this.isBusy || this.live?.isPaused === true);
  }

  get isBusy(): boolean {
    return this.decoding !== undefined || this.main.isBusy || this.other.isBusy;
  }

  cancel(): void {
    this.abort.abort();
    this.live?.stop();
    this.main.clear();
    this.other.clear();
    this.starting.resolve();
    this.ending.resolve();
  }

  /** It can't be tagged. Returns false when it had started: then nobody waits to hear of it. */
  fail(error: unknown): boolean {
    this.starting.reject(error);
    this.ending.reject(error);
    return !this.hasStarted;
  }

  /** A model has heard all of it. */
  end(): void {
    this.ending.resolve();
  }

  /** What is kept of its audio need not be at hand any more. */
  release(): void {
    if (!this.isBusy) this.source = undefined;
  }

  /** The two models change places. */
  swap(): void {
    const [{ shown, next }, { other }] = [this.main, this];
    Object.assign(this.main, { shown: other.shown, next: other.next });
    Object.assign(other, { shown, next });
  }

  settle(listening: Listening): void {
    this.hasStarted = true;
    this.starting.resolve();
    for (const slot of [this.main, this.other]) if (slot.next === listening) slot.settle();
  }

  /** Takes it out of its place, and returns that. */
  drop(listening: Listening): Slot {
    const slot = this.other.holds(listening) ? this.other : this.main;
    slot.drop(listening);
    return slot;
  }

  /** Its audio: one for all models and hops, which share what is kept with it. */
  audio(onStage: () => void): Promise<PcmSource> {
    this.source ??= this.open(onStage).catch((error: unknown) => {
      this.source = undefined;
      throw error;
    });
    return this.source;
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

  private async open(onStage: () => void): Promise<PcmSource> {
    const { file } = this;
    if (!file) throw new TaggramError('unreadable', soundIsGone(this.name));
    const tell = (text: string | undefined) => {
      this.decoding = text === undefined ? undefined : { text, fraction: null };
      onStage();
    };
    try {
      const source = await openFile(file, {
        facts: this.facts,
        signal: this.abort.signal,
        onProgress: () => tell(say`Decoding`),
      });
      const peaks = (this.peaks = new Peaks(source.sampleRate));
      return new SongAudio(source, (planes) => peaks.add(planes));
    } finally {
      tell(undefined);
    }
  }
}

/** A promise that is kept or broken from outside; nobody need wait for it. */
class Milestone {
  resolve!: () => void;
  reject!: (error: unknown) => void;
  readonly reached = new Promise<void>((resolve, reject) => Object.assign(this, { resolve, reject }));

  constructor() {
    this.reached.catch(() => {});
  }
}

function worded(stage: Stage | undefined, model: string): Stage {
  if (!stage) return { text: say`Listening`, fraction: null };
  if (!stage.isCount) return stage;
  return { ...stage, text: say`Listening${model && say` with ${model}`}: ${stage.text}` };
}
