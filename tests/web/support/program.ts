/** The native program and FFmpeg, as a terminal runs them. */
import { execFileSync } from 'node:child_process';
import type { TaggedFile } from '../../../web/taggram.ts';
import { nativeProgram } from './built.ts';

export function tagInTerminal(path: string): TaggedFile {
  const output = execFileSync(nativeProgram(), ['--format', 'json', path], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(output);
}

export function ffmpeg(...args: string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args]);
}
