import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { defaultExclude, defineConfig } from 'vitest/config';
import type { Plugin } from 'vite';
import type { BundledModel } from './web/bundled.ts';
import { Core } from './web/core/core.ts';
import { DEFAULT_MODEL } from './web/default-model.ts';
import { installable, sha256 } from './web/pwa/build.ts';
import { integrityOf } from './web/pwa/shared.ts';

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
  "manifest-src 'self'",
  'media-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The folder of the web API with all that it needs; the page takes it from there, too. */
const LIBRARY = 'library';
const LIBRARY_CODE = `${LIBRARY}/[name]-[hash].js`;
const LIBRARY_DATA = `${LIBRARY}/[name]-[hash][extname]`;
/** The first versions with process.getBuiltinModule, by which bundled models are read from the disk. */
const LIBRARY_ENGINES = { node: '^20.16.0 || >=22.3.0' };

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

/** Adds what Vite's list of licences lacks: packages that only workers use, and what is not from npm. */
function moreLicences(): Plugin {
  const notices = {
    'Taggram itself (ISC)': 'LICENSE',
    'mediabunny, in the decoding worker (MPL-2.0)': 'node_modules/mediabunny/LICENSE',
    'Workbox, in the service worker (MIT)': 'node_modules/workbox-core/LICENSE',
    'The weights of the musicnn and vgg models (ISC)': 'models/LICENSE.musicnn',
    'KissFFT 131.1.0, in the WebAssembly core (BSD-3-Clause)': 'build/wasm/LICENSE.kissfft',
  };
  return {
    name: 'more-licences',
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
        // The library's folder may be copied alone.
        this.emitFile({ type: 'asset', fileName: `${LIBRARY}/${LICENCES}`, source: list.source });
      },
    },
  };
}

/** Makes the library's folder a package that Node takes for ES modules, wherever it is copied to. */
function libraryPackage(): Plugin {
  return {
    name: 'library-package',
    apply: 'build',
    generateBundle() {
      const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
      const facts = {
        name,
        version,
        license: 'ISC',
        type: 'module',
        exports: './taggram.js',
        engines: LIBRARY_ENGINES,
      };
      this.emitFile({
        type: 'asset',
        fileName: `${LIBRARY}/package.json`,
        source: `${JSON.stringify(facts, null, 2)}\n`,
      });
    },
  };
}

const MODELS_FOLDER = 'models';

/** The module `virtual:models`: what each file in models/ tells of itself, so that a page knows it unloaded. */
function modelFacts(): Plugin {
  const id = '\0virtual:models';
  return {
    name: 'model-facts',
    resolveId: (source) => (source === 'virtual:models' ? id : undefined),
    async load(asked) {
      if (asked !== id) return undefined;
      return `export const MODELS = ${JSON.stringify(await bundledModels())};`;
    },
  };
}

async function bundledModels(): Promise<BundledModel[]> {
  const core = await Core.instantiate(await WebAssembly.compile(readFileSync('build/wasm/taggram.wasm')));
  const files = readdirSync(MODELS_FOLDER).filter((file) => file.endsWith('.gguf'));
  return files.toSorted().map((file) => {
    const bytes = readFileSync(join(MODELS_FOLDER, file));
    const model = core.loadModel(bytes);
    const facts = { ...model.facts, bytes: bytes.length, integrity: integrityOf(sha256(bytes)) };
    model.free();
    if (facts.name !== basename(file, '.gguf'))
      throw new Error(`${file} calls itself ${facts.name}: the page finds models by their file's name.`);
    return facts;
  });
}

const TESTS = ['tests/web/**/*.test.ts', 'tests/bench/**/*.test.ts'];

/** They measure, or want an answer within a time: others would disturb them. */
const MEASURING = ['bench', 'long', 'page/conduct', 'live/live', 'live/bar'].map(
  (name) => `tests/web/${name}.test.ts`,
);

/** The page's own tests, which don't ask for what only Chromium can do. */
const IN_FIREFOX_TOO = [
  'page',
  'ours',
  'architecture',
  'time',
  'accessible',
  'queue/{songs,trouble,unheard}',
].map((name) => `tests/web/page/${name}.test.ts`);

export default defineConfig({
  base: './', // relative: the built page works from any folder of a site
  publicDir: 'web/public',
  plugins: [
    contentSecurityPolicy(),
    moreLicences(),
    libraryPackage(),
    modelFacts(),
    installable(DEFAULT_MODEL),
  ],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the content security policy knows files, not data: addresses
    modulePreload: { polyfill: false },
    license: { fileName: LICENCES },
    rolldownOptions: {
      checks: { pluginTimings: false }, // most of a build is ours: the service worker, the models' facts
      input: ['index.html', 'bench.html', 'web/taggram.ts'],
      preserveEntrySignatures: 'exports-only',
      output: {
        entryFileNames: ({ name }) =>
          name === 'taggram' ? `${LIBRARY}/taggram.js` : 'assets/[name]-[hash].js',
        // The page and the one that measures share a few modules of their own.
        chunkFileNames: ({ moduleIds }) =>
          moduleIds.some((id) => /\/web\/(page|live|languages)\//.test(id))
            ? 'assets/[name]-[hash].js'
            : LIBRARY_CODE,
        assetFileNames: ({ names }) =>
          /\.(wasm|gguf)$/.test(names[0] ?? '') ? LIBRARY_DATA : 'assets/[name]-[hash][extname]',
      },
    },
  },
  worker: {
    format: 'es',
    rolldownOptions: {
      output: {
        entryFileNames: ({ name }) => (name === 'worklet' ? 'assets/[name]-[hash].js' : LIBRARY_CODE),
      },
    },
  },
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2, // one browser leaves a quarter of two cores idle; with three, waits come to an end
    projects: [
      {
        extends: true,
        test: { name: 'together', include: TESTS, exclude: [...MEASURING, ...defaultExclude] },
      },
      {
        extends: true,
        test: { name: 'firefox', include: IN_FIREFOX_TOO, env: { TAGGRAM_TESTS_IN: 'firefox' } },
      },
      {
        extends: true,
        test: {
          name: 'firefox, alone',
          include: ['tests/web/live/{live,bar}.test.ts'],
          env: { TAGGRAM_TESTS_IN: 'firefox' },
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: MEASURING, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
