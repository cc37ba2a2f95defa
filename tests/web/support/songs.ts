/** Songs for the tests of the page, made from the example. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { examplePath } from './built.ts';
import { ffmpeg } from './program.ts';

export const EXAMPLE = basename(examplePath());

/** A folder that is there for one file of tests. */
export class Folder {
  private readonly path = mkdtempSync(join(tmpdir(), 'taggram-'));

  at(name: string): string {
    return join(this.path, name);
  }

  /** The example, this many times over. */
  repeated(times: number): string {
    const path = this.at(`${times}-times.mp3`);
    ffmpeg('-stream_loop', String(times - 1), '-i', examplePath(), '-c', 'copy', path);
    return path;
  }

  /** One sample: it is taken for a song until it is tagged. */
  tooShort(): string {
    const path = this.at('short.wav');
    ffmpeg('-i', examplePath(), '-af', 'atrim=end_sample=1', path);
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
