/** The strongest tags with their mean scores, as bars. */
import type { TaggedFile } from '../taggram.ts';
import { find, make } from './dom.ts';
import { score } from './format.ts';
import { colourOf, css, type Rgb } from './palette.ts';
import type { Song } from './song.ts';

const SHOWN = 10;
/** Below this a score reads 0.00: only the first three tags may. */
const WORTH_SHOWING = 0.005;
/** A bar takes the colour of its score, but never one too pale to see. */
const LEAST_VISIBLE = 0.35;

export class TopTags {
  private readonly list = find('#top-tags');
  private readonly note = find('#top-note');

  constructor(private readonly onPoint: (tag: number | null) => void) {}

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
  remark(result: TaggedFile): void {
    this.note.textContent = remarkOn(result);
  }

  private item(tag: number, name: string, mean: number, colours: readonly Rgb[]): HTMLElement {
    const item = make('li', 'top-tag');
    const track = make('span', 'bar');
    const bar = make('span', 'bar-fill');
    bar.style.width = `${mean * 100}%`;
    bar.style.background = css(colourOf(colours, Math.max(mean, LEAST_VISIBLE)));
    track.append(bar);
    item.append(make('span', 'top-name', name), make('span', 'top-score', score(mean)), track);
    item.addEventListener('pointerenter', () => this.onPoint(tag));
    item.addEventListener('pointerleave', () => this.onPoint(null));
    return item;
  }
}

function remarkOn({ segments, duration, top }: TaggedFile): string {
  if (top.length === 0) return 'All of it is silent: there is nothing to tag.';
  const heard = segments.filter(({ silent }) => !silent).length;
  const count = heard === 1 ? 'one segment' : `${heard} segments`;
  const remark = `Mean score over ${count}${heard < segments.length ? ', without the silent ones' : ''}.`;
  const rest = duration - segments[segments.length - 1]!.end;
  return rest < 0.1
    ? remark
    : `${remark} The last ${rest.toFixed(1)} seconds don’t fill a segment and are left out.`;
}
