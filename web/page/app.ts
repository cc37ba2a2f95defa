/** The page's conduct: takes files, has models listen to them, and keeps taggram, player and words in step. */
import { inspectFile } from '../taggram.ts';
import type { Progress, TaggedFile } from '../taggram.ts';
import { firstChoice, modelNamed, remember, type Choice } from './choice.ts';
import { Display } from './display.ts';
import { find, prefersDark, prefersStillness } from './dom.ts';
import { fetchExample } from './example.ts';
import { listenForFiles, type Intake } from './intake.ts';
import { announce, clearNotices, notify, patiently, Troubles } from './notices.ts';
import { Player } from './player.ts';
import { Listening, Run, type Slot } from './run.ts';
import { Saving } from './saving.ts';
import { MOST_LINES, Selection } from './selection.ts';
import { Shelf } from './shelf.ts';
import { ofFolders, oneAtATime, sentence } from './sentences.ts';
import { showSong } from './song-bar.ts';
import { showStage, type Stage } from './stage.ts';
import { Toolbar } from './toolbar.ts';
import { Tooltip } from './tooltip.ts';

/** While a song is being tagged its rows are sorted anew this often: more would be unrest. */
const REFRESH_EVERY_MS = 900;

export class App {
  private readonly choice = firstChoice();
  private readonly selection = new Selection();
  private readonly shelf = new Shelf(() => this.tellStage());
  private readonly tooltip = new Tooltip();
  private readonly player = new Player((seconds) =>
    this.display.setPlayhead(this.shown?.hasSong ? seconds : null),
  );
  private readonly display = new Display(this.choice, this.selection, {
    onSeek: (seconds) => this.player.seek(seconds),
    onToggle: (tag) => this.toggle(tag),
    onWords: (text, by, near) => this.tooltip.tell(text, by, near),
  });
  private readonly saving = new Saving(() => ({
    results: this.heard.map(({ result, song }) => ({
      result: result!,
      means: song!.counted > 0 ? song!.means : null,
    })),
    picture: this.display.picture,
  }));
  private readonly toolbar = new Toolbar(this.choice, (model) => this.shelf.isLoaded(model), {
    onModel: (name) => this.chooseModel(name),
    onOther: (name) => this.chooseOther(name),
    onHop: (frames) => this.chooseHop(frames),
    onSort: (sort) => this.arrange({ sort }),
    onFilter: (filter) => this.arrange({ filter }),
    onDifference: (difference) => this.chooseDifference(difference),
  });

  /** Counts what is brought to the page. */
  private intakes = 0;
  /** The latest intake of which a song has been begun: what came earlier yields to it, however slow it was to read. */
  private begun = 0;
  /** What the page shows. */
  private shown: Run | undefined;
  /** The last song that had a segment to show: it stays at hand until the next one has. */
  private settled: Run | undefined;
  private refreshedAt = 0;

  constructor() {
    this.shelf.tagger(this.choice.model).catch((error: unknown) => notify('page', 'error', sentence(error)));
    this.introduce();
    listenForFiles((intake) => this.receive(intake));
    const example = find<HTMLButtonElement>('[data-action="example"]');
    example.addEventListener('click', () => void this.takeExample(example));
    prefersDark.addEventListener('change', () => this.shown && this.display.refresh());
  }

  /** Listenings of the shown song that are complete. */
  private get heard(): Listening[] {
    const { main, other } = this.shown ?? {};
    return [main?.shown, other?.shown].filter((listening) => listening?.result !== undefined) as Listening[];
  }

  private introduce(): void {
    const { name, version, tags, publishedScores } = modelNamed(this.choice.model)!;
    find('#engine-facts').textContent =
      `Taggram ${version}, model ${name}, ${tags.length} tags. ${publishedScores}`;
    this.toolbar.show();
  }

  // ---- Songs -------------------------------------------------------------------------------------------------------

  private receive({ files, folders }: Intake): void {
    clearNotices('intake');
    if (folders.length > 0) notify('intake', 'error', ofFolders(folders));
    if (files.length > 0) void this.tagFirst(++this.intakes, files);
  }

  private async takeExample(button: HTMLButtonElement): Promise<void> {
    const intake = ++this.intakes;
    clearNotices('intake');
    button.disabled = true;
    try {
      await this.tagFirst(intake, [await patiently('Loading the example.', fetchExample())]);
    } catch (error) {
      notify('intake', 'error', sentence(error));
    } finally {
      button.disabled = false;
    }
  }

  /** Tags the first of these files that can be tagged, and tells what is wrong with those before it. */
  private async tagFirst(intake: number, files: readonly File[]): Promise<void> {
    const troubles = new Troubles();
    for (const [index, file] of files.entries()) {
      try {
        const facts = await patiently(`Looking into ${file.name}.`, inspectFile(file));
        if (intake < this.begun) return;
        this.begun = intake;
        const others = files.slice(index + 1).map(({ name }) => name);
        return await this.tag(new Run(file, facts, others));
      } catch (error) {
        troubles.add(file.name, sentence(error));
      }
    }
  }

  /** Tags this song, instead of any before it. Rejects if it can't be tagged, not if another takes its place. */
  private async tag(run: Run): Promise<void> {
    if (!this.shown?.hasSong) this.shown?.cancel();
    this.show(run);
    scrollTo({ top: 0, behavior: 'instant' });
    announce(`Reading ${run.file.name}`);
    try {
      await this.listen(run, run.main, this.choice.model);
    } catch (error) {
      run.cancel();
      this.giveUp(run);
      throw error;
    }
  }

  /** Shows this song as far as it is known, or the first words if there is none. */
  private show(run: Run | undefined): void {
    if (this.shown) this.shown.left = this.player.state;
    this.shown = run;
    showSong(run);
    if (!run) return this.player.close();
    this.player.open(run.file, run.left);
    this.player.setDuration(run.main.shown?.song?.duration ?? 0);
    this.display.setPlayhead(run.hasSong ? run.left.position : null);
    this.display.show(run);
    this.display.label();
    this.tellStage();
  }

  /** Goes back to the song before, if there is one. */
  private giveUp(run: Run): void {
    if (this.settled === run) this.settled = undefined;
    if (this.shown === run) this.show(this.settled);
  }

  // ---- Listening ---------------------------------------------------------------------------------------------------

  /** Has a model listen to a song. Rejects if that fails, not if it is given up for something else. */
  private async listen(run: Run, slot: Slot, name: string): Promise<void> {
    const listening = new Listening(modelNamed(name)!, this.choice.hopFrames);
    slot.begin(listening);
    this.tellStage();
    try {
      const coming = this.shelf.tagger(name);
      const [recording, tagger] = await Promise.all([run.audio(() => this.tellStage()), coming]);
      listening.signal.throwIfAborted();
      listening.result = await tagger.tag(recording, {
        hop: listening.hop,
        signal: listening.signal,
        onProgress: (progress) => progress.stage === 'tagging' && this.advance(run, listening, progress),
      });
      this.finish(run, listening.result);
    } catch (error) {
      if (listening.signal.aborted) return;
      run.drop(listening);
      this.tellStage();
      throw error;
    }
  }

  /** The same, for a song that is shown already. What fails is told; a song without any answers is given up. */
  private async listenAgain(run: Run, slot: Slot, name: string): Promise<void> {
    try {
      await this.listen(run, slot, name);
    } catch (error) {
      notify('intake', 'error', sentence(error));
      if (slot === run.other) this.chooseOther(null);
      else if (run.main.shown) this.rechoose(run.main.shown.model.name);
      else this.giveUp(run);
    }
  }

  private advance(run: Run, listening: Listening, progress: Progress & { stage: 'tagging' }): void {
    if (listening.grow(progress)) this.settle(run, listening);
    if (this.shown !== run) return;
    this.tellStage();
    this.display.grow(listening);
    const now = performance.now();
    if (now - this.refreshedAt < REFRESH_EVERY_MS) return;
    this.refreshedAt = now;
    this.display.refresh(prefersStillness.matches);
  }

  /** There is something to show: from here on it stands in the place of what was before. */
  private settle(run: Run, listening: Listening): void {
    const isFirst = !run.hasSong;
    run.settle(listening);
    if (isFirst) this.settleSong(run);
    if (this.shown !== run) return;
    this.player.setDuration(listening.song!.duration);
    showSong(run);
    this.display.show(run);
    this.refreshedAt = 0;
  }

  /** Its first segment is here, so the song before may go. */
  private settleSong(run: Run): void {
    if (this.settled !== run) this.settled?.cancel();
    this.settled = run;
    clearNotices('song');
    if (run.others.length > 0) notify('intake', 'info', oneAtATime(run.file.name, run.others));
    this.compare(run);
  }

  private finish(run: Run, result: TaggedFile): void {
    for (const warning of result.warnings) notify('song', 'warning', `${result.file}: ${warning}`);
    if (this.shown !== run) return;
    this.display.refresh();
    this.tellStage();
    const summary = this.display.label();
    if (!run.isBusy) announce(`Done. ${result.file}, ${summary}.`);
  }

  private tellStage(): void {
    const run = this.shown;
    if (!run) return;
    showStage(run.stage((model) => this.loading(model)));
    this.saving.setEnabled(run.hasSong && !run.isBusy);
  }

  private loading(model: string): Stage | undefined {
    if (this.shelf.isLoaded(model)) return undefined;
    const fraction = this.shelf.fraction(model);
    const part = fraction === null ? '' : `: ${Math.round(fraction * 100)} %`;
    return { text: `Loading the model ${model}${part}`, fraction };
  }

  // ---- Choices -----------------------------------------------------------------------------------------------------

  private chooseModel(name: string): void {
    const { choice, shown: run } = this;
    if (name === choice.model) return;
    const swaps = name === choice.other && run?.other.shown !== undefined;
    if (name === choice.other && !swaps) this.chooseOther(null);
    if (swaps) choice.other = choice.model;
    this.rechoose(name);
    if (!run) return;
    if (!swaps) return void this.listenAgain(run, run.main, name);
    run.swap();
    this.display.show(run);
    this.display.label();
  }

  /** Names the model, without listening again. */
  private rechoose(model: string): void {
    this.choice.model = model;
    remember(model);
    this.introduce();
  }

  private chooseOther(name: string | null): void {
    const { choice, shown: run } = this;
    choice.other = name;
    if (name === null) choice.difference = false;
    this.toolbar.show();
    if (!run) return;
    run.other.clear();
    this.display.show(run);
    this.display.label();
    this.tellStage();
    if (run.hasSong) this.compare(run);
  }

  /** Has the other model listen, if there is one. */
  private compare(run: Run): void {
    if (this.choice.other) void this.listenAgain(run, run.other, this.choice.other);
  }

  private chooseHop(frames: number): void {
    const { choice, shown: run } = this;
    choice.hopFrames = frames;
    this.toolbar.show();
    if (!run) return;
    run.stop();
    void this.listenAgain(run, run.main, choice.model);
    if (run.hasSong) this.compare(run);
  }

  private chooseDifference(difference: boolean): void {
    this.choice.difference = difference;
    this.toolbar.show();
    if (!this.shown) return;
    this.display.show(this.shown);
    this.display.label();
  }

  private arrange(arrangement: Partial<Pick<Choice, 'sort' | 'filter'>>): void {
    Object.assign(this.choice, arrangement);
    if (!this.shown) return;
    this.display.refresh();
    this.toolbar.tellCount(this.display.count);
  }

  private toggle(tag: string): void {
    clearNotices('lines');
    if (this.selection.toggle(tag)) return this.display.refresh(true);
    notify('lines', 'info', `${MOST_LINES} lines at most: take one away before you add ${tag}.`);
  }
}
