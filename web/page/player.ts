/** Plays the song: the browser's own audio element, a button, a slider, the space key. */
import { say } from './language.ts';
import { find } from './dom.ts';
import { clock } from './format.ts';

/** Songs shorter than this are told in tenths of a second. */
const TENTHS_BELOW = 10;

/** Where the space key has a meaning of its own; on the slider it has none. */
const OWN_SPACE = 'button, input:not([type="range"]), select, textarea, a, summary, [role="listbox"]';

/** An arrow key on the slider goes this many seconds. */
const KEY_STEP = 5;
const KEY_DIRECTIONS: Record<string, number> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

export class Player {
  private readonly audio = find<HTMLAudioElement>('#audio');
  private readonly button = find<HTMLButtonElement>('#play');
  private readonly slider = find<HTMLInputElement>('#seek');
  private readonly now = find('#clock-now');
  private readonly total = find('#clock-total');
  private address = '';
  private duration = 0;
  private nextFrame = 0;

  constructor(private readonly onTime: (seconds: number) => void) {
    this.button.addEventListener('click', () => this.toggle());
    this.slider.addEventListener('input', () => this.seek(Number(this.slider.value)));
    this.slider.addEventListener('keydown', (event) => this.onSliderKey(event));
    this.audio.addEventListener('play', () => this.playing(true));
    this.audio.addEventListener('pause', () => this.playing(false));
    this.audio.addEventListener('timeupdate', () => this.tell());
    this.audio.addEventListener('seeking', () => this.tell());
    this.audio.addEventListener('error', () => this.setEnabled(false));
    document.addEventListener('keydown', (event) => this.onKey(event));
  }

  get position(): number {
    return this.audio.currentTime;
  }

  get state(): { position: number; playing: boolean } {
    return { position: this.position, playing: !this.audio.paused };
  }

  /** Opens a song where it was left; without its file there is nothing to play. */
  open(file: Blob | undefined, { position, playing } = { position: 0, playing: false }): void {
    this.close();
    if (!file) return;
    this.address = URL.createObjectURL(file);
    this.audio.src = this.address;
    this.setEnabled(true);
    if (position > 0) this.audio.currentTime = position;
    if (playing) this.toggle();
  }

  close(): void {
    this.audio.pause();
    this.audio.removeAttribute('src');
    this.audio.load();
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = '';
    this.setDuration(0);
    this.setEnabled(false);
    this.playing(false);
  }

  /** Of the decoded audio: exact, where the element may only estimate. */
  setDuration(seconds: number): void {
    this.duration = seconds;
    this.slider.max = String(seconds);
    this.total.textContent = seconds > 0 ? ` / ${this.clock(seconds)}` : '';
    this.tell();
  }

  seek(seconds: number): void {
    if (this.button.disabled) return;
    this.audio.currentTime = seconds;
    this.tell();
  }

  private toggle(): void {
    if (!this.audio.paused) return this.audio.pause();
    const { address } = this;
    this.audio.play().catch((error: DOMException) => {
      // A pause or another song that comes before playing has begun rejects too, and is no fault of this song's.
      if (error.name === 'NotSupportedError' && address === this.address) this.setEnabled(false);
    });
  }

  private setEnabled(enabled: boolean): void {
    this.button.disabled = !enabled;
    this.slider.disabled = !enabled;
    this.button.title = enabled || !this.address ? '' : say`This browser can tag this file but not play it.`;
  }

  private playing(playing: boolean): void {
    this.button.classList.toggle('playing', playing);
    this.button.setAttribute('aria-label', playing ? say`Pause` : say`Play`);
    cancelAnimationFrame(this.nextFrame);
    if (playing) this.follow();
  }

  /** The element reports its time four times a second; a playhead wants every frame. */
  private follow(): void {
    this.tell();
    this.nextFrame = requestAnimationFrame(() => this.follow());
  }

  private tell(): void {
    const seconds = this.position;
    this.now.textContent = this.clock(seconds);
    this.slider.value = String(seconds);
    this.slider.setAttribute('aria-valuetext', say`${this.clock(seconds)} of ${this.clock(this.duration)}`);
    this.onTime(seconds);
  }

  private clock(seconds: number): string {
    return clock(seconds, this.duration > 0 && this.duration < TENTHS_BELOW);
  }

  private onSliderKey(event: KeyboardEvent): void {
    const direction = KEY_DIRECTIONS[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    this.seek(Math.min(this.duration, Math.max(0, this.position + direction * KEY_STEP)));
  }

  /** Space plays, except where it already means something. */
  private onKey(event: KeyboardEvent): void {
    if (event.key !== ' ' || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as Element;
    if (target.closest(OWN_SPACE) || this.button.disabled) return;
    event.preventDefault();
    this.toggle();
  }
}
