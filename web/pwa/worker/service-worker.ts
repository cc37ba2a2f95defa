/** Answers for the host: with what the page was built with, complete and of one version, network or no network. */
import { clientsClaim } from 'workbox-core';
import { addPlugins, precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { scope, SHARE_ADDRESS, TAKE_OVER } from '../shared.ts';
import { serveModels } from './models.ts';
import { receiveShare } from './share.ts';

declare const self: ServiceWorkerGlobalScope;

const shareAddress = new URL(SHARE_ADDRESS, scope()).href;

// Files without a hash in their name are asked for anew, and sent anew only if they have changed. (Workbox's own way,
// "reload", has them all sent once more.)
addPlugins([
  {
    requestWillFetch: async ({ request }) =>
      request.cache === 'reload' ? new Request(request, { cache: 'no-cache' }) : request,
  },
]);
precacheAndRoute(PRECACHED, { ignoreURLParametersMatching: [/./] });
serveModels();
registerRoute(
  ({ url }) => url.href === shareAddress,
  ({ request }) => receiveShare(request),
  'POST',
);

// The first one answers at once for the page that brought it. A later one waits until no page is left of the version
// before, or until a person asks for it.
clientsClaim();
self.addEventListener('message', ({ data }) => {
  if (data === TAKE_OVER) void self.skipWaiting();
});
