/** A button that opens a short menu: arrow keys walk it, Enter chooses, Escape and Tab close it. */
import { make } from './dom.ts';

export interface MenuItem {
  label: string;
  /** A second, quieter line. */
  detail?: string;
  /** A word at the right. */
  aside?: string;
  /** For one of several that exclude each other: whether it is the one. */
  checked?: boolean;
  onChoose(): void;
}

export interface MenuSection {
  /** Told to all, unless it is empty. */
  heading: string;
  items: MenuItem[];
}

/** Between a panel and the window's edge, in pixels. */
const MARGIN = 8;

export class Menu {
  private readonly panel: HTMLElement;

  /** The panel stands behind the button, within its parent; `sections` is asked each time that it opens. */
  constructor(
    private readonly button: HTMLButtonElement,
    label: string,
    private readonly sections: () => MenuSection[],
  ) {
    this.panel = make('div', 'menu');
    this.panel.id = `${button.id}-menu`;
    this.panel.setAttribute('role', 'menu');
    this.panel.setAttribute('aria-label', label);
    this.panel.hidden = true;
    button.after(this.panel);
    button.setAttribute('aria-haspopup', 'menu');
    button.setAttribute('aria-expanded', 'false');
    button.setAttribute('aria-controls', this.panel.id);
    this.listen();
  }

  /** An open panel closes with its button: what it was asked for may hold no more. */
  setEnabled(enabled: boolean): void {
    if (!enabled) this.close();
    this.button.disabled = !enabled;
  }

  private get items(): HTMLElement[] {
    return [...this.panel.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
  }

  private open(place: 'first' | 'last' = 'first'): void {
    this.panel.replaceChildren(...this.sections().map((section) => this.render(section)));
    this.button.setAttribute('aria-expanded', 'true');
    this.showInside();
    const { items } = this;
    const chosen = items.find((item) => item.getAttribute('aria-checked') === 'true');
    (place === 'last' ? items[items.length - 1] : (chosen ?? items[0]))?.focus({ preventScroll: true });
  }

  private close(focus = true): void {
    if (this.panel.hidden) return;
    if (focus) this.button.focus({ preventScroll: true });
    this.panel.hidden = true;
    this.button.setAttribute('aria-expanded', 'false');
  }

  private render({ heading, items }: MenuSection): HTMLElement {
    const group = make('div', 'menu-section');
    group.setAttribute('role', 'group');
    if (heading) {
      group.setAttribute('aria-label', heading);
      group.append(make('p', 'menu-heading', heading));
    }
    group.append(...items.map((item) => this.item(item)));
    return group;
  }

  private item({ label, detail, aside, checked, onChoose }: MenuItem): HTMLElement {
    const item = make('button', 'menu-item');
    item.type = 'button';
    item.tabIndex = -1;
    item.setAttribute('role', checked === undefined ? 'menuitem' : 'menuitemradio');
    if (checked !== undefined) item.setAttribute('aria-checked', String(checked));
    item.append(make('span', 'menu-label', label));
    if (aside) item.append(make('span', 'menu-aside', aside));
    if (detail) item.append(make('span', 'menu-detail', detail));
    item.addEventListener('click', () => {
      this.close();
      onChoose();
    });
    return item;
  }

  /**
   * A panel that would leave the window stands within it. It is measured at the window's edge: a page that is too wide
   * for a moment lets a phone's browser zoom out, and stay so.
   */
  private showInside(): void {
    const atEdge = MARGIN - this.panel.parentElement!.getBoundingClientRect().left;
    this.panel.style.translate = `${atEdge}px`;
    this.panel.hidden = false;
    const box = this.panel.getBoundingClientRect();
    const [left, right] = [box.left - atEdge, box.right - atEdge]; // where it stands unmoved
    const most = document.documentElement.clientWidth - MARGIN;
    const shift = left < MARGIN ? MARGIN - left : Math.min(0, most - right);
    this.panel.style.translate = shift === 0 ? '' : `${shift}px`;
  }

  private listen(): void {
    const { button, panel } = this;
    button.addEventListener('click', () => (panel.hidden ? this.open() : this.close()));
    button.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
      event.preventDefault();
      this.open(event.key === 'ArrowUp' ? 'last' : 'first');
    });
    panel.addEventListener('keydown', (event) => this.onKey(event));
    document.addEventListener('pointerdown', ({ target }) => {
      if (!panel.contains(target as Node) && !button.contains(target as Node)) this.close(false);
    });
  }

  private onKey(event: KeyboardEvent): void {
    const { items } = this;
    const place = items.indexOf(document.activeElement as HTMLElement);
    const places: Record<string, number> = {
      ArrowDown: (place + 1) % items.length,
      ArrowUp: (place + items.length - 1) % items.length,
      Home: 0,
      End: items.length - 1,
    };
    const next = places[event.key];
    if (next !== undefined) items[next]!.focus();
    else if (event.key === 'Escape') this.close();
    else {
      if (event.key === 'Tab') this.close(); // focus goes on from the button
      return;
    }
    event.preventDefault();
  }
}
