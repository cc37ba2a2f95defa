/** The built page in a folder of its own, which a later version may follow. */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { builtPage } from './built.ts';

const SERVICE_WORKER = 'service-worker.js';
const LATER = 'later000';

const later = (name: string) => name.replace(/-[\w-]{8}\./, `-${LATER}.`);

export class Versions {
  readonly folder = mkdtempSync(join(tmpdir(), 'taggram-site-'));

  constructor() {
    cpSync(dirname(builtPage()), this.folder, { recursive: true });
  }

  /** The page's code, by its name in this version. */
  get script(): string {
    return this.asset(/^index-.*\.js$/);
  }

  /** What draws how networks work, which is loaded when it is asked for. */
  get figure(): string {
    return this.asset(/^dialog-.*\.js$/);
  }

  /**
   * What a build after a change of the page's code would put here in the place of this: other names, other checksums.
   * Some hosts go on to have the files that were there before.
   */
  publishNext({ keepsOld = false } = {}): void {
    const { script, figure } = this;
    for (const name of [script, figure]) {
      const path = (file: string) => join(this.folder, 'assets', file);
      cpSync(path(name), path(later(name)));
      if (!keepsOld) rmSync(path(name));
    }
    const renamed = (text: string) =>
      text.replaceAll(script, later(script)).replaceAll(figure, later(figure));
    const changed = [join('assets', later(script)), 'index.html'];
    const before = changed.map((name) => this.checksum(name));
    for (const name of changed) this.rewrite(name, renamed);
    const after = changed.map((name) => this.checksum(name));
    this.rewrite(SERVICE_WORKER, (text) =>
      before.reduce(
        (rest, hash, i) =>
          rest.replaceAll(hash, after[i]!).replaceAll(hash.slice(0, 12), after[i]!.slice(0, 12)),
        renamed(text),
      ),
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

  /** The latest one of such a name. */
  private asset(pattern: RegExp): string {
    const names = readdirSync(join(this.folder, 'assets')).filter((name) => pattern.test(name));
    return names.find((name) => name.includes(LATER)) ?? names[0]!;
  }

  private checksum(name: string): string {
    return createHash('sha256')
      .update(readFileSync(join(this.folder, name)))
      .digest('base64');
  }
}
