/** The command line. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PAPER_MODELS } from './hearing.ts';

export const MODELS = [
  ...['MTT_musicnn', 'MSD_musicnn', 'MTT_vgg', 'MSD_vgg'],
  ...PAPER_MODELS.filter((name) => existsSync(`models/${name}.gguf`)),
];
export const PARTS = ['web', 'native', 'stages', 'page', 'memory'] as const;
export type Part = (typeof PARTS)[number];

export const HELP = `build-scripts/bench [options] [MODEL...]

Measures Taggram beside general runtimes and prints a table. A run of all parts and models that is not --quick also writes
docs/bench.json and docs/images/bench.svg; any other writes them into build/bench.

  --only PARTS  ${PARTS.join(', ')}, separated by commas: the WebAssembly core in Chromium, the native core,
                time by kind of work, the page, the page's memory with songs of hours
  --quick       a few rounds only
  --help        this
`;

export interface Options {
  models: string[];
  parts: Part[];
  quick: boolean;
  help: boolean;
}

export function parseOptions(words: string[]): Options {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { only: { type: 'string' }, quick: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  const { only, quick = false, help = false } = values;
  return {
    models: positionals.length > 0 ? known(positionals, MODELS) : MODELS,
    parts: only === undefined ? [...PARTS] : known(only.split(','), PARTS),
    quick,
    help,
  };
}

function known<T extends string>(words: string[], all: readonly T[]): T[] {
  const strange = words.find((word) => !(all as readonly string[]).includes(word));
  if (strange !== undefined) throw new Error(`There is no "${strange}"; there are ${all.join(', ')}.`);
  return all.filter((one) => words.includes(one));
}

/** Whether a run with these options tells everything, as accurately as it can. */
export function isWhole({ models, parts, quick }: Options): boolean {
  return !quick && models.length === MODELS.length && parts.length === PARTS.length;
}
