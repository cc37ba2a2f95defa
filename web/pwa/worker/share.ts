/** Songs from the system's share sheet, which come as a form: they are laid by, and the page that opens takes them. */
import { NAME_HEADER, scope, shareCacheName, SHARED_FIELD, SHARED_NO_ROOM, SHARED_QUERY } from '../shared.ts';

/** Nobody could be told here what went wrong: the page tells that there was no room, or that nothing has come. */
export async function receiveShare(request: Request): Promise<Response> {
  let query = SHARED_QUERY;
  try {
    const songs = songsOf(await request.formData());
    const cache = await caches.open(shareCacheName());
    for (const song of songs) if (!(await layBy(cache, song))) query = `${SHARED_QUERY}=${SHARED_NO_ROOM}`;
  } catch (error) {
    console.error(error);
  }
  return Response.redirect(`${scope()}?${query}`, 303);
}

function songsOf(form: FormData): File[] {
  return form
    .getAll(SHARED_FIELD)
    .filter((song) => song instanceof File)
    .filter(({ name }) => name !== ''); // an empty field
}

/** Returns false where there is no room for it; there may be for another. */
async function layBy(cache: Cache, song: File): Promise<boolean> {
  const headers = { 'content-type': song.type, [NAME_HEADER]: encodeURIComponent(song.name) };
  try {
    await cache.put(`${SHARED_QUERY}/${crypto.randomUUID()}`, new Response(song, { headers }));
    return true;
  } catch (error) {
    if ((error as Error).name !== 'QuotaExceededError') throw error;
    return false;
  }
}
