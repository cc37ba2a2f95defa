/** The taggrams and top tags of the song that is shown: one model's, two side by side, or their difference. */
import { say } from './language.ts';
import { AgreementNote } from './agreement-note.ts';
import type { Choice } from './choice.ts';
import { modelNamed } from './choice.ts';
import type { By } from './cursor.ts';
import { sharedTags } from './difference.ts';
import type { Shown } from './export/picture.ts';
import { list } from './format.ts';
import { LIVE_SPAN } from './live.ts';
import { Pane } from './pane.ts';
import { Part } from './part.ts';
import { Listening, type Run, type Slot } from './run.ts';
import type { Selection } from './selection.ts';
import { rowHeightIn } from './rows.ts';
import { differenceOf, scoresOf } from './subject.ts';
import { StretchCard, type Answers } from './stretch.ts';
import type { Span } from './timeline.ts';
import { TimeBar } from './time-bar.ts';
import { TopTags } from './top.ts';
import { Viewport } from './viewport.ts';

export interface DisplayEvents {
  onSeek(seconds: number): void;
  onToggle(tag: string): void;
  onWords(text: string | null, by: By, near: DOMRect): void;
}

/** One model's place: what it shows, and the strongest of its tags, list by list. */
interface Stand {
  part: Part;
  /** Absent while the difference is shown. */
  pane: Pane | undefined;
  tops: { part: Part; top: TopTags }[];
}

/** How many of the strongest tags are named where there is one list of them, where there are two, and where more. */
const TOP = [10, 6, 4];

export class Display {
  /** They stay, so that focus does; those that are not needed are off the page. */
  private readonly made: Pane[] = [];
  private stands: Stand[] = [];
  private difference: Pane | undefined;
  private playhead: number | null = null;
  private readonly viewport = new Viewport();
  private readonly timeBar = new TimeBar(this.viewport, (isTable) => this.setTable(isTable));
  private readonly stretchCard = new StretchCard(() => this.answers(), {
    onZoom: (stretch) => this.viewport.show(stretch),
    onClear: () => this.mark(null),
  });
  private readonly agreement: AgreementNote;
  isTable = false;
  private rowHeight = rowHeightIn(innerHeight);
  private stretch: Span | null = null;
  private run: Run | undefined;

  constructor(
    private readonly choice: Choice,
    private readonly selection: Selection,
    private readonly events: DisplayEvents,
  ) {
    this.agreement = new AgreementNote((seconds) => events.onSeek(seconds));
    this.sizeRows();
    addEventListener('resize', () => this.rowHeight !== rowHeightIn(innerHeight) && this.sizeRows());
  }

  get panes(): Pane[] {
    const panes = this.stands.map(({ pane }) => pane);
    return [...panes, this.difference].filter((pane) => pane !== undefined);
  }

  get isDifference(): boolean {
    return this.difference !== undefined;
  }

  /** Names of the tags that have a row, or would have one without the filter. */
  get tags(): ReadonlySet<string> {
    return new Set(this.panes.flatMap(({ tags }) => tags));
  }

  /** Shows this song from the ground up. */
  show(run: Run): void {
    const isOther = this.run !== run;
    this.run = run;
    if (isOther) {
      this.viewport.begin(0);
      this.mark(null);
    }
    this.stands.forEach(({ tops }) => tops.forEach(({ top }) => top.remove()));
    const { model, other } = this.choice;
    const slots: [Slot, string][] = [
      [run.main, model],
      ...(other ? [[run.other, other] as [Slot, string]] : []),
    ];
    this.stands = slots.map(([slot, name]) => this.stand(slot, name));
    this.difference = undefined;
    const [first, second] = this.stands;
    if (first && second && this.choice.difference && canDiffer(first.part, second.part))
      this.beginDifference(first.part, second.part);
    else this.stands.forEach((stand, index) => this.beginPane(stand, index));
    this.made.slice(this.panes.length).forEach((pane) => pane.leave());
    this.agreement.begin(
      first && second && haveSameTags(first.part, second.part)
        ? [() => first.part.song!.scores, () => second.part.song!.scores]
        : null,
    );
    document.body.classList.toggle('comparing', this.stands.length > 1);
    this.fitAxis();
    this.refresh();
    this.panes.forEach((pane) => pane.mark(this.stretch));
    this.setTable(this.isTable);
    this.setPlayhead(this.playhead);
  }

  /** There are more segments. */
  grow(): void {
    this.stands.forEach(({ pane }) => pane?.grow());
    this.difference?.grow();
    this.fitAxis();
    this.oversee();
  }

  /** Sorts the rows, unless they are to keep still, and redraws what stands beside them. */
  refresh(keepOrder = false): void {
    const { selection, rowHeight } = this;
    const { sort, filter } = this.choice;
    this.panes.forEach((pane) => pane.refresh({ sort, filter, rowHeight, selection }, keepOrder));
    const tops = this.stands.flatMap((stand) => stand.tops);
    for (const { part, top } of tops) {
      const { song, tags, listening } = part;
      if (!song) continue;
      top.show(song, tags, TOP[Math.min(tops.length, TOP.length) - 1]!);
      if (listening.result) top.remark(song);
    }
    this.agreement.refresh();
    this.oversee();
    this.stretchCard.refresh();
  }

  /** The first moment that is seen. */
  get seenFrom(): number {
    return this.viewport.from;
  }

  /** Turns to the end of a song that goes on. */
  showLatest(): void {
    this.viewport.showEnd();
  }

  setPlayhead(seconds: number | null): void {
    this.playhead = seconds;
    this.viewport.follow(seconds);
    this.panes.forEach((pane) => pane.setPlayhead(seconds));
  }

  /** Names the grids for those who can't see them; returns what stands out in each. */
  label(): string {
    const summaries = this.stands.map(({ part, pane }) => {
      const { model, song, result, isStopped } = part.listening;
      if (!song) return '';
      if (!result) {
        pane?.setLabel(isStopped ? say`stopped before its end` : say`still listening`);
        return '';
      }
      const best = part.top.map(({ tag }) => tag);
      const summary = best.length > 0 ? say`strongest: ${list(best)}` : say`all of it is silent`;
      const by = this.stands.length > 1 ? say`by ${model.name}, ` : '';
      pane?.setLabel(
        say`${by}${part.tags.length} tags by ${song.scores.segments.length} segments, ${summary}`,
      );
      return by + summary;
    });
    this.difference?.setLabel(say`difference of two models`);
    return summaries.filter(Boolean).join('; ');
  }

  /** How many tags the filter leaves, of how many, in the first taggram. */
  get count(): [number, number] {
    const { rows, subject } = this.panes[0]!.shown;
    return [rows.order.length, subject.tags.length];
  }

  /** For a picture of what is seen. */
  get picture(): { shown: Shown[]; plotWidth: number } {
    const { panes } = this;
    return { shown: panes.map((pane) => pane.shown), plotWidth: panes[0]!.plotWidth };
  }

  /** The axis is as long as the longest of what is shown. */
  private fitAxis(): void {
    const length = Math.max(...this.panes.map(({ axisLength }) => axisLength));
    if (this.run?.live) this.viewport.extend(length, LIVE_SPAN);
    else this.viewport.setDuration(length);
  }

  /** What stands beside the rows takes its size from theirs. */
  private sizeRows(): void {
    this.rowHeight = rowHeightIn(innerHeight);
    document.documentElement.style.setProperty('--row', `${this.rowHeight}px`);
    if (this.panes.length > 0) this.refresh();
  }

  private oversee(): void {
    this.timeBar.show(this.panes[0]!.overseen);
  }

  private mark(stretch: Span | null): void {
    this.stretch = stretch;
    this.panes.forEach((pane) => pane.mark(stretch));
    this.stretchCard.show(stretch);
  }

  private setTable(isTable: boolean): void {
    this.isTable = isTable;
    this.panes.forEach((pane) => pane.setTable(isTable ? this.viewport.from : null));
  }

  private answers(): Answers[] {
    return this.stands.flatMap(({ part: { listening, tags, song } }) =>
      song ? [{ model: listening.model.name, tags, scores: song.scores }] : [],
    );
  }

  private stand(slot: Slot, name: string): Stand {
    const listening = slot.shown ?? new Listening(modelNamed(name)!, this.choice.hopFrames);
    const part = new Part(listening, this.choice.list);
    return { part, pane: undefined, tops: part.each().map((one) => this.top(one, part)) };
  }

  /** The strongest tags of one list, beside a taggram that may be of several. */
  private top(part: Part, whole: Part): Stand['tops'][number] {
    const top = new TopTags((tag) => {
      const name = tag === null ? null : whole.tags[part.first - whole.first + tag]!;
      this.panes.forEach((pane) => pane.highlight(name));
    });
    const model = this.choice.other ? part.listening.model.name : '';
    const list = part === whole ? '' : part.lists[0]!;
    top.begin([model, list].filter(Boolean).join(', '));
    return { part, top };
  }

  private beginPane(stand: Stand, index: number): void {
    const { part } = stand;
    const { model, song } = part.listening;
    const isAlone = this.stands.length === 1;
    stand.pane = this.pane(index);
    stand.pane.begin(scoresOf(part), isAlone ? say`Taggram` : model.name, !song, this.run!.peaks);
  }

  private beginDifference(first: Part, second: Part): void {
    this.difference = this.pane(0);
    const shared = sharedTags(first.tags, second.tags).length;
    const title = say`Difference over ${shared} shared tags`;
    this.difference.begin(differenceOf(first, second), title, false, this.run!.peaks);
  }

  private pane(index: number): Pane {
    this.made[index] ??= this.makePane(`taggram-${index}`);
    return this.made[index];
  }

  private makePane(id: string): Pane {
    const pane: Pane = new Pane(id, this.viewport, {
      ...this.events,
      onPlace: (place) => {
        for (const other of this.panes) if (other !== pane) other.echo(place);
      },
      onMark: (stretch) => this.mark(stretch),
    });
    return pane;
  }
}

/** And answers at the same times. */
function haveSameTags(first: Part, second: Part): boolean {
  return canDiffer(first, second) && first.tags.every((tag, place) => tag === second.tags[place]);
}

/** Answers at other times can't be compared. */
function canDiffer({ listening: first }: Part, { listening: second }: Part): boolean {
  return first.song !== undefined && second.song !== undefined && first.hopFrames === second.hopFrames;
}
