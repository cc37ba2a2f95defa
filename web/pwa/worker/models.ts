/** Models other than the default one: fetched when they are wanted, and kept once they have come whole. */
import type { WorkboxPlugin } from 'workbox-core/types.js';
import { registerRoute } from 'workbox-routing';
import { Strategy, type StrategyHandler } from 'workbox-strategies';
import { isWhole, MODEL_KEPT, modelsCacheName, scope } from '../shared.ts';

declare const self: ServiceWorkerGlobalScope;

const cacheName = modelsCacheName();

/** Checksums by address. */
const models = new Map(
  OTHER_MODELS.map(({ url, integrity }) => [new URL(url, scope()).href, integrity!] as const),
);

/** What is kept answers. Whoever finds it damaged asks past it ("reload"), and what comes then takes its place. */
class KeptFirst extends Strategy {
  protected override async _handle(request: Request, handler: StrategyHandler): Promise<Response> {
    const kept = request.cache === 'reload' ? undefined : await handler.cacheMatch(request);
    return kept ?? handler.fetchAndCachePut(request);
  }
}

/**
 * A damaged one would be so at every visit. It is not held back until it is known to be whole, as `integrity` would:
 * whoever asked sees how far it is, and checks it too.
 */
const onlyWhole: WorkboxPlugin = {
  cacheWillUpdate: async ({ request, response }) =>
    (await isWhole(response.clone(), models.get(request.url)!)) ? response : null,
  cacheDidUpdate: async () => {
    for (const window of await self.clients.matchAll({ type: 'window' })) window.postMessage(MODEL_KEPT);
  },
};

export function serveModels(): void {
  registerRoute(({ url }) => models.has(url.href), new KeptFirst({ cacheName, plugins: [onlyWhole] }));
  self.addEventListener('activate', (event) => event.waitUntil(forgetUnknown()));
}

/** Those that this version doesn't know. */
async function forgetUnknown(): Promise<void> {
  const cache = await caches.open(cacheName);
  const unknown = (await cache.keys()).filter(({ url }) => !models.has(url));
  await Promise.all(unknown.map((request) => cache.delete(request)));
}
