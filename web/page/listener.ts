/** Has models listen to songs, so that a song has the answers that are chosen. */
import type { Progress, TaggedFile, Tagger } from '../taggram.ts';
import { modelNamed, type Choice } from './choice.ts';
import type { LiveSound } from './live.ts';
import { Peaks } from './peaks.ts';
import type { Keeper } from './queue/keeper.ts';
import { Listening, type Run, type Slot } from './run.ts';
import type { Taggram } from './queue/store.ts';
import type { Shelf } from './shelf.ts';

export interface ListenerEvents {
  /** It is decoded, or a listening has begun, got on or ended. */
  onStage(): void;
  /** There are more segments. `isFirst`: from here on they stand in the place of what was before. */
  onSegments(run: Run, listening: Listening, isFirst: boolean): void;
  /** All of it is heard. */
  onResult(run: Run, listening: Listening): void;
  /** What a model was to answer in this place came to nothing. */
  onFail(run: Run, slot: Slot, model: string, error: unknown): void;
}

export class Listener {
  constructor(
    private readonly choice: Choice,
    private readonly shelf: Shelf,
    private readonly keeper: Keeper,
    private readonly events: ListenerEvents,
  ) {}

  /** Brings a song to what is chosen: what is neither here nor on its way begins, what is no longer wanted ends. */
  attend(run: Run): void {
    const { model, other } = this.choice;
    if (run.other.shown?.model.name === model && run.main.shown?.model.name === other) run.swap();
    this.want(run, run.main, model);
    if (other === null) run.other.clear();
    else if (run.hasSong) this.want(run, run.other, other); // until then the first has the machine to itself
  }

  private want(run: Run, slot: Slot, name: string): void {
    if (this.isChosen(slot.next, name)) return;
    if (this.isChosen(slot.shown, name)) return slot.giveUpNext();
    this.begin(run, slot, new Listening(modelNamed(name)!, this.choice.hopFrames));
  }

  /** Goes on with what was stopped: it is heard from its beginning, and shown once it has come as far as it was. */
  goOn(run: Run): void {
    for (const slot of [run.main, run.other]) {
      const { shown, next } = slot;
      if (!shown?.isStopped || next) continue;
      this.begin(run, slot, new Listening(shown.model, shown.hopFrames, shown.count));
    }
  }

  private begin(run: Run, slot: Slot, listening: Listening): void {
    slot.begin(listening);
    this.listen(run, listening).catch((error: unknown) => {
      if (listening.signal.aborted) return;
      const place = run.drop(listening); // the two may have changed places
      this.events.onStage();
      this.events.onFail(run, place, listening.model.name, error);
    });
  }

  private isChosen(listening: Listening | undefined, name: string): boolean {
    return listening?.model.name === name && listening.hopFrames === this.choice.hopFrames;
  }

  private async listen(run: Run, listening: Listening): Promise<void> {
    if (run.isNew && !run.live) run.audio(() => this.events.onStage()).catch(() => {}); // meanwhile; told below
    const kept = await this.keeper.find(run, listening);
    listening.signal.throwIfAborted();
    if (kept) return this.remember(run, listening, kept);
    this.events.onStage();
    const coming = this.shelf.tagger(listening.model.name);
    if (run.live && (await this.hearLive(run, run.live, listening, await coming))) return;
    const [source, tagger] = await Promise.all([run.audio(() => this.events.onStage()), coming]);
    listening.signal.throwIfAborted();
    const result = await tagger.tag(source, {
      hop: listening.hop,
      signal: listening.signal,
      onProgress: (progress) => progress.stage === 'tagging' && this.advance(run, listening, progress),
    });
    listening.signal.throwIfAborted();
    this.complete(run, listening, result);
  }

  private complete(run: Run, listening: Listening, result: TaggedFile): void {
    listening.result = result;
    if (!run.shows(listening)) {
      run.settle(listening);
      this.events.onSegments(run, listening, true);
    }
    run.complete(listening);
    this.events.onResult(run, listening);
  }

  /** Returns false where parts were left out: then all of it is to be heard once more, from the recording. */
  private async hearLive(run: Run, live: LiveSound, listening: Listening, tagger: Tagger): Promise<boolean> {
    listening.signal.throwIfAborted();
    const result = await live.hear(listening, tagger, (isFirst) => {
      if (isFirst) run.settle(listening);
      this.events.onSegments(run, listening, isFirst);
    });
    listening.signal.throwIfAborted();
    if (!result) {
      listening.restart();
      return false;
    }
    this.complete(run, listening, result);
    return true;
  }

  /** It was heard before. */
  private remember(run: Run, listening: Listening, kept: Taggram): void {
    listening.restore(kept);
    if (kept.outline) run.peaks ??= Peaks.of(kept.outline);
    this.complete(run, listening, listening.result!);
  }

  private advance(run: Run, listening: Listening, progress: Progress & { stage: 'tagging' }): void {
    const isFirst = listening.grow(progress);
    if (isFirst) run.settle(listening);
    this.events.onSegments(run, listening, isFirst);
  }
}
