/** Tells what went wrong, and the way out where there is one. */
import { isOutdated } from '../pwa/outdated.ts';
import { say } from './language.ts';
import { clearNotices, notify, type NoticeKind, type NoticeTopic } from './notices.ts';
import { isUnloaded, sentence } from './sentences.ts';

export function complain(topic: NoticeTopic, error: unknown): void {
  const text = sentence(error);
  if (isOutdated() && isUnloaded(error)) offerReload('error', text);
  else notify(topic, 'error', text);
}

/** Of a window whose version was replaced. */
export function offerReload(kind: NoticeKind, text: string): void {
  clearNotices('version');
  notify('version', kind, text, { label: say`Load it again`, onChoose: () => location.reload() });
}
