/** Made by web/pwa/build.ts. */

/** Every file that the page needs without a network. */
declare const PRECACHED: import('workbox-precaching').PrecacheEntry[];

/** Addresses of the other models, in the page's folder. */
declare const OTHER_MODELS: readonly string[];
