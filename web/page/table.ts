/** A taggram as a table: a row a segment, a column a tag, some segments at a time. */
import { say } from './language.ts';
import { find, make } from './dom.ts';
import { clock, score, signed } from './format.ts';
import type { Subject } from './subject.ts';
import { nearestSegment } from './timeline.ts';

/** Segments a page. */
export const PAGE = 50;

export class TaggramTable {
  private subject: Subject | undefined;
  private order: readonly number[] = [];
  private first = 0;
  private readonly earlier: HTMLButtonElement;
  private readonly later: HTMLButtonElement;
  private readonly body: HTMLElement;
  private readonly place: HTMLElement;

  constructor(private readonly root: HTMLElement) {
    root.innerHTML = `
      <div class="table-pages" role="group" aria-label="${say`Pages of the table`}">
        <button type="button" class="button earlier">${say`Earlier`}</button>
        <p class="note" role="status" aria-live="off"></p>
        <button type="button" class="button later">${say`Later`}</button>
      </div>
      <div class="table-scroll" tabindex="0" role="region">
        <table><caption class="visually-hidden"></caption><thead></thead><tbody></tbody></table>
      </div>`;
    this.earlier = find<HTMLButtonElement>('.earlier', root);
    this.later = find<HTMLButtonElement>('.later', root);
    this.body = find('tbody', root);
    this.place = find('[role="status"]', root);
    this.earlier.addEventListener('click', () => this.turn(-PAGE));
    this.later.addEventListener('click', () => this.turn(PAGE));
  }

  /** Shows the page that holds this moment. */
  open(seconds: number): void {
    const { segments, hop } = this.subject!.scores();
    const segment = segments.length > 0 ? nearestSegment(segments, seconds, hop) : 0;
    this.first = segment - (segment % PAGE);
    this.root.hidden = false;
    this.render();
  }

  close(): void {
    this.root.hidden = true;
    this.body.replaceChildren();
  }

  /** What it is of, and its tags in the order of their columns. */
  set(subject: Subject, order: readonly number[], title: string): void {
    const isSame = subject === this.subject && same(order, this.order);
    if (subject !== this.subject) this.first = 0;
    Object.assign(this, { subject, order });
    find('caption', this.root).textContent = say`${title}: a row for each segment, a column for each tag`;
    find('.table-scroll', this.root).setAttribute('aria-label', say`${title} as a table`);
    if (this.root.hidden) return;
    this.place.setAttribute('aria-live', 'off'); // how it grows is too much to be told
    if (isSame) this.grow();
    else this.render();
  }

  /** There may be more segments. */
  private grow(): void {
    if (this.root.hidden) return;
    const end = this.end;
    for (let segment = this.first + this.body.childElementCount; segment < end; segment++)
      this.body.append(this.row(segment));
    this.tellPage();
  }

  private get end(): number {
    return Math.min(this.first + PAGE, this.subject!.scores().segments.length);
  }

  private turn(by: number): void {
    const { length } = this.subject!.scores().segments;
    const first = this.first + by;
    if (first < 0 || first >= length) return;
    this.first = first;
    this.place.setAttribute('aria-live', 'polite');
    this.render();
    find('.table-scroll', this.root).scrollTop = 0;
  }

  private render(): void {
    const head = make('tr');
    head.append(columnHead(say`Time`), ...this.order.map((tag) => columnHead(this.subject!.tags[tag]!)));
    find('thead', this.root).replaceChildren(head);
    this.body.replaceChildren();
    this.grow();
  }

  private row(segment: number): HTMLElement {
    const { segments, rows } = this.subject!.scores();
    const { start, end, silent } = segments[segment]!;
    const number = this.subject!.scale().from < 0 ? signed : score;
    const row = make('tr');
    const time = make('th', '', say`${clock(start, true)} to ${clock(end, true)}`);
    time.scope = 'row';
    row.append(time);
    if (silent) {
      const cell = make('td', 'silent', say`silent, no answer`);
      cell.colSpan = Math.max(1, this.order.length);
      row.append(cell);
    } else row.append(...this.order.map((tag) => make('td', '', number(rows[segment]![tag]!))));
    return row;
  }

  private tellPage(): void {
    const { length } = this.subject!.scores().segments;
    const { first, end } = this;
    const text = length > 0 ? say`Segments ${first + 1} to ${end} of ${length}` : say`Nothing heard yet`;
    if (this.place.textContent !== text) this.place.textContent = text;
    this.earlier.setAttribute('aria-disabled', String(first === 0));
    this.later.setAttribute('aria-disabled', String(end >= length));
  }
}

function same(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((tag, i) => tag === other[i]);
}

function columnHead(text: string): HTMLElement {
  const head = make('th', '', text);
  head.scope = 'col';
  return head;
}
