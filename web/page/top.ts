/** The strongest tags with their mean scores, as bars. */
import { decimal, say } from './language.ts';
import { find, make, theme } from './dom.ts';
import { score } from './format.ts';
import { colourOf, css, scoreScale, type Scale } from './palette.ts';
import type { Song } from './song.ts';
import { WORTH_TELLING } from './subject.ts';

/** Below this a score reads 0.00: only the first three tags may. */
const WORTH_SHOWING = 0.005;
/** A bar takes the colour of its score, but never one too pale to see. */
const LEAST_VISIBLE = 0.35;

export class TopTags {
  private readonly root = make('section', 'top-list');
  private readonly name = make('h4', 'top-model');
  private readonly list = make('ol', 'top-tags');
  private readonly note = make('p', 'note top-note');

  /** `onPoint` is told which tag the pointer is on. */
  constructor(onPoint: (tag: number | null) => void) {
    this.root.append(this.name, this.list, this.note);
    find('#top-lists').append(this.root);
    this.list.addEventListener('pointerover', ({ target }) => {
      const item = (target as Element).closest<HTMLElement>('.top-tag');
      onPoint(item ? Number(item.dataset['tag']) : null);
    });
    this.list.addEventListener('pointerleave', () => onPoint(null));
  }

  /** Named after its model where it stands beside another. */
  begin(name: string): void {
    this.name.textContent = name;
    this.list.replaceChildren();
    this.note.textContent = '';
  }

  remove(): void {
    this.root.remove();
  }

  show(song: Song, tags: readonly string[], most: number): void {
    const shown =
      song.counted === 0
        ? []
        : song
            .ranking()
            .slice(0, most)
            .filter((tag, place) => place < 3 || song.means[tag]! >= WORTH_SHOWING);
    const scale = scoreScale(theme());
    this.list.replaceChildren(...shown.map((tag) => this.item(tag, tags[tag]!, song.means[tag]!, scale)));
  }

  /** Says what the means are over. */
  remark(song: Song): void {
    this.note.textContent = remarkOn(song);
  }

  private item(tag: number, name: string, mean: number, scale: Scale): HTMLElement {
    const item = make('li', 'top-tag');
    item.dataset['tag'] = String(tag);
    const track = make('span', 'bar');
    const bar = make('span', 'bar-fill');
    bar.style.width = `${mean * 100}%`;
    bar.style.background = css(colourOf(scale, Math.max(mean, LEAST_VISIBLE)));
    track.append(bar);
    item.append(make('span', 'top-name', name), make('span', 'top-score', score(mean)), track);
    return item;
  }
}

function remarkOn(song: Song): string {
  if (song.counted === 0) return say`All of it is silent: there is nothing to tag.`;
  const count = song.counted === 1 ? say`one segment` : say`${song.counted} segments`;
  const remark = say`Mean score over ${count}${song.hasSilence ? say`, without the silent ones` : ''}.`;
  return song.unheard < WORTH_TELLING
    ? remark
    : say`${remark} The last ${decimal(song.unheard, 1)} seconds don’t fill a segment and are left out.`;
}
