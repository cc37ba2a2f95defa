/** One taggram with its heading, its legend and, below it, the lines of the tags that are chosen. */
import { LineChart } from './chart.ts';
import type { By, Cell } from './cursor.ts';
import { find, make } from './dom.ts';
import type { Shown } from './export/picture.ts';
import { clock } from './format.ts';
import { drawLegend } from './legend.ts';
import { layOut, type Rows, type Sort } from './rows.ts';
import type { Selection } from './selection.ts';
import type { Subject } from './subject.ts';
import { TaggramView } from './view.ts';

/** A cell by its tag's name: in another taggram the tag may stand elsewhere. */
export interface Place {
  tag: string;
  segment: number;
  /** Seconds: at another hop the segment is another. */
  hop: number;
}

export interface PaneEvents {
  onSeek(seconds: number): void;
  onToggle(tag: string): void;
  /** Words for a place on the window; null when there is none any more. */
  onWords(text: string | null, by: By, near: DOMRect): void;
  /** A cell is pointed at or walked to, or none any more. */
  onPlace(place: Place | null): void;
}

export interface Arrangement {
  sort: Sort;
  filter: string;
  selection: Selection;
}

const LINES_RANGE = { from: 0, to: 1 };

export class Pane {
  private readonly root = make('section', 'pane');
  private readonly view: TaggramView;
  private readonly chart: LineChart;
  private subject: Subject | undefined;
  private rows: Rows | undefined;
  private selection: Selection | undefined;

  constructor(
    id: string,
    private readonly events: PaneEvents,
  ) {
    this.root.innerHTML = `
      <div class="pane-head"><h3></h3><div class="legend"></div></div>
      <div class="taggram"></div>
      <p class="no-rows note" hidden></p>
      <div class="lines" hidden></div>`;
    find('h3', this.root).id = `${id}-title`;
    this.root.setAttribute('aria-labelledby', `${id}-title`);
    this.view = new TaggramView(find('.taggram', this.root), {
      onChoose: ({ segment }) => events.onSeek(this.subject!.scores().segments[segment]!.start),
      onCell: (cell, by, near) => this.tell(cell, by, near),
      onToggle: (tag) => events.onToggle(this.subject!.tags[tag]!),
    });
    this.chart = new LineChart(find('.lines', this.root), {
      onSeek: (seconds) => events.onSeek(seconds),
      onRemove: (tag) => {
        events.onToggle(tag);
        if (this.root.classList.contains('has-lines')) this.chart.focus();
        else this.view.focusNames();
      },
      onPoint: (text, near) => events.onWords(text, 'pointer', near),
    });
  }

  get tags(): readonly string[] {
    return this.subject?.tags ?? [];
  }

  /** Off the page, until it begins anew. */
  leave(): void {
    this.view.leave();
    this.root.remove();
  }

  /** From here on it shows this. */
  begin(subject: Subject, title: string, waiting: boolean): void {
    this.subject = subject;
    this.rows = undefined;
    if (!this.root.isConnected) find('#panes').append(this.root);
    find('h3', this.root).textContent = title;
    this.root.classList.toggle('waiting', waiting);
    this.view.begin(title, subject.tags, subject.duration, subject.hop, subject.length);
    this.view.show(subject.scores());
  }

  /** There is more to show. */
  grow(): void {
    this.view.show(this.subject!.scores());
  }

  /** Brings all that is drawn beside the cells up to date; `keepOrder` leaves rows where they are. */
  refresh({ sort, filter, selection }: Arrangement, keepOrder = false): void {
    const subject = this.subject!;
    this.selection = selection;
    if (!keepOrder || !this.rows) this.rows = layOut(subject.tags, subject.strengths(), { sort, filter });
    this.view.setScale(subject.scale());
    this.view.setRows(this.rows, subject.numbers());
    const lines = subject.lines(selection);
    this.view.mark(subject.tags.map((tag) => lines.find((line) => line.tag === tag)?.colour));
    this.chart.show(lines, Math.max(subject.duration, subject.length), LINES_RANGE);
    this.root.classList.toggle('has-lines', lines.length > 0);
    drawLegend(find('.legend', this.root), subject.scale(), subject.words, subject.grounds());
    const empty = find('.no-rows', this.root);
    empty.hidden = this.rows.order.length > 0;
    empty.textContent = `None of its ${subject.tags.length} tags contains “${filter.trim()}”.`;
  }

  setPlayhead(seconds: number | null): void {
    this.view.setPlayhead(seconds);
    this.chart.setPlayhead(seconds);
  }

  setLabel(text: string): void {
    this.view.setLabel(text);
  }

  highlight(tag: string | null): void {
    const index = tag === null ? -1 : this.subject!.tags.indexOf(tag);
    this.view.highlight(index < 0 ? null : index);
  }

  /** Frames the same cell as another taggram does. */
  echo(place: Place | null): void {
    const tag = place?.hop === this.subject!.hop ? this.subject!.tags.indexOf(place.tag) : -1;
    this.view.echo(place && tag >= 0 ? { tag, segment: place.segment } : null);
  }

  /** For a picture of it. */
  get shown(): Shown {
    return { subject: this.subject!, rows: this.rows!, lines: this.subject!.lines(this.selection!) };
  }

  get plotWidth(): number {
    return this.view.plot.clientWidth;
  }

  private tell(cell: Cell | null, by: By, near: DOMRect): void {
    const subject = this.subject;
    if (!cell || !subject) {
      this.events.onPlace(null);
      return this.events.onWords(null, by, near);
    }
    const tag = subject.tags[cell.tag]!;
    const { start, end, silent } = subject.scores().segments[cell.segment]!;
    const answer = silent ? 'silent, no answer' : subject.answer(cell.tag, cell.segment);
    this.events.onPlace({ tag, segment: cell.segment, hop: subject.hop });
    this.events.onWords(`${tag}, ${clock(start, true)} to ${clock(end, true)}: ${answer}`, by, near);
  }
}
