/** The page with the paper's two models beside the others: built in a folder of its own, their weights random. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository, pythonWithModels } from './built.ts';

const COPIED = [
  'web',
  'models',
  'index.html',
  'bench.html',
  'vite.config.ts',
  'package.json',
  'tsconfig.base.json',
  'LICENSE',
];
const LINKED = ['build', 'node_modules'];

const MADE = `
import sys
from pathlib import Path
import numpy as np
from reference.random_paper import random_network, write

for seed, front_end in enumerate(("waveform", "spectrogram")):
    write(Path(sys.argv[1], f"{front_end}.gguf"), random_network(front_end, seed), np.int16)
`;

/** Returns a folder with the model files in models/ and the built page in dist/. It is the caller's to remove. */
export function buildWithPaperModels(): string {
  const folder = mkdtempSync(join(tmpdir(), 'taggram-'));
  for (const name of COPIED) cpSync(inRepository(name), join(folder, name), { recursive: true });
  for (const name of LINKED) symlinkSync(inRepository(name), join(folder, name));
  execFileSync(pythonWithModels(), ['-c', MADE, join(folder, 'models')], {
    env: { ...process.env, PYTHONPATH: inRepository('models') },
  });
  execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error'], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  return folder;
}
