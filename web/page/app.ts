/** The page's conduct: takes files, runs one tagging at a time, and keeps view, player and words in step. */
import { createTagger, inspectFile, TaggramError } from '../taggram.ts';
import type { AudioFacts, Progress, TaggedFile, Tagger } from '../taggram.ts';
import { find, prefersDark, prefersStillness } from './dom.ts';
import { fetchExample } from './example.ts';
import { channels, clock, kilohertz, list, score } from './format.ts';
import { listenForFiles, type Intake } from './intake.ts';
import { drawLegend } from './legend.ts';
import { clearNotices, notify, patiently } from './notices.ts';
import { palette } from './palette.ts';
import { Player } from './player.ts';
import { Song } from './song.ts';
import { DONE, showStage, type Stage } from './stage.ts';
import { Tooltip } from './tooltip.ts';
import { TopTags, WORTH_TELLING } from './top.ts';
import { TaggramView, type Cell } from './view.ts';

/** While a song is being tagged its rows are sorted anew this often: more would be unrest. */
const REORDER_EVERY_MS = 900;

const TITLE = document.title;
const READING: Stage = { text: 'Reading', fraction: null };

/** One song on its way: how far it is, and what has come of it. */
interface Run {
  readonly file: File;
  readonly facts: AudioFacts;
  /** Names of files that came with it and are not tagged. */
  readonly others: readonly string[];
  readonly abort: AbortController;
  stage: Stage;
  /** From its first segment on. */
  song?: Song;
  /** When its rows were last sorted. */
  sortedAt: number;
  result?: TaggedFile;
  /** Where its playing was left, in seconds. */
  position: number;
}

export class App {
  private readonly view = new TaggramView(find('#taggram'), {
    onChoose: (cell) => this.seek(cell),
    onCell: (cell, by, near) => this.tellCell(cell, by, near),
  });
  private readonly player = new Player((seconds) => this.view.setPlayhead(this.shown?.song ? seconds : null));
  private readonly top = new TopTags((tag) => this.view.highlight(tag));
  private readonly download = find<HTMLButtonElement>('#download');
  private readonly tooltip = new Tooltip();
  private readonly tagger: Promise<Tagger>;
  /** Until the tagger is there. */
  private loading: Stage | undefined = { text: 'Loading the model', fraction: null };
  private tags: readonly string[] = [];
  /** Seconds that one answer is about. */
  private length = 0;

  /** Counts what is brought to the page. */
  private intakes = 0;
  /** The latest intake of which a song has been begun: what came earlier yields to it, however slow it was to read. */
  private begun = 0;
  /** What the page shows. */
  private shown: Run | undefined;
  /** The last song that had a segment to show: it stays at hand until the next one has. */
  private settled: Run | undefined;

  constructor() {
    this.tagger = createTagger({ onLoad: (fraction) => this.tellLoading(fraction) });
    this.tagger.then(
      (tagger) => this.introduce(tagger),
      (error: unknown) => notify('page', 'error', sentence(error)),
    );
    listenForFiles((intake) => this.receive(intake));
    const example = find<HTMLButtonElement>('[data-action="example"]');
    example.addEventListener('click', () => void this.takeExample(example));
    this.download.addEventListener('click', () => this.save());
    prefersDark.addEventListener('change', () => this.refresh());
  }

  private tellLoading(fraction: number | null): void {
    if (!this.loading) return;
    this.loading = { ...this.loading, fraction };
    if (!this.shown) return;
    this.shown.stage = this.loading;
    showStage(this.loading);
  }

  private introduce(tagger: Tagger): void {
    this.loading = undefined;
    this.tags = tagger.tags;
    this.length = tagger.length;
    const { name, version } = tagger.model;
    find('#engine-facts').textContent = `Taggram ${version}, model ${name}, ${tagger.tags.length} tags.`;
    if (this.shown) this.view.clear(this.tags); // it waited for the model
  }

  private receive({ files, folders }: Intake): void {
    clearNotices('intake');
    for (const folder of folders)
      notify('intake', 'error', `${folder} is a folder. Drop one song from it instead.`);
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
    for (const [index, file] of files.entries()) {
      try {
        const facts = await patiently(`Looking into ${file.name}.`, inspectFile(file));
        if (intake < this.begun) return;
        this.begun = intake;
        return await this.tag(
          file,
          facts,
          files.slice(index + 1).map(({ name }) => name),
        );
      } catch (error) {
        notify('intake', 'error', sentence(error));
      }
    }
  }

  /** Tags this file, instead of any before it. Rejects if it can't be tagged, not if another takes its place. */
  private async tag(file: File, facts: AudioFacts, others: string[]): Promise<void> {
    const abort = new AbortController();
    const run: Run = { file, facts, others, abort, stage: this.loading ?? READING, sortedAt: 0, position: 0 };
    if (!this.shown?.song) this.shown?.abort.abort();
    this.show(run);
    announce(`Reading ${file.name}`);
    try {
      const tagger = await this.tagger;
      abort.signal.throwIfAborted();
      run.result = await tagger.tag(file, {
        signal: abort.signal,
        onProgress: (progress) => this.advance(run, progress),
      });
      this.finish(run, run.result);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.giveUp(run);
      throw error;
    }
  }

  /** Shows this song as far as it is known, or the first words if there is none. */
  private show(run: Run | undefined): void {
    const [welcome, card] = [find('#welcome'), find('#song')];
    const isChange = welcome.hidden !== (run !== undefined);
    const { activeElement } = document;
    const focusGoes =
      isChange && (activeElement === document.body || !!activeElement?.closest('#welcome, #song'));
    if (this.shown) this.shown.position = this.player.position;
    this.shown = run;
    welcome.hidden = run !== undefined;
    card.hidden = run === undefined;
    document.title = run ? `${run.file.name} - Taggram` : TITLE;
    if (focusGoes)
      find(run ? '#song-title' : '#welcome [data-action="choose"]').focus({ preventScroll: true });
    if (!run) return this.player.close();

    card.classList.toggle('waiting', !run.song);
    find('#song-title').textContent = run.file.name;
    find('#song-title').title = run.file.name;
    find('#song-facts').textContent = describe(run.facts);
    this.download.disabled = !run.result;
    this.player.open(run.file, run.position);
    showStage(run.stage);
    this.top.clear();
    find('#legend').replaceChildren();
    this.view.clear(this.tags);
    if (run.song) this.showSong(run, run.song);
  }

  private showSong(run: Run, song: Song): void {
    find('#song').classList.remove('waiting');
    this.view.begin(this.tags, song.duration, song.hop, this.length);
    this.player.setDuration(song.duration);
    this.view.show(song.scores);
    this.refresh();
    if (run.result) this.label(run.result, song);
  }

  private advance(run: Run, progress: Progress): void {
    if (progress.stage === 'reading') run.stage = READING;
    else if (progress.stage === 'decoding') run.stage = { text: 'Decoding', fraction: null };
    else this.grow(run, progress);
    if (this.shown === run) showStage(run.stage);
  }

  private grow(run: Run, { done, total, duration, hop, latest }: Progress & { stage: 'tagging' }): void {
    run.stage = { text: `Listening: ${Math.min(done, total)} of ${total} segments`, fraction: done / total };
    if (!run.song && latest.segments.length > 0) this.settle(run, new Song(this.tags.length, duration, hop));
    if (!run.song) return;
    run.song.add(latest);
    if (this.shown !== run) return;
    this.view.show(run.song.scores);
    const now = performance.now();
    const calm = prefersStillness.matches || now - run.sortedAt < REORDER_EVERY_MS;
    if (calm && run.sortedAt > 0) return;
    if (run.song.counted > 0) run.sortedAt = now;
    this.refresh();
  }

  /** It has something to show: from here on it stands in the place of the song before. */
  private settle(run: Run, song: Song): void {
    run.song = song;
    this.settled?.abort.abort();
    this.settled = run;
    clearNotices('song');
    if (run.others.length > 0) notify('intake', 'info', oneAtATime(run));
    this.showSong(run, song);
  }

  /** Sorts the rows and redraws what stands beside them. */
  private refresh(): void {
    const { song, result } = this.shown ?? {};
    if (!song) return;
    const heard = song.counted > 0;
    this.view.setOrder(heard ? song.ranking() : this.tags.map((_, tag) => tag), heard ? song.means : null);
    this.top.show(song, this.tags, palette(prefersDark.matches ? 'dark' : 'light'));
    if (result) this.top.remark(song);
    const unheard = result !== undefined && song.unheard >= WORTH_TELLING;
    drawLegend(find('#legend'), { silent: song.hasSilence, padded: song.isPadded, unheard });
  }

  private finish(run: Run, result: TaggedFile): void {
    run.stage = DONE;
    for (const warning of result.warnings) notify('song', 'warning', `${result.file}: ${warning}`);
    if (this.shown !== run || !run.song) return;
    this.download.disabled = false;
    showStage(run.stage);
    this.refresh();
    announce(`Done. ${result.file}, ${this.label(result, run.song)}.`);
  }

  /** Names the grid for those who can't see it; returns what stands out in it. */
  private label(result: TaggedFile, song: Song): string {
    const best = result.top.map(({ tag }) => tag);
    const summary = best.length > 0 ? `strongest: ${list(best)}` : 'all of it is silent';
    this.view.setLabel(`${this.tags.length} tags by ${song.scores.segments.length} segments, ${summary}`);
    return summary;
  }

  /** Goes back to the song before, if there is one. */
  private giveUp(run: Run): void {
    if (this.settled === run) this.settled = undefined;
    if (this.shown === run) this.show(this.settled);
  }

  private seek({ segment }: Cell): void {
    if (this.shown?.song) this.player.seek(this.shown.song.segment(segment).start);
  }

  private tellCell(cell: Cell | null, by: 'pointer' | 'keyboard', near: DOMRect): void {
    const song = this.shown?.song;
    if (!cell || !song) return this.tooltip.hide();
    const text = this.describeCell(song, cell);
    this.tooltip.show(text, near);
    if (by === 'keyboard') find('#cell-announcer').textContent = text;
  }

  private describeCell(song: Song, { tag, segment }: Cell): string {
    const { start, end, silent } = song.segment(segment);
    const answer = silent ? 'silent, no answer' : score(song.score(segment, tag));
    return `${this.tags[tag]}, ${clock(start, true)} to ${clock(end, true)}: ${answer}`;
  }

  private save(): void {
    const result = this.shown?.result;
    if (!result) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(
      new Blob([JSON.stringify(result, null, 1)], { type: 'application/json' }),
    );
    link.download = `${result.file.replace(/\.[^.]+$/, '')}.taggram.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // the download has started by then
  }
}

function announce(text: string): void {
  find('#announcer').textContent = text;
}

function oneAtATime({ file, others }: Run): string {
  return `One song at a time: ${file.name} is tagged, ${list(others)} ${others.length > 1 ? 'are' : 'is'} not.`;
}

function describe(facts: AudioFacts): string {
  const parts = [facts.container === 'unknown' ? '' : facts.container];
  if (facts.sampleRate !== null) parts.push(kilohertz(facts.sampleRate));
  if (facts.channels !== null) parts.push(channels(facts.channels));
  return parts.filter(Boolean).join(', ');
}

function sentence(error: unknown): string {
  if (error instanceof TaggramError) return error.message;
  console.error(error);
  return 'Something in Taggram itself failed. Reload the page; if it happens again, please report it.';
}
