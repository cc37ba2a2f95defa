/** What stands in the player's place while sound comes: how long it has been heard, pause, stop. */
import { say } from '../page/language.ts';
import { find, make } from '../page/dom.ts';
import { clock } from '../page/format.ts';
import './live.css';

export class LiveBar {
  private readonly root = make('div', 'live-bar');
  private readonly time = make('span', 'live-time', clock(0));
  private readonly state = make('span', 'live-state', say`Live`);
  private readonly pause = make('button', 'button', say`Pause`);
  private readonly song = find('#song');

  constructor(onToggle: () => void, onStop: () => void) {
    const stop = make('button', 'button primary', say`Stop`);
    for (const button of [this.pause, stop]) button.type = 'button';
    this.pause.addEventListener('click', onToggle);
    stop.addEventListener('click', onStop);
    const dot = make('span', 'live-dot');
    dot.setAttribute('aria-hidden', 'true');
    const words = make('span', 'live-words');
    words.append(dot, this.state, this.time);
    this.root.setAttribute('role', 'group');
    this.root.setAttribute('aria-label', say`Live sound`);
    this.root.append(words, make('span', 'live-promise', say`Stays on this device`), this.pause, stop);
    find('.song-actions', this.song).before(this.root);
    this.song.classList.add('live');
  }

  tell(seconds: number): void {
    const text = clock(seconds);
    if (this.time.textContent !== text) this.time.textContent = text;
  }

  showPaused(isPaused: boolean): void {
    this.state.textContent = isPaused ? say`Paused` : say`Live`;
    this.pause.textContent = isPaused ? say`Resume` : say`Pause`;
    this.song.classList.toggle('paused', isPaused);
  }

  /** Focus goes to where reading goes on. */
  remove(): void {
    const had = this.root.contains(document.activeElement);
    this.root.remove();
    this.song.classList.remove('live', 'paused');
    if (had) find('#song-title').focus({ preventScroll: true });
  }
}
