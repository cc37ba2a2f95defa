/** The native program and FFmpeg, as a terminal runs them. */
import { execFileSync } from 'node:child_process';
import type { TaggedFile } from '../../../web/taggram.ts';
import { nativeProgram } from './built.ts';

export function tagInTerminal(path: string, ...options: string[]): TaggedFile {
  return JSON.parse(writtenInTerminal('json', path, ...options));
}

/** What the program writes of a file in this format. */
export function writtenInTerminal(format: string, path: string, ...options: string[]): string {
  return execFileSync(nativeProgram(), ['--format', format, ...options, path], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

export function ffmpeg(...args: string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args]);
}
