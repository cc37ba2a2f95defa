import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import type { Plugin } from 'vite';

/**
 * The page needs nothing from elsewhere, and says so to the browser. Only in builds: the development server
 * injects styles in ways that this forbids.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  'media-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const LICENCES = 'licences.txt';

function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** Adds what the page carries beside npm's packages to the list of licences that Vite writes. */
function coreLicences(): Plugin {
  const notices = {
    "MTT_musicnn, the network's weights (ISC)": 'models/LICENSE.musicnn',
    'KissFFT 131.1.0, in the WebAssembly core (BSD-3-Clause)': 'build/wasm/LICENSE.kissfft',
  };
  return {
    name: 'core-licences',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const list = bundle[LICENCES];
        if (list?.type !== 'asset') throw new Error(`Vite has not written ${LICENCES}.`);
        const added = Object.entries(notices).map(
          ([name, file]) => `\n## ${name}\n\n${readFileSync(file, 'utf8').trim()}\n`,
        );
        list.source = `${String(list.source)}${added.join('')}`;
      },
    },
  };
}

export default defineConfig({
  base: './', // relative: the built page works from any folder of a site
  publicDir: 'web/public',
  plugins: [contentSecurityPolicy(), coreLicences()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the content security policy knows files, not data: addresses
    modulePreload: { polyfill: false },
    license: { fileName: LICENCES },
  },
  worker: { format: 'es' },
  test: {
    include: ['tests/web/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false, // the browser test measures; others would disturb it
  },
});
