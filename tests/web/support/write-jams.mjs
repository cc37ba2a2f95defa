// Prints the page's JAMS of the result and the means that standard input gives as JSON: node write-jams.mjs < FILE
import { readFileSync } from 'node:fs';
import { runnerImport } from 'vite';

/** Stands in for the facts of the bundled models, which JAMS doesn't need, and which want the engine built. */
const noModels = {
  name: 'no-models',
  resolveId: (source) => (source === 'virtual:models' ? '\0virtual:models' : undefined),
  load: (id) => (id === '\0virtual:models' ? 'export const MODELS = [];' : undefined),
};

const { result, means } = JSON.parse(readFileSync(0, 'utf8'));
const { module } = await runnerImport('./web/page/export/jams.ts', { plugins: [noModels] });
for (const piece of module.toJams(result, means)) process.stdout.write(piece);
