/// <reference path="./virtual.d.ts" />
/** The files that the build puts beside the page: the engine, and the models with what they tell of themselves. */
import { closest } from 'fastest-levenshtein';
import { MODELS as FACTS } from 'virtual:models';
import { TaggramError } from './errors.ts';
import { hasSimd } from './simd.ts';
import type { ModelFacts } from './messages.ts';

/** What is known of a bundled model before it is loaded. */
export interface BundledModel extends ModelFacts {
  /** Of its file. */
  bytes: number;
  /** Of its file: its SHA-256, as `fetch` takes it. */
  integrity: string;
}

export const MODELS: readonly BundledModel[] = FACTS;

export { DEFAULT_MODEL } from './default-model.ts';

export const ENGINES = {
  /** For browsers that compute with SIMD: all of the last years. */
  simd: new URL('../build/wasm/taggram.wasm', import.meta.url),
  /** For the others: the same in plain C, about ten times slower. */
  plain: new URL('../build/wasm-plain/taggram-plain.wasm', import.meta.url),
};

/** Whether this browser computes with SIMD. */
export const HAS_SIMD = hasSimd();

export const ENGINE = HAS_SIMD ? ENGINES.simd : ENGINES.plain;

export function bundledModel(name: string): BundledModel {
  const model = MODELS.find((candidate) => candidate.name === name);
  if (model) return model;
  const names = MODELS.map((candidate) => candidate.name);
  throw new TaggramError(
    'bad-option',
    `There is no model named ${name}; did you mean ${closest(name, names)}? Bundled are ${names.join(', ')}; an address contains a slash or ends in .gguf.`,
  );
}

/** As in the program: a text with a slash, or ending in .gguf, is a file's place; any other is a bundled model's name. */
export function modelAddress(text: string): URL | string {
  if (text.includes('/') || text.endsWith('.gguf')) return text;
  const { name } = bundledModel(text);
  return new URL(`../models/${name}.gguf`, import.meta.url);
}
