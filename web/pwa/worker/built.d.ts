/** Made by web/pwa/build.ts. */

/** Every file that the page needs without a network. */
declare const PRECACHED: import('workbox-precaching').PrecacheEntry[];

/** The other models, which are fetched when they are wanted. */
declare const OTHER_MODELS: import('workbox-precaching').PrecacheEntry[];
