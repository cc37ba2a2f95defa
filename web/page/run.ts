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
import { TimeLeft } from './time-left.ts';

/** A song's length that is off by so many seconds is shown anew. */
const WORTH_SHOWING = 0.1;

/** One model on its way through one song, at one hop. */
export class Listening {
  stage: Stage | undefined;
  /** From its first segment on. */
  song: Song | undefined;
  result: TaggedFile | undefined;
  /** While its sound still comes: what there is of a result. */
  soFar: (() => TaggedFile | undefined) | undefined;
  /** It was found again, not heard anew. */
  isKept = false;
  /** A person has ended it before its time: what it has heard so far stays. */
  isStopped = false;
  private timeLeft = new TimeLeft();
  private readonly abort = new AbortController();

  /** From `least` segments on it is shown: until then one that was stopped, and had come so far, is. */
  constructor(
    readonly model: BundledModel,
    readonly hopFrames: number,
    readonly least = 1,
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

  /** Segments heard so far. */
  get count(): number {
    return this.song?.scores.segments.length ?? 0;
  }

  /** Nothing more will come. */
  get isAtRest(): boolean {
    return this.result !== undefined || this.isStopped;
  }

  cancel(): void {
    this.abort.abort();
  }

  stop(): void {
    this.isStopped = true;
    this.cancel();
  }

  /** Takes what was heard on an earlier visit. */
  restore({ result, scores, means, counted }: Taggram): void {
    const { duration, segments, tags } = result;
    this.song = new Song(tags.length, duration, this.hop);
    this.song.add({ segments, scores, means, counted, heard: { seconds: duration, nonFinite: 0 } });
    this.isKept = true;
    this.result = { ...result, taggram: this.song.scores.rows.map((row) => Array.from(row)) };
  }

  /** Takes what came. Returns true when it is the first to show, or when the song turns out to be of another length. */
  grow({ done, total, duration, latest }: Progress & { stage: 'tagging' }): boolean {
    this.stage = {
      text: say`${Math.min(done, total)} of ${total} segments`,
      left: this.timeLeft.note(done, total, performance.now()),
      isCount: true,
      fraction: Math.min(1, done / total),
    };
    const isFirst = this.take(latest, duration);
    const isOther =
      this.count >= this.least &&
      this.song !== undefined &&
      Math.abs(this.song.duration - duration) >= WORTH_SHOWING;
    if (isOther) this.song!.duration = duration;
    return isFirst || isOther;
  }

  /** Takes new answers. Returns true when they are the first to show. */
  take(latest: Scored, duration: number): boolean {
    const before = this.count;
    if (!this.song && latest.segments.length > 0)
      this.song = new Song(this.model.tags.length, duration, this.hop);
    this.song?.add(latest);
    return before < this.least && this.count >= this.least;
  }

  /** All is to be heard once more. */
  restart(): void {
    this.song = undefined;
    this.stage = undefined;
    this.timeLeft = new TimeLeft();
  }
}

/** A place for one model's answers: those shown, and those that will follow them once they have a segment. */
export class Slot {
  shown: Listening | undefined;
  next: Listening | undefined;
  /** While the one that is shown is on its way: what stood here, and comes back if that is stopped. */
  before: Listening | undefined;

  get isBusy(): boolean {
    return this.running !== undefined;
  }

  /** The one that is on its way. */
  get running(): Listening | undefined {
    return this.next ?? (this.shown?.isAtRest ? undefined : this.shown);
  }

  begin(listening: Listening): void {
    this.next?.cancel();
    this.next = listening;
  }

  settle(): void {
    const { shown, next } = this;
    shown?.cancel();
    const isOutdone = next!.least > 1; // it has all that the one which was stopped had
    if (shown?.isAtRest && !isOutdone) this.before = shown;
    this.shown = next;
    this.next = undefined;
  }

  /** Ends what is on its way. What stood here before comes back; else what was heard so far stays. */
  stop(): void {
    this.giveUpNext();
    const { shown, before } = this;
    this.before = undefined;
    if (!shown || shown.isAtRest) return;
    shown.stop();
    this.shown = before ?? (shown.song && shown);
  }

  holds(listening: Listening): boolean {
    return this.next === listening || this.shown === listening;
  }

  drop(listening: Listening): void {
    if (this.next === listening) this.next = undefined;
    if (this.shown !== listening) return;
    this.shown = this.before;
    this.before = undefined;
  }

  /** What is shown is what is wanted after all. */
  giveUpNext(): void {
    this.next?.cancel();
    this.next = undefined;
  }

  clear(): void {
    this.next?.cancel();
    this.shown?.cancel();
    this.next = this.shown = this.before = undefined;
  }
}

export class Run {
  private readonly starting = new Milestone();
  private ending = new Milestone();
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
    /** Nothing is kept of it, as far as is known. */
    public isNew = false,
  ) {}

  get name(): string {
    return this.identity.name;
  }

  /** Resolves when it has its first segment or is given up; rejects when it can't be tagged. */
  get started(): Promise<void> {
    return this.starting.reached;
  }

  /** Resolves when a model has heard all of it, or it is stopped or given up; rejects when it can't be tagged. */
  get ended(): Promise<void> {
    return this.ending.reached;
  }

  /** It has something to show. */
  get hasSong(): boolean {
    return this.main.shown?.song !== undefined;
  }

  /** There are moments to play from. */
  get isPlayable(): boolean {
    return this.hasSong && (!this.live || this.isPaused);
  }

  /** Its sound is to come, but not now. */
  get isPaused(): boolean {
    return this.live?.isPaused ?? false;
  }

  get isBusy(): boolean {
    return this.main.isBusy || this.other.isBusy;
  }

  /** A person has ended it before its time, and it can be gone on with. */
  get isStopped(): boolean {
    return !this.isBusy && this.stopped.length > 0;
  }

  private get stopped(): Listening[] {
    const shown = [this.main.shown, this.other.shown].filter((listening) => listening !== undefined);
    return shown.filter(({ isStopped }) => isStopped);
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

  /** Ends what is on its way; what was heard of it stays. */
  stop(): void {
    this.main.stop();
    this.other.stop();
    this.rest();
  }

  /** It has not come to its end, and may be gone on with. */
  rest(): void {
    this.ending.resolve();
    this.ending = new Milestone();
  }

  /** What is kept of its audio need not be at hand any more. */
  release(): void {
    if (!this.isBusy) this.source = undefined;
  }

  /** The two models change places. */
  swap(): void {
    const [{ shown, next, before }, { other }] = [this.main, this];
    Object.assign(this.main, { shown: other.shown, next: other.next, before: other.before });
    Object.assign(other, { shown, next, before });
  }

  settle(listening: Listening): void {
    this.hasStarted = true;
    this.starting.resolve();
    for (const slot of [this.main, this.other]) if (slot.next === listening) slot.settle();
  }

  /** It has heard all of it: nothing before it need come back. */
  complete(listening: Listening): void {
    for (const slot of [this.main, this.other]) if (slot.shown === listening) slot.before = undefined;
  }

  shows(listening: Listening): boolean {
    return this.main.shown === listening || this.other.shown === listening;
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
    const running = [this.main.running, this.other.running].filter((listening) => listening !== undefined);
    if (running.length === 0) return this.atRest;
    if (this.decoding) return this.decoding;
    const stages = running.map((listening) => loading(listening.model.name) ?? listening.stage);
    const [first, second] = stages;
    if (!second) return worded(first, running.length > 1 ? running[0]!.model.name : '');
    const fractions = stages.map((stage) => stage?.fraction ?? null);
    const fraction = fractions.includes(null) ? null : (fractions[0]! + fractions[1]!) / 2;
    const texts = stages.map((stage, i) => worded(stage, running[i]!.model.name).text);
    return { text: texts.join('; '), fraction };
  }

  /** While nothing is on its way: all is heard, or it was stopped. */
  private get atRest(): Stage {
    const [first] = this.stopped;
    if (!first?.stage) return { text: '', fraction: 1 };
    const { text, fraction } = first.stage;
    const isAlone = !this.main.shown || !this.other.shown;
    return { text: say`Stopped${isAlone ? '' : say` with ${first.model.name}`}: ${text}`, fraction };
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
      const peaks = new Peaks(source.sampleRate);
      return new SongAudio(source, (planes) => (this.peaks = peaks).add(planes)); // until then there may be kept ones
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
  const { text, left, isCount } = stage;
  if (!isCount) return stage;
  const words = left ? `${text}, ${left}` : text;
  return { ...stage, text: say`Listening${model && say` with ${model}`}: ${words}` };
}
