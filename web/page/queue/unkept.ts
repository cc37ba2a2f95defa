/** Songs that there was no room to keep, in one notice for all of them. */
import { find } from '../dom.ts';
import { clearNotices, notify } from '../notices.ts';
import { noRoomFor, noRoomForSongs } from '../sentences.ts';
import type { FileIdentity } from './store.ts';

export class Unkept {
  private readonly songs = new Set<FileIdentity>();
  private notice: HTMLElement | undefined;

  /** One that a person has closed stays closed. */
  add(song: FileIdentity): void {
    this.songs.add(song);
    const { size } = this.songs;
    const text = size === 1 ? noRoomFor(song.name) : noRoomForSongs(size);
    if (this.notice) find('p', this.notice).textContent = text;
    else this.notice = notify('storage', 'info', text);
  }

  /** Songs were forgotten: there may be room again. */
  clear(): void {
    this.songs.clear();
    this.notice = undefined;
    clearNotices('storage');
  }
}
