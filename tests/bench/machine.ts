/** What the figures were measured on and with. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import type { Result } from './measured.ts';

export function describeMachine(): Result['machine'] {
  return { processor: cpus()[0]!.model.trim(), cores: cpus().length, load: loadavg()[0]! };
}

export function versionsOf(chromium: string): Record<string, string> {
  const { dependencies } = JSON.parse(readFileSync('tests/bench/package.json', 'utf8'));
  const packages = readFileSync('tests/bench/requirements.txt', 'utf8');
  return {
    Chromium: chromium,
    'onnxruntime-web': dependencies['onnxruntime-web'],
    'TensorFlow.js': dependencies['@tensorflow/tfjs-core'],
    onnxruntime: /^onnxruntime==(.*)$/m.exec(packages)![1]!,
    'C compiler': firstLine('cc'),
    Emscripten: firstLine('emcc'),
  };
}

function firstLine(compiler: string): string {
  return execFileSync(compiler, ['--version'], { encoding: 'utf8' }).split('\n')[0]!;
}
