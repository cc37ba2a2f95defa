/** What a person has chosen to see. The model is remembered for the next visit. */
import { DEFAULT_MODEL, hopFrames, MODELS, type BundledModel } from '../taggram.ts';
import type { Sort } from './rows.ts';

export interface Choice {
  model: string;
  /** The model that stands beside it, if any. */
  other: string | null;
  hopFrames: number;
  sort: Sort;
  filter: string;
  /** The difference of the two models in place of both. */
  difference: boolean;
}

const MODEL_KEY = 'taggram.model';

/** From side by side to a tenth of a second, in seconds. */
const HOPS = [3, 1.5, 1, 0.5, 0.2, 0.1];

export function firstChoice(): Choice {
  const model = modelNamed(remembered()) ?? modelNamed(DEFAULT_MODEL)!;
  return {
    model: model.name,
    other: null,
    hopFrames: model.segmentFrames,
    sort: 'score',
    filter: '',
    difference: false,
  };
}

export function modelNamed(name: string | null): BundledModel | undefined {
  return MODELS.find((model) => model.name === name);
}

/** Hops to choose from, in frames. */
export function hopsOf({ segmentFrames }: BundledModel): number[] {
  return HOPS.map((seconds) => hopFrames(seconds, segmentFrames));
}

// Storage may be forbidden: then nothing is remembered.

export function remember(model: string): void {
  try {
    localStorage.setItem(MODEL_KEY, model);
  } catch {
    return;
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(MODEL_KEY);
  } catch {
    return null;
  }
}
