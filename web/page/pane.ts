/** One taggram with its heading, its legend and, below it, the lines of the tags that are chosen. */
import { say } from './language.ts';
import { LineChart } from './chart.ts';
import type { By, Cell } from './cursor.ts';
import { find, make } from './dom.ts';
import type { Shown } from './export/picture.ts';
import { clock } from './format.ts';
import { drawLegend } from './legend.ts';
import type { Overseen } from './overview.ts';
import type { Peaks } from './peaks.ts';
import { layOut, type Rows, type Sort } from './rows.ts';
import type { Selection } from './selection.ts';
import type { Subject } from './subject.ts';
import { TaggramTable } from './table.ts';
import type { Span } from './timeline.ts';
import { TaggramView } from './view.ts';
import type { Viewport } from './viewport.ts';

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
  /** A stretch of time was marked, or is no more. */
  onMark(stretch: Span | null): void;
}

export interface Arrangement {
  sort: Sort;
  filter: string;
  rowHeight: number;
  selection: Selection;
}

const LINES_RANGE = { from: 0, to: 1 };
const MOST_OVERSEEN = 16;

export class Pane {
  private readonly root = make('section', 'pane');
  private readonly view: TaggramView;
  private readonly chart: LineChart;
  private readonly table: TaggramTable;
  private subject: Subject | undefined;
  private rows: Rows | undefined;
  private selection: Selection | undefined;

  constructor(
    id: string,
    viewport: Viewport,
    private readonly events: PaneEvents,
  ) {
    this.root.innerHTML = `
      <div class="pane-head"><h3></h3><div class="legend"></div></div>
      <div class="taggram"></div>
      <div class="table" hidden></div>
      <p class="no-rows note" hidden></p>
      <div class="lines" hidden></div>`;
    find('h3', this.root).id = `${id}-title`;
    this.root.setAttribute('aria-labelledby', `${id}-title`);
    this.view = new TaggramView(find('.taggram', this.root), viewport, {
      onChoose: ({ segment }) => events.onSeek(this.subject!.scores().segments[segment]!.start),
      onCell: (cell, by, near) => this.tell(cell, by, near),
      onToggle: (tag) => events.onToggle(this.subject!.tags[tag]!),
      onMark: (stretch) => events.onMark(stretch),
    });
    this.table = new TaggramTable(find('.table', this.root));
    this.chart = new LineChart(find('.lines', this.root), viewport, {
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
  begin(subject: Subject, title: string, waiting: boolean, peaks: Peaks | undefined): void {
    this.subject = subject;
    this.rows = undefined;
    if (!this.root.isConnected) find('#panes').append(this.root);
    find('h3', this.root).textContent = title;
    this.root.classList.toggle('waiting', waiting);
    this.view.begin(title, subject.tags, subject.duration, subject.hop);
    this.view.setPeaks(peaks);
    this.view.show(subject.scores());
  }

  /** There is more to show. */
  grow(): void {
    this.view.show(this.subject!.scores());
  }

  /** Brings all that is drawn beside the cells up to date; `keepOrder` leaves rows where they are. */
  refresh({ sort, filter, rowHeight, selection }: Arrangement, keepOrder = false): void {
    const subject = this.subject!;
    this.selection = selection;
    if (!keepOrder || !this.rows)
      this.rows = layOut(subject.tags, subject.strengths(), { sort, filter, rowHeight }, subject.lists);
    this.view.setScale(subject.scale());
    this.view.setRows(this.rows, subject.numbers());
    const lines = subject.lines(selection);
    this.view.colourNames(subject.tags.map((tag) => lines.find((line) => line.tag === tag)?.colour));
    this.chart.show(lines, LINES_RANGE);
    this.root.classList.toggle('has-lines', lines.length > 0);
    drawLegend(find('.legend', this.root), subject.scale(), subject.words, subject.grounds());
    this.table.set(subject, this.rows.order, find('h3', this.root).textContent!);
    const empty = find('.no-rows', this.root);
    empty.hidden = this.rows.order.length > 0;
    empty.textContent = say`None of its ${subject.tags.length} tags contains “${filter.trim()}”.`;
  }

  setPlayhead(seconds: number | null): void {
    this.view.setPlayhead(seconds);
    this.chart.setPlayhead(seconds);
  }

  /** A table in place of the cells, from the moment that is seen first; null for the cells. */
  setTable(from: number | null): void {
    this.root.classList.toggle('as-table', from !== null);
    if (from === null) this.table.close();
    else this.table.open(from);
  }

  /** A stretch of time is marked, or none any more. */
  mark(stretch: Span | null): void {
    this.view.mark(stretch);
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

  /** Seconds that its axis is long: the audio, or the one segment that it was repeated to fill. */
  get axisLength(): number {
    return Math.max(this.subject!.duration, this.subject!.length);
  }

  /** The strongest of its rows: more would be too thin to be seen. */
  get overseen(): Overseen {
    const { order } = this.rows!;
    const strengths = this.subject!.strengths();
    const strongest = strengths ? order.toSorted((a, b) => strengths[b]! - strengths[a]!) : order;
    const seen = new Set(strongest.slice(0, MOST_OVERSEEN));
    return {
      scores: this.subject!.scores(),
      scale: this.subject!.scale(),
      order: order.filter((tag) => seen.has(tag)),
    };
  }

  get plotWidth(): number {
    return this.view.width;
  }

  private tell(cell: Cell | null, by: By, near: DOMRect): void {
    const subject = this.subject;
    if (!cell || !subject) {
      this.events.onPlace(null);
      return this.events.onWords(null, by, near);
    }
    const { among = 1 } = cell;
    const tag = subject.tags[cell.tag]!;
    const { start, end, silent } = subject.scores().segments[cell.segment]!;
    const answer = silent ? say`silent, no answer` : subject.answer(cell.tag, cell.segment);
    this.events.onPlace({ tag, segment: cell.segment, hop: subject.hop });
    const shared = among > 1 ? say`, the strongest of ${among} here` : '';
    this.events.onWords(
      say`${tag}, ${clock(start, true)} to ${clock(end, true)}: ${answer}${shared}`,
      by,
      near,
    );
  }
}
