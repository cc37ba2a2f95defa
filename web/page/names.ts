/** The names of a taggram's rows: a list to choose from, with headings and, at the other side, each row's number. */
import { make } from './dom.ts';
import { ROW_HEIGHT, type Rows } from './rows.ts';

let lists = 0;

export class Names {
  private names: readonly string[] = [];
  private options: HTMLElement[] = [];
  private headings: HTMLElement[] = [];
  private rows: Rows = { order: [], tops: [], headings: [], rowHeight: ROW_HEIGHT, height: 0 };
  private active: number | undefined;

  /** `onToggle` is told of the tag that was chosen or let go. */
  constructor(
    private readonly list: HTMLElement,
    private readonly numbers: HTMLElement,
    private readonly onToggle: (tag: number) => void,
  ) {
    list.addEventListener('click', ({ target }) => {
      const tag = this.options.indexOf(target as HTMLElement);
      if (tag >= 0) this.onToggle(tag);
    });
    list.addEventListener('keydown', (event) => this.onKey(event));
    list.addEventListener('blur', () => this.activate(undefined));
  }

  begin(names: readonly string[]): void {
    this.activate(undefined);
    this.highlight(null);
    if (names.length === this.names.length && names.every((name, tag) => name === this.names[tag])) return;
    this.names = names;
    const id = `names-${lists++}`;
    this.options = names.map((name, tag) => {
      const option = make('span', 'label', name);
      option.id = `${id}-${tag}`;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      return option;
    });
    this.headings = [];
    this.list.replaceChildren(...this.options);
    this.numbers.replaceChildren(...names.map(() => make('span', 'mean')));
  }

  tell(numbers: readonly string[]): void {
    Array.from(this.numbers.children).forEach((element, tag) => (element.textContent = numbers[tag] ?? ''));
  }

  /** colours[tag]: of its line, where it has one. */
  mark(colours: readonly (string | undefined)[]): void {
    this.options.forEach((option, tag) => {
      const colour = colours[tag];
      option.setAttribute('aria-selected', String(colour !== undefined));
      option.style.setProperty('--line-colour', colour ?? null);
    });
  }

  highlight(tag: number | null): void {
    this.options.forEach((option, index) => option.classList.toggle('here', index === tag));
  }

  setRows(rows: Rows): void {
    this.rows = rows;
    this.headings.forEach((heading) => heading.remove());
    this.headings = rows.headings.map(({ text, top }) => {
      const heading = make('span', 'group-heading', text);
      heading.setAttribute('role', 'presentation');
      heading.style.transform = `translateY(${top}px)`;
      return heading;
    });
    this.list.append(...this.headings);
    rows.order.forEach((tag, row) => {
      this.options[tag]!.setAttribute('aria-posinset', String(row + 1));
      this.options[tag]!.setAttribute('aria-setsize', String(rows.order.length));
    });
    if (this.active !== undefined && rows.tops[this.active] === undefined) this.activate(undefined);
  }

  /** Puts each where its row is drawn now. */
  place(tops: readonly (number | undefined)[]): void {
    const put = (element: HTMLElement, tag: number) => {
      const top = tops[tag];
      element.hidden = top === undefined;
      if (top !== undefined) element.style.transform = `translateY(${top}px)`;
    };
    this.options.forEach(put);
    Array.from(this.numbers.children).forEach((element, tag) => put(element as HTMLElement, tag));
  }

  private activate(tag: number | undefined): void {
    this.active = tag;
    this.options.forEach((option, index) => option.classList.toggle('active', index === tag));
    const option = tag === undefined ? undefined : this.options[tag];
    if (option) this.list.setAttribute('aria-activedescendant', option.id);
    else this.list.removeAttribute('aria-activedescendant');
    option?.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { order } = this.rows;
    const last = order.length - 1;
    const place = this.active === undefined ? -1 : order.indexOf(this.active);
    const places: Record<string, number> = {
      ArrowDown: Math.min(last, place + 1),
      ArrowUp: Math.max(0, place - 1),
      Home: 0,
      End: last,
    };
    const next = places[event.key];
    if (next !== undefined) this.activate(order[next]);
    else if (event.key !== ' ' && event.key !== 'Enter') return;
    else if (this.active !== undefined) this.onToggle(this.active);
    event.preventDefault();
  }
}
