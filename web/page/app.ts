/** The page's conduct: keeps song, choices, taggram, player and words in step. */
import { say, translated } from './language.ts';
import { KeptModels } from '../pwa/kept-models.ts';
import { HAS_SIMD, hopFrames } from '../taggram.ts';
import { offerArchitecture } from './architecture/offer.ts';
import { FRONT_ENDS, firstChoice, modelNamed, rememberChoice, type Choice } from './choice.ts';
import { complain } from './complaints.ts';
import { Display } from './display.ts';
import { find, prefersDark, prefersStillness } from './dom.ts';
import { bytes } from './format.ts';
import { offerLanguages } from './languages.ts';
import { Listener } from './listener.ts';
import { LIVE_HOP, LiveDoor, type LiveEvents, type LiveSound } from './live.ts';
import { announce, clearNotices, notify } from './notices.ts';
import { Part } from './part.ts';
import { Player } from './player.ts';
import { Keeper } from './queue/keeper.ts';
import { SongList } from './queue/list.ts';
import { Queue, type Item } from './queue/queue.ts';
import { Unkept } from './queue/unkept.ts';
import { Reception } from './reception.ts';
import { Run, type Listening, type Slot } from './run.ts';
import { Saving } from './saving.ts';
import { MOST_LINES, Selection } from './selection.ts';
import { Shelf } from './shelf.ts';
import { isOurs } from './sentences.ts';
import { showSong } from './song-bar.ts';
import { StageLine, type Stage } from './stage.ts';
import { Toolbar } from './toolbar.ts';
import { Tooltip } from './tooltip.ts';

/** While a song is being tagged what is new is drawn this often: drawing takes time that the workers could use. */
const GROW_EVERY_MS = 200;

/** While a song is being tagged its rows are sorted anew this often: more would be unrest. */
const REFRESH_EVERY_MS = 900;

/** Most songs are tagged within this time of their first segment: their rows move but once, at the end. */
const STILL_MS = 2000;

/** How far songs are is told in the list this often. */
const LIST_EVERY_MS = 500;

const WITHOUT_SIMD = say` This browser has no WebAssembly SIMD, so songs take about ten times as long here; a newer one is faster.`;

export class App {
  private readonly choice = firstChoice();
  private readonly selection = new Selection();
  private readonly shelf = new Shelf(
    () => this.tellStage(),
    (name) => clearNotices(`model ${name}`),
  );
  /** The first model, on its way before there is a page to show it. */
  private readonly firstTagger = this.shelf.tagger(this.choice.model);
  private readonly tooltip = new Tooltip();
  private readonly player = new Player((seconds) =>
    this.display.setPlayhead(this.shown?.isPlayable ? seconds : null),
  );
  private readonly display = new Display(this.choice, this.selection, {
    onSeek: (seconds) => this.player.seek(seconds),
    onToggle: (tag) => this.toggle(tag),
    onWords: (text, by, near) => this.tooltip.tell(text, by, near),
  });
  private readonly saving = new Saving(() => ({
    results: this.heard.map((part) => ({
      result: part.result!,
      means: part.song!.counted > 0 ? part.song!.means : null,
    })),
    recording: this.item?.isRecording ? (this.item.file ?? this.shown?.live?.recording()) : undefined,
    picture: this.display.picture,
  }));
  private readonly kept = new KeptModels(() => this.listSongs());
  private readonly toolbar = new Toolbar(this.choice, (model) => this.shelf.isLoaded(model), this.kept, {
    onModel: (name) => this.chooseModel(name),
    onOther: (other) => this.choose({ other }),
    onPair: (model, other) => this.choose({ model, other }),
    onList: (list) => this.choose({ list }),
    onHop: (hopFrames) => this.choose({ hopFrames }),
    onSort: (sort) => this.arrange({ sort }),
    onFilter: (filter) => this.arrange({ filter }),
    onDifference: (difference) => this.chooseDifference(difference),
  });
  private readonly unkept = new Unkept();
  private readonly keeper = new Keeper((song) => this.unkept.add(song));
  private readonly queue = new Queue({
    tag: (item) => this.tag(item),
    onChange: () => this.listSongs(),
  });
  private readonly list = new SongList({
    onOpen: (item) => void this.openListed(item),
    onStop: (item) => this.stop(item),
    onRetry: (item) => (this.shown ? this.queue.retry(item) : void this.openListed(item)),
    onRemove: (items) => this.remove(items),
    onForgetModels: () => void this.kept.forget(),
  });
  private readonly stageLine = new StageLine({
    onStop: () => this.stop(this.itemOf(this.shown)!),
    onRetry: () => this.goOn(this.itemOf(this.shown)!),
  });
  private readonly listener = new Listener(this.choice, this.shelf, this.keeper, {
    onStage: () => this.tellStages(),
    onSegments: (run, listening, isFirst) => this.grow(run, listening, isFirst),
    onResult: (run, listening) => void this.finish(run, listening),
    onFail: (run, slot, model, error) => this.goBack(run, slot, model, error),
  });

  /** What the page shows. */
  private shown: Run | undefined;
  /** Of the list: what is shown, or will be once its header is read. */
  private item: Item | undefined;
  /** The last song that had a segment to show: it stays at hand until the next one has. */
  private settled: Run | undefined;
  /** The one before that. */
  private before: Item | undefined;
  private refreshedAt = 0;
  /** When what is shown began to grow. */
  private begunAt = 0;
  private grownAt = 0;
  private listedAt = 0;

  /** `onTaggram` is told whenever a song is tagged. */
  constructor(private readonly onTaggram: () => void) {
    const { model } = this.choice;
    this.firstTagger.catch((error: unknown) => complain(`model ${model}`, error));
    this.introduce();
    offerLanguages(() => this.queue.isBusy);
    offerArchitecture(() => modelNamed(this.choice.model)!.architecture);
    if (FRONT_ENDS) this.offerPair(FRONT_ENDS);
    new Reception(this.queue, (item) => this.open(item));
    new LiveDoor((begin) => void this.listenTo(begin));
    void this.keeper.list().then((entries) => this.queue.restore(entries, this.choice.model));
    prefersDark.addEventListener('change', () => this.shown && this.display.refresh());
  }

  /** What models have heard of the shown song, where they have heard all of it, or all that there is so far. */
  private get heard(): Part[] {
    const { main, other, live } = this.shown ?? {};
    return [main?.shown, other?.shown].flatMap((listening) =>
      listening?.result || (live && listening?.song) ? [new Part(listening, this.choice.list)] : [],
    );
  }

  private introduce(): void {
    const { name, version, tags, publishedScores } = modelNamed(this.choice.model)!;
    find('#engine-facts').textContent =
      say`Taggram ${version}, model ${name}, ${tags.length} tags. ${translated(publishedScores)}${HAS_SIMD ? '' : WITHOUT_SIMD}`;
    this.toolbar.show();
  }

  /** One click to the paper's own comparison: its button brings the example, too. */
  private offerPair([{ name: model, bytes: one }, { name: other, bytes: two }]: NonNullable<
    typeof FRONT_ENDS
  >) {
    find('#pair').hidden = false;
    find('#pair-bytes').textContent = bytes(one + two);
    find('#pair button').addEventListener('click', () => this.choose({ model, other }));
  }

  // ---- Songs -------------------------------------------------------------------------------------------------------

  /** Shows this song, instead of any before it, and has it tagged. Rejects if it can't be tagged. */
  private async open(item: Item): Promise<void> {
    const { item: before } = this;
    if (before !== item) before?.run?.live?.stop(); // nobody should be heard unawares
    if (before !== item && before?.state === 'working' && !before.run?.hasSong) this.queue.postpone(before);
    this.item = item;
    const run = await this.runOf(item);
    if (this.item !== item) return; // another was wanted meanwhile
    this.show(run);
    this.listSongs();
    scrollTo({ top: 0, behavior: 'instant' });
    const isLeftSo = item.state === 'stopped' && run.hasSong;
    if (item.state !== 'done' && !isLeftSo) announce(say`Reading ${run.name}`);
    this.bringToChoice(item);
    this.attend(run);
    if (!isLeftSo) this.queue.begin(item);
    try {
      await run.started;
    } catch (error) {
      this.giveUp(run);
      throw error;
    }
  }

  /** Shows sound that comes from now on. */
  private async listenTo(begin: (events: LiveEvents) => LiveSound): Promise<void> {
    let run: Run | undefined;
    const live = begin({
      onGrow: ({ seconds }) => run && this.extend(run, seconds),
      onPause: (live) => run && this.pauseLive(run, live),
      onEnd: (_, file) => run && this.endLive(run, file),
    });
    const item = this.queue.addLive(live.name, live.facts);
    run = item.run = new Run(item.identity, undefined, live.facts);
    run.live = live;
    run.peaks = live.peaks;
    const { segmentFrames } = modelNamed(this.choice.model)!;
    const most = hopFrames(LIVE_HOP, segmentFrames);
    if (this.choice.hopFrames > most) this.follow({ hopFrames: most });
    try {
      await this.open(item);
    } catch (error) {
      this.remove([item]);
      complain('intake', error);
    }
  }

  /** It goes on, whether a model has answered or not. */
  private extend(run: Run, seconds: number): void {
    for (const { shown } of [run.main, run.other]) if (shown?.song) shown.song.duration = seconds;
    if (this.shown !== run) return;
    if (run.hasSong) this.display.grow();
    else this.tellStage();
  }

  /** While it is paused, what was heard so far is a song like others. */
  private pauseLive(run: Run, live: LiveSound): void {
    if (this.shown !== run) return;
    if (live.isPaused) {
      this.player.open(live.recording(), { position: this.display.seenFrom, playing: false });
      this.player.setDuration(live.seconds);
    } else {
      this.player.close();
      this.display.showLatest();
    }
    this.tellStage();
  }

  private endLive(run: Run, file: File): void {
    const item = this.itemOf(run);
    if (item) item.file = file;
    run.file = file;
    run.live = undefined;
    if (this.shown !== run) return;
    this.player.open(file, this.player.state); // which may play what was heard until a pause
    this.player.setDuration(run.main.shown?.song?.duration ?? 0);
  }

  /** The list tells what is wrong with a song, unless answers of another model are kept. */
  private async openListed(item: Item): Promise<void> {
    try {
      await this.open(item);
    } catch (error) {
      if (item.state === 'done') complain('intake', error);
      else this.queue.fail(item, error);
      this.letGo(item, undefined);
    }
  }

  private async runOf(item: Item): Promise<Run> {
    const facts = await item.inspect();
    item.run ??= new Run(item.identity, item.file, facts, item.entries.length === 0);
    return item.run;
  }

  /** Of a song whose sound is gone, only what is kept can be shown. */
  private bringToChoice({ file, entries }: Item): void {
    const { model, hopFrames } = this.choice;
    const [latest] = entries;
    if (file || !latest) return;
    if (entries.some((entry) => entry.model === model && entry.hopFrames === hopFrames)) return;
    this.follow({ model: latest.model, hopFrames: latest.hopFrames, other: null });
  }

  /** Tags a song to its end, whether it is shown or not. */
  private async tag(item: Item): Promise<void> {
    const run = await this.runOf(item);
    if (item.state !== 'working') return;
    this.listener.attend(run);
    this.listener.goOn(run);
    await run.started;
    await run.ended;
    if (this.item !== item && this.settled !== run) this.putAway(item);
  }

  private listSongs(): void {
    this.listedAt = performance.now();
    this.list.show(this.queue.items, this.item, this.kept.bytes);
  }

  private listProgress(): void {
    if (performance.now() - this.listedAt > LIST_EVERY_MS) this.listSongs();
  }

  private tellStages(): void {
    this.tellStage();
    this.listProgress();
  }

  /** It need not be in memory where it is kept. */
  private putAway(item: Item): void {
    const { run, entries } = item;
    if (entries.length === 0 || !run?.main.shown?.result) return run?.release();
    run.cancel();
    item.run = undefined;
  }

  /** What was heard of it stays. */
  private stop(item: Item): void {
    const { run } = item;
    if (run?.live) return run.live.stop();
    if (run?.hasSong) return this.halt(item, run);
    this.queue.stop(item);
    this.letGo(item, run);
    this.listSongs();
    announce(say`Stopped.`);
  }

  /** What was shown before another model or hop comes back. */
  private halt(item: Item, run: Run): void {
    run.stop();
    const { main, other } = run;
    if (!main.shown!.result) this.queue.rest(item);
    if (this.shown !== run) return;
    const { model, hopFrames } = main.shown!;
    const isOfThisHop = other.shown?.hopFrames === hopFrames;
    this.follow({ model: model.name, hopFrames, other: isOfThisHop ? other.shown!.model.name : null });
    this.player.setDuration(main.shown!.song!.duration);
    announce(run.isStopped ? `${run.stage(() => undefined).text}.` : say`Stopped.`);
  }

  /** From where it was stopped. */
  private goOn(item: Item): void {
    if (item.state === 'stopped') this.queue.begin(item);
    else if (item.run) this.listener.goOn(item.run);
  }

  /** Brings it to what is chosen; one that was stopped may be listened to again by that. */
  private attend(run: Run): void {
    this.listener.attend(run);
    const item = this.itemOf(run);
    if (item?.state === 'stopped' && run.main.isBusy) this.queue.begin(item);
  }

  private remove(items: readonly Item[]): void {
    this.unkept.clear();
    for (const item of items) {
      const { run } = item;
      this.queue.remove(item);
      void this.keeper.forget(item.identity);
      this.letGo(item, run);
    }
  }

  /** It is not shown any more, nor will be. */
  private letGo(item: Item, run: Run | undefined): void {
    if (run) this.giveUp(run);
    if (this.item === item) this.item = this.itemOf(this.shown);
  }

  private itemOf(run: Run | undefined): Item | undefined {
    return run && this.queue.items.find((item) => item.run === run);
  }

  /** Shows this song as far as it is known, or the first words if there is none. */
  private show(run: Run | undefined): void {
    if (this.shown) this.shown.left = this.player.state;
    this.shown = run;
    showSong(run);
    if (!run) return this.player.close();
    this.player.open(run.file, run.left);
    this.player.setDuration(run.main.shown?.song?.duration ?? 0);
    this.showAnswers(run);
    this.display.setPlayhead(run.isPlayable ? run.left.position : null);
  }

  private showAnswers(run: Run): void {
    this.display.show(run);
    this.display.label();
    this.toolbar.tellCount(this.display.count);
    this.tellStage();
  }

  /** Goes back to the song before, if there is one, and brings it to what has been chosen since. */
  private giveUp(run: Run): void {
    run.cancel();
    const item = this.itemOf(run);
    if (item) item.run = undefined;
    if (this.settled === run) this.settled = undefined;
    if (this.shown !== run) return;
    if (this.settled) this.attend(this.settled);
    this.item = this.itemOf(this.settled);
    this.show(this.settled);
    const { before } = this;
    const isThere = before?.state === 'done' || before?.run?.hasSong;
    if (!this.settled && before && isThere && this.queue.items.includes(before)) void this.openListed(before);
  }

  // ---- Answers -----------------------------------------------------------------------------------------------------

  private grow(run: Run, listening: Listening, isFirst: boolean): void {
    this.listProgress();
    if (isFirst && this.settled !== run) this.settle(run);
    if (this.shown !== run) return;
    const now = performance.now();
    if (isFirst) {
      this.grownAt = this.refreshedAt = this.begunAt = now;
      this.player.setDuration(listening.song!.duration);
      showSong(run);
      return this.showAnswers(run);
    }
    if (now - this.grownAt < GROW_EVERY_MS) return;
    this.grownAt = now;
    this.tellStage();
    this.display.grow();
    if (now - this.refreshedAt < REFRESH_EVERY_MS) return;
    this.refreshedAt = now;
    const keepsStill = prefersStillness.matches || this.display.isTable || now - this.begunAt < STILL_MS;
    this.display.refresh(keepsStill);
  }

  /** Its first segment is here, so the song before may go. */
  private settle(run: Run): void {
    if (this.shown !== run) return;
    const before = this.itemOf(this.settled);
    if (before && before !== this.item) this.putAway(before);
    this.before = before;
    this.settled = run;
    clearNotices('song');
    this.attend(run);
  }

  private async finish(run: Run, listening: Listening): Promise<void> {
    const { warnings, file, top } = listening.result!;
    const item = this.itemOf(run);
    if (item && listening.model.name === this.choice.model) item.top = top;
    if (this.shown === run) {
      this.tellStage();
      this.display.grow();
      this.display.refresh();
      this.display.label();
      for (const warning of warnings) notify('song', 'warning', `${file}: ${translated(warning)}`);
    }
    const entry = await this.keeper.keep(run, listening);
    if (entry) {
      item?.entries.unshift(entry);
      run.isNew = false;
    }
    this.onTaggram();
    if (run.main.shown?.result) run.end();
    if (this.shown !== run) return;
    const summary = this.display.label();
    if (!run.isBusy) announce(say`Done. ${file}, ${summary}.`);
  }

  private tellStage(): void {
    const run = this.shown;
    if (!run) return;
    const offer = run.isStopped ? 'retry' : run.isBusy && !run.live ? 'stop' : undefined;
    this.stageLine.show(
      run.stage((model) => this.loading(model)),
      offer,
    );
    this.saving.setEnabled(this.heard.length > 0 && (!run.isBusy || run.isPaused));
  }

  private loading(model: string): Stage | undefined {
    if (this.shelf.isLoaded(model)) return undefined;
    const fraction = this.shelf.fraction(model);
    const part = fraction === null ? '' : `: ${Math.round(fraction * 100)} %`;
    return { text: say`Loading the model ${model}${part}`, fraction };
  }

  // ---- Choices -----------------------------------------------------------------------------------------------------

  /** The second model changes places with the first, where both have answers. */
  private chooseModel(model: string): void {
    const { choice, shown: run } = this;
    const first = run?.other.shown && run.main.shown?.model.name;
    this.choose({ model, other: model === choice.other ? (first ?? null) : choice.other });
  }

  private choose(chosen: Partial<Choice>): void {
    clearNotices('model');
    this.follow(chosen);
  }

  private chooseDifference(difference: boolean): void {
    this.choose({ difference });
    if (this.display.isDifference === difference)
      announce(difference ? say`The difference of the two models is shown.` : say`Both models are shown.`);
  }

  /** Shows what is chosen from now on, and has models listen where that wants it. */
  private follow(chosen: Partial<Choice>): void {
    const { choice, shown: run } = this;
    Object.assign(choice, chosen);
    if (choice.other === choice.model) choice.other = null; // what failed may have brought the one back to the other
    if (choice.other === null) choice.difference = false;
    rememberChoice(choice);
    this.introduce();
    if (!run) return;
    this.attend(run);
    this.showAnswers(run);
  }

  /** What was chosen can't be had: the choice goes back to what is shown. */
  private goBack(run: Run, slot: Slot, model: string, error: unknown): void {
    const { main, other } = run;
    if (slot === main && !main.shown) {
      if (main.next || run.fail(error)) return; // another is on its way, or whoever began the song tells of it
      this.giveUp(run);
    } else {
      if (!main.isBusy && main.shown?.isStopped) this.rest(run);
      if (this.shown !== run) return;
      if (slot === main) this.follow(backTo(main.shown!, this.choice));
      else {
        const isOfThisHop = other.shown?.hopFrames === this.choice.hopFrames;
        this.follow({ other: isOfThisHop ? other.shown!.model.name : null });
      }
    }
    complain(isOurs(error) ? `model ${model}` : 'intake', error);
  }

  /** It was stopped before, and could not be gone on with. */
  private rest(run: Run): void {
    const item = this.itemOf(run);
    run.rest();
    if (item?.state === 'working') this.queue.rest(item);
  }

  private arrange(arrangement: Partial<Pick<Choice, 'sort' | 'filter'>>): void {
    Object.assign(this.choice, arrangement);
    if (!this.shown) return;
    this.display.refresh();
    this.toolbar.tellCount(this.display.count);
  }

  private toggle(tag: string): void {
    clearNotices('lines');
    if (this.selection.toggle(tag, this.display.tags)) return this.display.refresh(true);
    notify('lines', 'info', say`${MOST_LINES} lines at most: take one away before you add ${tag}.`);
  }
}

/** The model is what could not be had or, where it is the same, the hop. */
function backTo({ model, hopFrames }: Listening, choice: Choice): Partial<Choice> {
  return model.name === choice.model ? { hopFrames } : { model: model.name };
}
