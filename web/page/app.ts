/** The page's conduct: keeps song, choices, taggram, player and words in step. */
import { HAS_SIMD, type TaggedFile } from '../taggram.ts';
import { firstChoice, modelNamed, remember, type Choice } from './choice.ts';
import { Display } from './display.ts';
import { find, prefersDark, prefersStillness } from './dom.ts';
import { Listener } from './listener.ts';
import { announce, clearNotices, notify } from './notices.ts';
import { Player } from './player.ts';
import { Reception } from './reception.ts';
import type { Listening, Run, Slot } from './run.ts';
import { Saving } from './saving.ts';
import { MOST_LINES, Selection } from './selection.ts';
import { Shelf } from './shelf.ts';
import { isOurs, oneAtATime, sentence } from './sentences.ts';
import { showSong } from './song-bar.ts';
import { showStage, type Stage } from './stage.ts';
import { Toolbar } from './toolbar.ts';
import { Tooltip } from './tooltip.ts';

/** While a song is being tagged what is new is drawn this often: drawing takes time that the workers could use. */
const GROW_EVERY_MS = 100;

/** While a song is being tagged its rows are sorted anew this often: more would be unrest. */
const REFRESH_EVERY_MS = 900;

const WITHOUT_SIMD =
  ' This browser has no WebAssembly SIMD, so songs take about ten times as long here; a newer one is faster.';

export class App {
  private readonly choice = firstChoice();
  private readonly selection = new Selection();
  private readonly shelf = new Shelf(
    () => this.tellStage(),
    (name) => clearNotices(`model ${name}`),
  );
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
    onOther: (other) => this.choose({ other }),
    onHop: (hopFrames) => this.choose({ hopFrames }),
    onSort: (sort) => this.arrange({ sort }),
    onFilter: (filter) => this.arrange({ filter }),
    onDifference: (difference) => this.chooseDifference(difference),
  });
  private readonly listener = new Listener(this.choice, this.shelf, {
    onStage: () => this.tellStage(),
    onSegments: (run, listening, isFirst) => this.grow(run, listening, isFirst),
    onResult: (run, result) => this.finish(run, result),
    onFail: (run, slot, model, error) => this.goBack(run, slot, model, error),
  });

  /** What the page shows. */
  private shown: Run | undefined;
  /** The last song that had a segment to show: it stays at hand until the next one has. */
  private settled: Run | undefined;
  private refreshedAt = 0;
  private grownAt = 0;

  constructor() {
    const { model } = this.choice;
    this.shelf.tagger(model).catch((error: unknown) => notify(`model ${model}`, 'error', sentence(error)));
    this.introduce();
    new Reception((run) => this.tag(run));
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
      `Taggram ${version}, model ${name}, ${tags.length} tags. ${publishedScores}${HAS_SIMD ? '' : WITHOUT_SIMD}`;
    this.toolbar.show();
  }

  // ---- Songs -------------------------------------------------------------------------------------------------------

  /** Shows this song, instead of any before it, until it has its first segment. Rejects if it can't be tagged. */
  private async tag(run: Run): Promise<void> {
    if (!this.shown?.hasSong) this.shown?.cancel();
    this.show(run);
    scrollTo({ top: 0, behavior: 'instant' });
    announce(`Reading ${run.file.name}`);
    this.listener.attend(run);
    try {
      await run.started;
    } catch (error) {
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
    this.showAnswers(run);
    this.display.setPlayhead(run.hasSong ? run.left.position : null);
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
    if (this.settled === run) this.settled = undefined;
    if (this.shown !== run) return;
    if (this.settled) this.listener.attend(this.settled);
    this.show(this.settled);
  }

  // ---- Answers -----------------------------------------------------------------------------------------------------

  private grow(run: Run, listening: Listening, isFirst: boolean): void {
    if (isFirst && this.settled !== run) this.settle(run);
    if (this.shown !== run) return;
    if (isFirst) {
      this.player.setDuration(listening.song!.duration);
      showSong(run);
      this.showAnswers(run);
      this.refreshedAt = 0;
    }
    this.tellStage();
    const now = performance.now();
    if (!isFirst && now - this.grownAt < GROW_EVERY_MS) return;
    this.grownAt = now;
    this.display.grow();
    if (now - this.refreshedAt < REFRESH_EVERY_MS) return;
    this.refreshedAt = now;
    this.display.refresh(prefersStillness.matches);
  }

  /** Its first segment is here, so the song before may go. */
  private settle(run: Run): void {
    this.settled?.cancel();
    this.settled = run;
    clearNotices('song');
    if (run.others.length > 0) notify('intake', 'info', oneAtATime(run.file.name, run.others));
    this.listener.attend(run);
  }

  private finish(run: Run, result: TaggedFile): void {
    for (const warning of result.warnings) notify('song', 'warning', `${result.file}: ${warning}`);
    if (this.shown !== run) return;
    this.display.grow();
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
      announce(difference ? 'The difference of the two models is shown.' : 'Both models are shown.');
  }

  /** Shows what is chosen from now on, and has models listen where that wants it. */
  private follow(chosen: Partial<Choice>): void {
    const { choice, shown: run } = this;
    Object.assign(choice, chosen);
    if (choice.other === choice.model) choice.other = null; // what failed may have brought the one back to the other
    if (choice.other === null) choice.difference = false;
    remember(choice.model);
    this.introduce();
    if (!run) return;
    this.listener.attend(run);
    this.showAnswers(run);
  }

  /** What was chosen can't be had: the choice goes back to what is shown. */
  private goBack(run: Run, slot: Slot, model: string, error: unknown): void {
    const { main, other } = run;
    if (slot === main && !main.shown) {
      if (main.next || run.fail(error)) return; // another is on its way, or whoever began the song tells of it
      this.giveUp(run);
    } else if (this.shown !== run) return;
    else if (slot === main) this.follow(backTo(main.shown!, this.choice));
    else {
      const isOfThisHop = other.shown?.hopFrames === this.choice.hopFrames;
      this.follow({ other: isOfThisHop ? other.shown!.model.name : null });
    }
    notify(isOurs(error) ? `model ${model}` : 'intake', 'error', sentence(error));
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
    notify('lines', 'info', `${MOST_LINES} lines at most: take one away before you add ${tag}.`);
  }
}

/** The model is what could not be had or, where it is the same, the hop. */
function backTo({ model, hopFrames }: Listening, choice: Choice): Partial<Choice> {
  return model.name === choice.model ? { hopFrames } : { model: model.name };
}
