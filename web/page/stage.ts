/** How far a song is: a sentence and a bar; and the buttons that stop it and go on with it. */
import { say } from './language.ts';
import { find } from './dom.ts';

export interface Stage {
  text: string;
  /** It tells how many segments are tagged. */
  isCount?: boolean;
  /** How long it still takes, in words; empty while nobody can tell. */
  left?: string;
  /** 0 .. 1; null while nobody can tell. */
  fraction: number | null;
}

/** What can be done about it. */
export type Offer = 'stop' | 'retry' | undefined;

export interface StageEvents {
  onStop(): void;
  onRetry(): void;
}

export class StageLine {
  private readonly words = find('#stage');
  private readonly bar = find('#progress');
  private readonly buttons = { stop: find('#stop'), retry: find('#retry') };

  constructor({ onStop, onRetry }: StageEvents) {
    this.buttons.stop.addEventListener('click', onStop);
    this.buttons.retry.addEventListener('click', onRetry);
  }

  show({ text, fraction }: Stage, offer: Offer): void {
    const { bar, words } = this;
    words.textContent = text;
    bar.classList.toggle('unknown', fraction === null);
    bar.classList.toggle('done', fraction === 1 && text === '');
    bar.classList.toggle('stopped', offer === 'retry');
    find('span', bar).style.transform = `scaleX(${fraction ?? 1})`;
    if (fraction === null) bar.removeAttribute('aria-valuenow');
    else bar.setAttribute('aria-valuenow', String(Math.round(fraction * 100)));
    bar.setAttribute('aria-valuetext', text || say`Done`);
    this.offer(offer);
  }

  /** Focus on a button that goes moves to where reading goes on: a key that repeats must not press the next one. */
  private offer(offered: Offer): void {
    for (const [name, button] of Object.entries(this.buttons)) {
      const hadFocus = button === document.activeElement;
      button.hidden = name !== offered;
      if (hadFocus && button.hidden) find('#song-title').focus({ preventScroll: true });
    }
  }
}
