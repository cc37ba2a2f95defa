/** The bar that time is chosen in: buttons to zoom, the overview, the table, and help on keys. */
import { find, make } from './dom.ts';
import { KEYS } from './keys.ts';
import { Overview, type Overseen } from './overview.ts';
import type { Viewport } from './viewport.ts';

/** A press of a button brings the song so many times as close. */
const ZOOM = 2;

export class TimeBar {
  private readonly overview: Overview;
  private readonly closer = find<HTMLButtonElement>('#zoom-in');
  private readonly further = find<HTMLButtonElement>('#zoom-out');
  private readonly all = find<HTMLButtonElement>('#zoom-all');
  private readonly table = find<HTMLButtonElement>('#as-table');
  private readonly help = find<HTMLDialogElement>('#keys');

  constructor(viewport: Viewport, onTable: (isTable: boolean) => void) {
    this.overview = new Overview(find('#overview'), viewport);
    this.closer.addEventListener('click', () => viewport.zoom(ZOOM));
    this.further.addEventListener('click', () => viewport.zoom(1 / ZOOM));
    this.all.addEventListener('click', () => viewport.showAll());
    this.table.addEventListener('click', () => {
      const isTable = this.table.getAttribute('aria-pressed') !== 'true';
      this.table.setAttribute('aria-pressed', String(isTable));
      onTable(isTable);
    });
    viewport.subscribe(() => this.tell(viewport));
    this.offerHelp();
  }

  show(overseen: Overseen): void {
    this.overview.show(overseen);
  }

  /** Buttons that can do no more say so and keep the focus. */
  private tell({ isWhole, isClosest }: Viewport): void {
    this.closer.setAttribute('aria-disabled', String(isClosest));
    for (const button of [this.further, this.all]) button.setAttribute('aria-disabled', String(isWhole));
  }

  private offerHelp(): void {
    const lists = KEYS.map(([where, keys]) => {
      const section = make('section');
      const list = make('dl');
      for (const [key, what] of keys) list.append(make('dt', '', key), make('dd', '', what));
      section.append(make('h3', '', where), list);
      return section;
    });
    find('.keys-lists', this.help).append(...lists);
    find('#show-keys').addEventListener('click', () => this.help.showModal());
    document.addEventListener('keydown', (event) => {
      const isText = (event.target as Element).closest('input:not([type="range"]), select, dialog');
      if (event.key !== '?' || isText || find('#song').hidden) return;
      event.preventDefault();
      this.help.showModal();
    });
  }
}
