/** The taggrams and top tags of the song that is shown: one model's, two side by side, or their difference. */
import type { Choice } from './choice.ts';
import { modelNamed } from './choice.ts';
import type { By } from './cursor.ts';
import { sharedTags } from './difference.ts';
import type { Shown } from './export/picture.ts';
import { list } from './format.ts';
import { Pane } from './pane.ts';
import { Listening, type Run, type Slot } from './run.ts';
import type { Selection } from './selection.ts';
import { differenceOf, scoresOf } from './subject.ts';
import { TopTags } from './top.ts';

export interface DisplayEvents {
  onSeek(seconds: number): void;
  onToggle(tag: string): void;
  onWords(text: string | null, by: By, near: DOMRect): void;
}

/** One model's place: what it shows, and the strongest of its tags. */
interface Stand {
  listening: Listening;
  /** Absent while the difference is shown. */
  pane: Pane | undefined;
  top: TopTags;
}

const TOP = { alone: 10, besideAnother: 6 };

export class Display {
  /** They stay, so that focus does; those that are not needed are off the page. */
  private readonly made: Pane[] = [];
  private stands: Stand[] = [];
  private difference: Pane | undefined;
  private playhead: number | null = null;

  constructor(
    private readonly choice: Choice,
    private readonly selection: Selection,
    private readonly events: DisplayEvents,
  ) {}

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
    this.stands.forEach(({ top }) => top.remove());
    const { model, other } = this.choice;
    const slots: [Slot, string][] = [
      [run.main, model],
      ...(other ? [[run.other, other] as [Slot, string]] : []),
    ];
    this.stands = slots.map(([slot, name]) => this.stand(slot, name));
    this.difference = undefined;
    const [first, second] = this.stands;
    if (first && second && this.choice.difference && canDiffer(first.listening, second.listening))
      this.beginDifference(first.listening, second.listening);
    else this.stands.forEach((stand, index) => this.beginPane(stand, index));
    this.made.slice(this.panes.length).forEach((pane) => pane.leave());
    document.body.classList.toggle('comparing', this.stands.length > 1);
    this.refresh();
    this.setPlayhead(this.playhead);
  }

  /** There are more segments. */
  grow(): void {
    this.stands.forEach(({ pane }) => pane?.grow());
    this.difference?.grow();
  }

  /** Sorts the rows, unless they are to keep still, and redraws what stands beside them. */
  refresh(keepOrder = false): void {
    const { sort, filter } = this.choice;
    this.panes.forEach((pane) => pane.refresh({ sort, filter, selection: this.selection }, keepOrder));
    for (const { listening, top } of this.stands) {
      const { song, result, model } = listening;
      if (!song) continue;
      top.show(song, model.tags, this.stands.length > 1 ? TOP.besideAnother : TOP.alone);
      if (result) top.remark(song);
    }
  }

  setPlayhead(seconds: number | null): void {
    this.playhead = seconds;
    this.panes.forEach((pane) => pane.setPlayhead(seconds));
  }

  /** Names the grids for those who can't see them; returns what stands out in each. */
  label(): string {
    const summaries = this.stands.map(({ listening: { model, song, result }, pane }) => {
      if (!song || !result) return '';
      const best = result.top.map(({ tag }) => tag);
      const summary = best.length > 0 ? `strongest: ${list(best)}` : 'all of it is silent';
      const by = this.stands.length > 1 ? `by ${model.name}, ` : '';
      pane?.setLabel(`${by}${model.tags.length} tags by ${song.scores.segments.length} segments, ${summary}`);
      return by + summary;
    });
    this.difference?.setLabel('difference of two models');
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

  private stand(slot: Slot, name: string): Stand {
    const listening = slot.shown ?? new Listening(modelNamed(name)!, this.choice.hopFrames);
    const top = new TopTags((tag) => {
      const tagName = tag === null ? null : listening.model.tags[tag]!;
      this.panes.forEach((pane) => pane.highlight(tagName));
    });
    top.begin(this.choice.other ? listening.model.name : '');
    return { listening, pane: undefined, top };
  }

  private beginPane(stand: Stand, index: number): void {
    const { listening } = stand;
    const isAlone = this.stands.length === 1;
    stand.pane = this.pane(index);
    stand.pane.begin(scoresOf(listening), isAlone ? 'Taggram' : listening.model.name, !listening.song);
  }

  private beginDifference(first: Listening, second: Listening): void {
    this.difference = this.pane(0);
    const shared = sharedTags(first.model.tags, second.model.tags).length;
    const title = `Difference over ${shared} shared tags`;
    this.difference.begin(differenceOf(first, second), title, false);
  }

  private pane(index: number): Pane {
    this.made[index] ??= this.makePane(`taggram-${index}`);
    return this.made[index];
  }

  private makePane(id: string): Pane {
    const pane: Pane = new Pane(id, {
      ...this.events,
      onPlace: (place) => {
        for (const other of this.panes) if (other !== pane) other.echo(place);
      },
    });
    return pane;
  }
}

/** Answers at other times can't be compared. */
function canDiffer(first: Listening, second: Listening): boolean {
  return first.song !== undefined && second.song !== undefined && first.hopFrames === second.hopFrames;
}
