// Runs main.ts by Vite, since not every Node that builds Taggram runs TypeScript by itself.
import { runnerImport } from 'vite';

const { module } = await runnerImport('./tests/bench/main.ts');
process.exitCode = await module.main(process.argv.slice(2));
