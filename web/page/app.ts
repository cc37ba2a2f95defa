/** The page's conduct: takes files, runs one tagging at a time, and keeps view, player and words in step. */
import { createTagger, inspectFile, TaggramError } from '../taggram.ts';
import type { AudioFacts, Progress, TaggedFile, Tagger } from '../taggram.ts';
import { find, prefersDark, prefersStillness } from './dom.ts';
import { fetchExample } from './example.ts';
import { channels, clock, kilohertz, list, score } from './format.ts';
import { listenForFiles, type Intake } from './intake.ts';
import { clearNotices, notify } from './notices.ts';
import { palette } from './palette.ts';
import { Player } from './player.ts';
import { Song } from './song.ts';
import { TopTags } from './top.ts';
import { drawLegend, TaggramView, type Cell } from './view.ts';

/** While a song is being tagged its rows are sorted anew this often: more would be unrest. */
const REORDER_EVERY_MS = 900;

/** A header that takes longer than this to read gets a word of patience. */
const PATIENCE_MS = 150;

interface Run {
  file: File;
  abort: AbortController;
  song?: Song;
  duration: number;
  sortedAt: number;
  result?: TaggedFile;
}

export class App {
  private readonly tagger: Promise<Tagger>;
  private readonly view = new TaggramView(find('#taggram'), {
    onChoose: (cell) => this.seek(cell),
    onCell: (cell, by) => this.tellCell(cell, by),
  });
  private readonly player = new Player((seconds) => this.view.setPlayhead(this.run?.song ? seconds : null));
  private readonly top = new TopTags((tag) => this.view.highlight(tag));
  private readonly download = find<HTMLButtonElement>('#download');
  private readonly tooltip = find('#tooltip');
  private run: Run | undefined;
  /** Counts what was dropped, so that a slow header doesn't overtake a later drop. */
  private intakes = 0;
  private tags: readonly string[] = [];
  private length = 0;

  constructor() {
    this.tagger = createTagger();
    this.tagger.then(
      (tagger) => this.introduce(tagger),
      (error: unknown) => notify('error', sentence(error)),
    );
    listenForFiles((intake) => void this.take(intake));
    find('[data-action="example"]').addEventListener('click', () => void this.takeExample());
    this.download.addEventListener('click', () => this.save());
    prefersDark.addEventListener('change', () => this.run?.song && this.refresh(this.run, this.run.song));
    document.addEventListener('pointermove', (event) => this.moveTooltip(event));
  }

  private introduce(tagger: Tagger): void {
    this.tags = tagger.tags;
    this.length = tagger.length;
    const { name, version } = tagger.model;
    find('#engine-facts').textContent = `Taggram ${version}, model ${name}, ${tagger.tags.length} tags.`;
  }

  private async takeExample(): Promise<void> {
    try {
      await this.take({ files: [await fetchExample()], folders: [] });
    } catch (error) {
      notify('error', sentence(error));
    }
  }

  /** Tags the first file that holds audio, and says what becomes of the others. */
  private async take({ files, folders }: Intake): Promise<void> {
    const intake = ++this.intakes;
    clearNotices();
    for (const folder of folders) notify('error', `${folder} is a folder. Drop one song from it instead.`);
    for (const [index, file] of files.entries()) {
      const facts = await this.inspect(file);
      if (intake !== this.intakes) return;
      if (!facts) continue;
      const others = files.slice(index + 1).map(({ name }) => name);
      if (others.length > 0)
        notify(
          'info',
          `One song at a time: ${file.name} is tagged, ${list(others)} ${others.length > 1 ? 'are' : 'is'} not.`,
        );
      return this.start(file, facts);
    }
  }

  /** What a file's header says, or undefined when the person was told what is wrong with it. */
  private async inspect(file: File): Promise<AudioFacts | undefined> {
    let patience: HTMLElement | undefined;
    const timer = setTimeout(() => (patience = notify('info', `Looking into ${file.name}.`)), PATIENCE_MS);
    try {
      return await inspectFile(file);
    } catch (error) {
      notify('error', sentence(error));
      return undefined;
    } finally {
      clearTimeout(timer);
      patience?.remove();
    }
  }

  /** Cancels what runs and tags this file instead. */
  private async start(file: File, facts: AudioFacts): Promise<void> {
    this.run?.abort.abort();
    const run: Run = { file, abort: new AbortController(), duration: 0, sortedAt: 0 };
    this.run = run;
    this.showSong(file, facts);
    try {
      const tagger = await this.tagger;
      const { signal } = run.abort;
      signal.throwIfAborted();
      const result = await tagger.tag(file, {
        signal,
        onProgress: (progress) => this.onProgress(run, progress),
      });
      this.finish(run, result);
    } catch (error) {
      if (this.run === run) this.fail(error);
    }
  }

  private showSong(file: File, facts: AudioFacts): void {
    find('#welcome').hidden = true;
    find('#song').hidden = false;
    find('#song').classList.add('waiting');
    find('#song-title').textContent = file.name;
    document.title = `${file.name} - Taggram`;
    find('#song-facts').textContent = describe(facts);
    find('#readout').textContent = '';
    this.download.disabled = true;
    this.top.clear();
    this.view.clear(this.tags);
    find('#legend').replaceChildren();
    this.player.open(file);
    this.setStage('Reading', null);
    announce(`Reading ${file.name}`);
  }

  private onProgress(run: Run, progress: Progress): void {
    if (this.run !== run) return;
    if (progress.stage === 'reading') this.setStage('Reading', null);
    else if (progress.stage === 'decoding') this.setStage('Decoding', null);
    else {
      const { done, total, duration, hop, latest } = progress;
      const song = run.song ?? this.firstHeard(run, duration, hop);
      song.add(latest);
      this.setStage(`Listening: ${Math.min(done, total)} of ${total} segments`, done / total);
      this.grow(run, song);
    }
  }

  private firstHeard(run: Run, duration: number, hop: number): Song {
    const song = new Song(this.tags.length, hop);
    run.song = song;
    run.duration = duration;
    find('#song').classList.remove('waiting');
    this.view.begin(this.tags, duration, hop, this.length);
    this.player.setDuration(duration);
    return song;
  }

  private grow(run: Run, song: Song): void {
    this.view.show(song.scores);
    const now = performance.now();
    const calm = prefersStillness.matches || now - run.sortedAt < REORDER_EVERY_MS;
    if (calm && run.sortedAt > 0) return;
    if (song.counted > 0) run.sortedAt = now;
    this.refresh(run, song);
  }

  /** Sorts the rows and redraws what stands beside them. */
  private refresh(run: Run, song: Song): void {
    const heard = song.counted > 0;
    this.view.setOrder(heard ? song.ranking() : this.tags.map((_, tag) => tag), heard ? song.means : null);
    this.top.show(song, this.tags, palette(prefersDark.matches ? 'dark' : 'light'));
    if (run.result) this.top.remark(run.result);
    drawLegend(find('#legend'), { silent: song.hasSilence, padded: song.isPadded });
  }

  private finish(run: Run, result: TaggedFile): void {
    if (this.run !== run || !run.song) return;
    run.result = result;
    this.view.show(run.song.scores);
    this.refresh(run, run.song);
    this.setStage('', 1);
    this.download.disabled = false;
    for (const warning of result.warnings) notify('warning', `${result.file} ${warning}.`);
    const best = result.top.slice(0, 3).map(({ tag }) => tag);
    const summary = best.length > 0 ? `strongest: ${list(best)}` : 'all of it is silent';
    this.view.setLabel(`${result.tags.length} tags by ${result.segments.length} segments, ${summary}`);
    announce(`Done. ${result.file}, ${summary}.`);
  }

  private fail(error: unknown): void {
    this.run = undefined;
    this.player.close();
    find('#song').hidden = true;
    find('#welcome').hidden = false;
    document.title = 'Taggram: see what is in the music';
    notify('error', sentence(error));
  }

  private setStage(text: string, fraction: number | null): void {
    find('#stage').textContent = text;
    const bar = find('#progress');
    bar.classList.toggle('unknown', fraction === null);
    bar.classList.toggle('done', fraction === 1 && text === '');
    find('span', bar).style.transform = `scaleX(${fraction ?? 1})`;
    if (fraction === null) bar.removeAttribute('aria-valuenow');
    else bar.setAttribute('aria-valuenow', String(Math.round(fraction * 100)));
  }

  private seek({ segment }: Cell): void {
    if (this.run?.song) this.player.seek(this.run.song.segment(segment).start);
  }

  private tellCell(cell: Cell | null, by: 'pointer' | 'keyboard'): void {
    const song = this.run?.song;
    const text = cell && song ? this.describeCell(song, cell) : '';
    find('#readout').textContent = text;
    this.tooltip.textContent = text;
    this.tooltip.hidden = !text || by === 'keyboard';
    if (by === 'keyboard') find('#cell-announcer').textContent = text;
  }

  private describeCell(song: Song, { tag, segment }: Cell): string {
    const { start, end, silent } = song.segment(segment);
    const answer = silent ? 'silent, no answer' : score(song.score(segment, tag));
    return `${this.tags[tag]}, ${clock(start, true)} to ${clock(end, true)}: ${answer}`;
  }

  private moveTooltip(event: PointerEvent): void {
    if (this.tooltip.hidden) return;
    const room = document.documentElement.clientWidth - this.tooltip.offsetWidth - 8;
    const x = Math.max(8, Math.min(room, event.clientX + 14));
    this.tooltip.style.transform = `translate(${x}px, ${event.clientY + 18}px)`;
  }

  private save(): void {
    const result = this.run?.result;
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
