/** The part of the build that makes the page installable: icons, and the service worker with its list of files. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { build, type Plugin } from 'vite';
import type { PrecacheEntry } from 'workbox-precaching';
import { integrityOf, SERVICE_WORKER } from './shared.ts';

const ICON = 'web/page/icon.svg';

/** Files that the page never asks for: for those who use the library, for the system, and the service worker itself; examples beyond the first. */
const NOT_OF_THE_PAGE =
  /\.d\.ts$|^library\/(package\.json|licences\.txt|taggram\.js)$|^icons\/|^example\/(?!naev-introduction).*\.mp3$|^manifest\.webmanifest$|^service-worker\.js$/;
const MODEL = /^library\/.*\.gguf$/;
/** Such a name belongs to one content for good. */
const HASHED = /^(assets|library)\/.*-[\w-]{8}\.\w+$/;

/** `defaultModel` comes with the page; others when they are wanted. */
export function installable(defaultModel: string): Plugin[] {
  return [icons(), serviceWorker(defaultModel)];
}

/** In base64. */
export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('base64');
}

function icons(): Plugin {
  return {
    name: 'icons',
    apply: 'build',
    generateBundle() {
      const svg = readFileSync(ICON, 'utf8');
      const emit = (name: string, text: string, width: number) =>
        this.emitFile({ type: 'asset', fileName: `icons/${name}.png`, source: png(text, width) });
      emit('192', svg, 192);
      emit('512', svg, 512);
      emit('maskable', maskable(svg), 512);
      emit('apple', maskable(svg), 180);
    },
  };
}

function png(svg: string, width: number): Buffer {
  return new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render().asPng();
}

/** Systems cut it to a shape of their own, and leave the middle 80 %: its ground goes on to the edges. */
function maskable(svg: string): string {
  const ground = /<rect[^>]* fill="(#\w+)"/.exec(svg)?.[1];
  if (!ground) throw new Error(`${ICON} has no ground to go on with.`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="${ground}"/>
    <svg x="4" y="4" width="32" height="32">${svg}</svg></svg>`;
}

/** Built when all else is there, since it knows each file by its content. */
function serviceWorker(defaultModel: string): Plugin {
  let folder: string;
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved: ({ build: { outDir } }) => void (folder = outDir),
    writeBundle: async () => {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) =>
          join(parentPath, name)
            .slice(folder.length + 1)
            .replaceAll(sep, '/'),
        )
        .filter((name) => !NOT_OF_THE_PAGE.test(name))
        .toSorted();
      const isOther = (name: string) => MODEL.test(name) && !name.startsWith(`library/${defaultModel}-`);
      await build({
        configFile: false,
        logLevel: 'warn',
        publicDir: false,
        define: {
          PRECACHED: JSON.stringify(
            files.filter((name) => !isOther(name)).map((name) => entry(folder, name)),
          ),
          OTHER_MODELS: JSON.stringify(files.filter(isOther).map((name) => entry(folder, name))),
        },
        build: {
          outDir: folder,
          emptyOutDir: false,
          target: 'es2022',
          rolldownOptions: {
            input: 'web/pwa/worker/service-worker.ts',
            output: { format: 'iife', entryFileNames: SERVICE_WORKER },
          },
        },
      });
    },
  };
}

/** With its checksum: what a host sends of another version is refused, and nothing is kept then. */
function entry(folder: string, url: string): PrecacheEntry {
  const hash = sha256(readFileSync(join(folder, url)));
  return { url, integrity: integrityOf(hash), revision: HASHED.test(url) ? null : hash.slice(0, 12) };
}
