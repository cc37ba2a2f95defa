/** Songs and wishes that the system starts the page with: files opened or shared with it, and its shortcuts. */
import { say } from '../page/language.ts';
import { find } from '../page/dom.ts';
import { notify } from '../page/notices.ts';
import { NAME_HEADER, shareCacheName, SHARED_NO_ROOM, SHARED_QUERY } from './shared.ts';

/** The File Handling API, which TypeScript doesn't know yet. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { files: readonly FileSystemFileHandle[] }) => void): void;
}

const NOTHING = say`What was shared did not arrive. Choose the song here, or drop it on the page.`;
const NO_ROOM = say`There is no room for all that was shared: this browser lets pages keep no more. Choose the songs here, or drop them on the page.`;

/** The shortcut of the manifest that tags the example. */
const EXAMPLE_QUERY = 'example';

export function listenForLaunches(onSongs: (songs: File[]) => void): void {
  const { launchQueue } = window as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(({ files }) => void open(files, onSongs));
  const query = new URLSearchParams(location.search);
  if (query.has(SHARED_QUERY)) void takeShared(onSongs, query.get(SHARED_QUERY) === SHARED_NO_ROOM);
  if (query.has(EXAMPLE_QUERY)) find('[data-action="example"]').click();
  // Once is enough: a page that is loaded again begins anew.
  if (query.has(SHARED_QUERY) || query.has(EXAMPLE_QUERY)) history.replaceState(null, '', location.pathname);
}

async function open(
  handles: readonly FileSystemFileHandle[],
  onSongs: (songs: File[]) => void,
): Promise<void> {
  const gone: string[] = [];
  const songs = await Promise.all(
    handles.map((handle) => handle.getFile().catch(() => void gone.push(handle.name))),
  );
  const here = songs.filter((song) => song instanceof File);
  if (here.length > 0) onSongs(here);
  for (const name of gone)
    notify('intake', 'error', say`${name} could not be opened: it was moved or deleted, or may not be read.`);
}

/** Takes what the service worker has laid by. */
async function takeShared(onSongs: (songs: File[]) => void, isFull: boolean): Promise<void> {
  const songs = await take().catch(() => []);
  if (songs.length > 0) onSongs(songs);
  if (isFull) notify('intake', 'error', NO_ROOM);
  else if (songs.length === 0) notify('intake', 'error', NOTHING);
}

async function take(): Promise<File[]> {
  const cache = await caches.open(shareCacheName());
  const songs: File[] = [];
  for (const request of await cache.keys()) {
    const response = (await cache.match(request))!;
    const name = decodeURIComponent(response.headers.get(NAME_HEADER) ?? '');
    const song = await response.blob();
    songs.push(new File([song], name, { type: song.type }));
    await cache.delete(request);
  }
  return songs;
}
