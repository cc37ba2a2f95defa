/** The strongest tags with their mean scores, as bars. */
import { find, make } from './dom.ts';
import { score } from './format.ts';
import { colourOf, css, type Rgb } from './palette.ts';
import type { Song } from './song.ts';

const SHOWN = 10;
/** Below this a score reads 0.00: only the first three tags may. */
const WORTH_SHOWING = 0.005;
/** A bar takes the colour of its score, but never one too pale to see. */
const LEAST_VISIBLE = 0.35;
/** A rest at the song's end below this many seconds is not worth a word. */
export const WORTH_TELLING = 0.1;

export class TopTags {
  private readonly list = find('#top-tags');
  private readonly note = find('#top-note');

  /** `onPoint` is told which tag the pointer is on. */
  constructor(onPoint: (tag: number | null) => void) {
    this.list.addEventListener('pointerover', ({ target }) => {
      const item = (target as Element).closest<HTMLElement>('.top-tag');
      onPoint(item ? Number(item.dataset['tag']) : null);
    });
    this.list.addEventListener('pointerleave', () => onPoint(null));
  }

  clear(): void {
    this.list.replaceChildren();
    this.note.textContent = '';
  }

  show(song: Song, tags: readonly string[], colours: readonly Rgb[]): void {
    const shown =
      song.counted === 0
        ? []
        : song
            .ranking()
            .slice(0, SHOWN)
            .filter((tag, place) => place < 3 || song.means[tag]! >= WORTH_SHOWING);
    this.list.replaceChildren(...shown.map((tag) => this.item(tag, tags[tag]!, song.means[tag]!, colours)));
  }

  /** Says what the means are over. */
  remark(song: Song): void {
    this.note.textContent = remarkOn(song);
  }

  private item(tag: number, name: string, mean: number, colours: readonly Rgb[]): HTMLElement {
    const item = make('li', 'top-tag');
    item.dataset['tag'] = String(tag);
    const track = make('span', 'bar');
    const bar = make('span', 'bar-fill');
    bar.style.width = `${mean * 100}%`;
    bar.style.background = css(colourOf(colours, Math.max(mean, LEAST_VISIBLE)));
    track.append(bar);
    item.append(make('span', 'top-name', name), make('span', 'top-score', score(mean)), track);
    return item;
  }
}

function remarkOn(song: Song): string {
  if (song.counted === 0) return 'All of it is silent: there is nothing to tag.';
  const count = song.counted === 1 ? 'one segment' : `${song.counted} segments`;
  const remark = `Mean score over ${count}${song.hasSilence ? ', without the silent ones' : ''}.`;
  return song.unheard < WORTH_TELLING
    ? remark
    : `${remark} The last ${song.unheard.toFixed(1)} seconds don’t fill a segment and are left out.`;
}
