/** What the page and its service worker call things. */

/** The service worker's file, in the page's folder: that folder is its scope. */
export const SERVICE_WORKER = 'service-worker.js';

/** Said to a service worker that waits: the person wants the new version now. */
export const TAKE_OVER = 'take over';

/** Said by a service worker: there is a model more on this device. */
export const MODEL_KEPT = 'model kept';

/** Where the manifest has the system send songs, in the page's folder. */
export const SHARE_ADDRESS = 'share';
/** The field of the form that has them. */
export const SHARED_FIELD = 'songs';
/** In the page's address: songs are waiting. */
export const SHARED_QUERY = 'shared';
/** Its value where not all of them found room. */
export const SHARED_NO_ROOM = 'no-room';
/** The header of a song that waits: its name, percent-encoded. */
export const NAME_HEADER = 'x-name';

/** The folder of the page and of its service worker. */
export const scope = () => new URL('./', location.href).href;

// Caches belong to a whole origin, and that may have a Taggram in other folders too.

/** Of models that are fetched when they are wanted. */
export const modelsCacheName = () => `taggram models ${scope()}`;

/** Of a SHA-256 in base64: as `fetch` and the service worker's lists have it. */
export const integrityOf = (hash: string) => `sha256-${hash}`;

/** Whether all of a file has come, as it was built. */
export async function isWhole(response: Response, integrity: string): Promise<boolean> {
  const bytes = await response.arrayBuffer().catch(() => new ArrayBuffer()); // the connection broke while it came
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return integrityOf(btoa(String.fromCharCode(...hash))) === integrity;
}

/** Of songs on their way from the system's share sheet to the page, each under an address of its own. */
export const shareCacheName = () => `taggram share ${scope()}`;
