/** Asks before all songs are forgotten: nothing brings them back, and some may still be listened to. */
import { find } from '../dom.ts';
import { say } from '../language.ts';
import type { Item } from './queue.ts';

/** What a person answers; the values of the dialog's buttons. */
type Answer = 'all' | 'finished' | '';

export class Forgetting {
  private readonly dialog = find<HTMLDialogElement>('#forget');
  private items: readonly Item[] = [];
  /** Still to be tagged when it was asked: they end only if that is wanted. */
  private busy: readonly Item[] = [];

  constructor(onForget: (items: readonly Item[]) => void) {
    this.dialog.addEventListener('close', () => {
      const answer = this.dialog.returnValue as Answer;
      if (answer === 'all') onForget(this.items);
      if (answer === 'finished') onForget(this.items.filter((item) => !this.busy.includes(item)));
    });
  }

  ask(items: readonly Item[]): void {
    this.items = [...items];
    this.busy = items.filter(({ state }) => state === 'working' || state === 'waiting');
    const [all, busy] = [items.length, this.busy.length];
    find('#forget-title').textContent = all === 1 ? say`Forget this song?` : say`Forget all ${all} songs?`;
    find('#forget-busy').textContent = busy > 0 ? say`Not tagged to the end yet: ${busy}.` : '';
    find('[value="finished"]', this.dialog).hidden = busy === 0 || busy === all;
    this.dialog.returnValue = ''; // what Escape leaves
    this.dialog.showModal();
  }
}
