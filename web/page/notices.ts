/** Sentences for the person: what went wrong, or what should be known. They stay until closed or replaced. */
import { find, make } from './dom.ts';

export type NoticeKind = 'error' | 'warning' | 'info';

const area = find('#notices');

export function notify(kind: NoticeKind, text: string): HTMLElement {
  const notice = make('div', `notice ${kind}`);
  notice.setAttribute('role', kind === 'error' ? 'alert' : 'status');
  const close = make('button', 'notice-close');
  close.type = 'button';
  close.setAttribute('aria-label', 'Close this message');
  close.innerHTML =
    '<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8"/></svg>';
  close.addEventListener('click', () => notice.remove());
  notice.append(make('p', '', text), close);
  area.append(notice);
  return notice;
}

export function clearNotices(): void {
  area.replaceChildren();
}
