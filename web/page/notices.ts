/** Sentences for the person: what went wrong, or what should be known. They stay until closed or outdated. */
import { say } from './language.ts';
import { find, make } from './dom.ts';
import { brief } from './format.ts';

export type NoticeKind = 'error' | 'warning' | 'info';
/** What a notice is about: what was just brought to the page, the song that it shows, a model, lines, sound that comes, its pause, Taggram itself, models and songs that are to be kept. */
export type NoticeTopic =
  'intake' | 'song' | `model ${string}` | 'lines' | 'live' | 'pause' | 'version' | 'offline' | 'storage';
/** What can be done about it, by a button. */
export interface NoticeAction {
  label: string;
  onChoose(): void;
}

const area = find('#notices');

/** Shows a sentence; one that stands there already is not said twice. */
export function notify(
  topic: NoticeTopic,
  kind: NoticeKind,
  text: string,
  action?: NoticeAction,
): HTMLElement {
  const same = [...area.children].find((notice) => notice.querySelector('p')?.textContent === text);
  if (same) return same as HTMLElement;
  const notice = make('div', `notice ${kind}`);
  notice.dataset['topic'] = topic;
  notice.setAttribute('role', kind === 'error' ? 'alert' : 'status');
  const close = make('button', 'notice-close');
  close.type = 'button';
  close.setAttribute('aria-label', say`Close this message`);
  close.innerHTML =
    '<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8"/></svg>';
  close.addEventListener('click', () => notice.remove());
  notice.append(make('p', '', text), ...(action ? [button(action)] : []), close);
  area.append(notice);
  return notice;
}

function button({ label, onChoose }: NoticeAction): HTMLElement {
  const made = make('button', 'button', label);
  made.type = 'button';
  made.addEventListener('click', onChoose);
  return made;
}

/** Of a topic, or of all models. */
export function clearNotices(topic: NoticeTopic | 'model'): void {
  area
    .querySelectorAll(`[data-topic="${topic}"], [data-topic^="${topic} "]`)
    .forEach((notice) => notice.remove());
}

/** What takes longer than this gets a word of patience. */
const PATIENCE_MS = 150;

/** Waits for the work, saying so while it takes long. */
export async function patiently<T>(text: string, work: Promise<T>): Promise<T> {
  let notice: HTMLElement | undefined;
  const timer = setTimeout(() => (notice = notify('intake', 'info', text)), PATIENCE_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    notice?.remove();
  }
}

/** What is wrong with several files, in one notice: one's own sentence, or a sentence for all. */
export class Troubles {
  private readonly names: string[] = [];
  private notice: HTMLElement | undefined;

  add(name: string, text: string): void {
    this.names.push(name);
    this.notice?.remove();
    const all = say`${brief(this.names)} can’t be tagged. The list of songs tells why.`;
    this.notice = notify('intake', 'error', this.names.length === 1 ? text : all);
  }
}

/** Says it to those who can't see it, even if the same was said before. */
export function announce(text: string): void {
  find('#announcer').replaceChildren(make('span', '', text));
}
