/** The list of songs: how far each is, its strongest tags, what can be done with it. */
import { say } from '../language.ts';
import { find, make } from '../dom.ts';
import { bytes, list } from '../format.ts';
import { Forgetting } from './forgetting.ts';
import type { Item, State } from './queue.ts';

export interface ListEvents {
  onOpen(item: Item): void;
  onStop(item: Item): void;
  onRetry(item: Item): void;
  onRemove(items: readonly Item[]): void;
  onForgetModels(): void;
}

interface Row {
  root: HTMLElement;
  open: HTMLButtonElement;
  words: HTMLElement;
  actions: HTMLElement;
}

type Action = 'stop' | 'retry' | 'remove';

const ICONS: Record<Action, string> = {
  stop: '<path d="M4 4h8v8H4z" fill="currentColor" stroke="none"/>',
  retry: '<path d="M12.5 5.5A5 5 0 1 0 13 9M12.8 2.5v3.2H9.6"/>',
  remove: '<path d="M4 4l8 8M12 4l-8 8"/>',
};

const NAMES: Record<Action, string> = { stop: say`Stop`, retry: say`Try again`, remove: say`Remove` };

const TOP = 3;

export class SongList {
  private readonly root = find('#songs');
  private readonly rowsRoot = find('#song-list');
  private readonly summary = find('#songs-summary');
  private readonly storage = find('#songs-storage');
  private readonly models = find('#models-storage');
  private readonly forgetAll = find('[data-action="forget"]', this.root);
  private readonly forgetModels = find('[data-action="forget-models"]', this.root);
  private readonly rows = new Map<Item, Row>();
  private items: readonly Item[] = [];

  constructor(private readonly events: ListEvents) {
    const forgetting = new Forgetting((forgotten) => this.forget(forgotten));
    this.forgetAll.addEventListener('click', () => forgetting.ask(this.items));
    this.forgetModels.addEventListener('click', () => events.onForgetModels());
  }

  /** What is read below it stays where it is on the screen. `modelBytes`: of models that are kept as well. */
  show(items: readonly Item[], shown: Item | undefined, modelBytes: number): void {
    this.items = items;
    const song = find('#song');
    const isHidden = items.length < 2 && items.every((item) => needsNoRow(item, shown));
    const movesNothing = isHidden && this.root.hidden;
    const top = movesNothing ? 0 : song.getBoundingClientRect().top; // which lays out the page
    const hadFocus = this.root.contains(document.activeElement);
    this.root.hidden = isHidden;
    if (hadFocus && isHidden && !song.hidden) find('#song-title').focus({ preventScroll: true });
    this.tellAll(shown);
    this.tellModels(modelBytes);
    if (movesNothing) return;
    const moved = song.getBoundingClientRect().top - top;
    if (moved !== 0 && scrollY > 0) scrollBy({ top: moved, behavior: 'instant' });
  }

  private tellAll(shown: Item | undefined): void {
    const { items } = this;
    const kept = items.flatMap(({ entries }) => entries);
    this.summary.textContent = summaryOf(items);
    this.storage.textContent =
      kept.length > 0
        ? say`Taggrams are kept in this browser for your next visit (${bytes(kept.reduce((sum, entry) => sum + entry.bytes, 0))}); the music is not.`
        : '';
    this.dropRows(items);
    items.forEach((item, place) => {
      const row = this.rows.get(item) ?? this.makeRow(item);
      if (this.rowsRoot.children[place] !== row.root)
        this.rowsRoot.insertBefore(row.root, this.rowsRoot.children[place] ?? null);
      this.tell(row, item, item === shown);
    });
  }

  private tellModels(modelBytes: number): void {
    if (modelBytes === 0 && document.activeElement === this.forgetModels) this.forgetAll.focus();
    this.models.hidden = modelBytes === 0;
    find('#models-bytes').textContent =
      say`Models are kept for use without a network (${bytes(modelBytes)}).`;
  }

  /** Focus goes on where the list goes. */
  private forget(items: readonly Item[]): void {
    this.events.onRemove(items);
    if (!this.root.hidden) return;
    const ways = document.querySelectorAll<HTMLElement>('main [data-action="choose"]');
    [...ways].find((way) => way.offsetParent)?.focus();
  }

  /** Focus stays near a row that goes. */
  private dropRows(items: readonly Item[]): void {
    for (const [item, { root }] of this.rows) {
      if (items.includes(item)) continue;
      const neighbour = (root.nextElementSibling ?? root.previousElementSibling)?.querySelector('button');
      if (root.contains(document.activeElement)) (neighbour ?? find('main [data-action="choose"]')).focus();
      root.remove();
      this.rows.delete(item);
    }
  }

  private makeRow(item: Item): Row {
    const root = make('li', 'song-row');
    const open = make('button', 'song-row-open');
    open.type = 'button';
    const words = make('span', 'song-row-words');
    open.append(make('span', 'song-row-name', item.name), words);
    open.addEventListener('click', () => this.events.onOpen(item));
    const actions = make('span', 'song-row-actions');
    root.append(open, actions);
    const row = { root, open, words, actions };
    this.rows.set(item, row);
    return row;
  }

  private tell(row: Row, item: Item, isShown: boolean): void {
    const { state } = item;
    const words = wordsOf(item);
    if (row.words.textContent !== words) row.words.textContent = words;
    row.open.disabled = state === 'failed';
    if (isShown) row.open.setAttribute('aria-current', 'true');
    else row.open.removeAttribute('aria-current');
    if (row.root.dataset['state'] === state) return;
    row.root.dataset['state'] = state;
    if (state === 'working' || state === 'waiting') this.offer(row, item, ['stop', 'remove']);
    else this.offer(row, item, state === 'done' ? ['remove'] : ['retry', 'remove']);
  }

  private offer({ actions }: Row, item: Item, offered: readonly Action[]): void {
    const had = (document.activeElement as HTMLElement | null)?.closest('.song-row-actions') === actions;
    actions.replaceChildren(...offered.map((action) => this.makeAction(item, action)));
    if (had) find('button', actions).focus();
  }

  private makeAction(item: Item, action: Action): HTMLButtonElement {
    const button = make('button', 'song-row-action');
    button.type = 'button';
    button.title = NAMES[action];
    button.setAttribute('aria-label', `${NAMES[action]}: ${item.name}`);
    button.innerHTML = `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${ICONS[action]}</svg>`;
    const { onStop, onRetry, onRemove } = this.events;
    const act = { stop: onStop, retry: onRetry, remove: (one: Item) => onRemove([one]) }[action];
    button.addEventListener('click', () => act(item));
    return button;
  }
}

/** A song alone, of this visit, needs none, unless it was stopped and stands nowhere else. */
function needsNoRow(item: Item, shown: Item | undefined): boolean {
  const isOfThisVisit = item.file !== undefined || item.isRecording;
  return isOfThisVisit && (item.state !== 'stopped' || item === shown);
}

function wordsOf({ state, progress, error, top }: Item): string {
  if (state === 'working') return progress;
  if (state === 'failed') return error;
  if (state === 'done') return list(top.slice(0, TOP).map(({ tag }) => tag)) || say`all of it is silent`;
  return state === 'waiting' ? say`Waiting` : say`Stopped`;
}

/** "12 songs: 3 tagged, 1 listening, 8 waiting" */
function summaryOf(items: readonly Item[]): string {
  const words: [State, string][] = [
    ['done', say`tagged`],
    ['working', say`listening`],
    ['waiting', say`waiting`],
    ['stopped', say`stopped`],
    ['failed', say`can’t be tagged`],
  ];
  const counts = words
    .map(([state, word]) => [items.filter((item) => item.state === state).length, word] as const)
    .filter(([count]) => count > 0);
  const songs = items.length === 1 ? say`1 song` : say`${items.length} songs`;
  return `${songs}: ${counts.map(([count, word]) => `${count} ${word}`).join(', ')}`;
}
