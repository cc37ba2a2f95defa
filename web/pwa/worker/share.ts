/** Songs from the system's share sheet, which come as a form: they are laid by, and the page that opens takes them. */
import { NAME_HEADER, scope, shareCacheName, SHARED_FIELD, SHARED_QUERY } from '../shared.ts';

export async function receiveShare(request: Request): Promise<Response> {
  // Nobody could be told here what went wrong: the page tells that nothing has come.
  await layBy(await request.formData()).catch(console.error);
  return Response.redirect(`${scope()}?${SHARED_QUERY}`, 303);
}

async function layBy(form: FormData): Promise<void> {
  const cache = await caches.open(shareCacheName());
  for (const song of form.getAll(SHARED_FIELD)) {
    if (!(song instanceof File) || song.name === '') continue; // an empty field
    const headers = { 'content-type': song.type, [NAME_HEADER]: encodeURIComponent(song.name) };
    await cache.put(`${SHARED_QUERY}/${crypto.randomUUID()}`, new Response(song, { headers }));
  }
}
