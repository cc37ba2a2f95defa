/** The built page in a folder of its own, which a later version may follow. */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { builtPage } from './built.ts';

const SERVICE_WORKER = 'service-worker.js';
const LATER = 'later000';

export class Versions {
  readonly folder = mkdtempSync(join(tmpdir(), 'taggram-site-'));

  constructor() {
    cpSync(dirname(builtPage()), this.folder, { recursive: true });
  }

  /** The page's code, by its name in this version. */
  get script(): string {
    return readdirSync(join(this.folder, 'assets')).find((name) => /^index-.*\.js$/.test(name))!;
  }

  /** What a build after a change of the page's code would put here in the place of this: other names, other checksums. */
  publishNext(): void {
    const before = this.script;
    const next = before.replace(/-[\w-]{8}\./, `-${LATER}.`);
    renameSync(join(this.folder, 'assets', before), join(this.folder, 'assets', next));
    const hash = this.checksum('index.html');
    this.rewrite('index.html', (text) => text.replaceAll(before, next));
    this.rewrite(SERVICE_WORKER, (text) =>
      text
        .replaceAll(before, next)
        .replaceAll(hash, this.checksum('index.html'))
        .replaceAll(hash.slice(0, 12), this.checksum('index.html').slice(0, 12)),
    );
  }

  /** Changes a file behind its service worker's back. */
  rewrite(name: string, change: (text: string) => string): void {
    const path = join(this.folder, name);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private checksum(name: string): string {
    return createHash('sha256')
      .update(readFileSync(join(this.folder, name)))
      .digest('base64');
  }
}
