/** What a person has chosen to see. The model and the list of tags are remembered for the next visit. */
import { DEFAULT_MODEL, hopFrames, MODELS, type BundledModel } from '../taggram.ts';
import { remember, remembered } from './memory.ts';
import type { Sort } from './rows.ts';

export interface Choice {
  model: string;
  /** The model that stands beside it, if any. */
  other: string | null;
  /** Of models that have several lists of tags: the one that is seen; null for all. */
  list: string | null;
  hopFrames: number;
  sort: Sort;
  filter: string;
  /** The difference of the two models in place of both. */
  difference: boolean;
}

const MODEL_KEY = 'taggram.model';
const LIST_KEY = 'taggram.list';
/** What stands for all lists where the choice is remembered. */
const ALL_LISTS = '';
/** Fifty tags, as other models have; both lists share some of their names. */
const DEFAULT_LIST = 'MTT';

/** From side by side to a tenth of a second, in seconds. */
const HOPS = [3, 1.5, 1, 0.5, 0.2, 0.1];

export function firstChoice(): Choice {
  const model = modelNamed(remembered(MODEL_KEY)) ?? modelNamed(DEFAULT_MODEL)!;
  const list = remembered(LIST_KEY) ?? DEFAULT_LIST;
  return {
    model: model.name,
    other: null,
    list: list === ALL_LISTS ? null : list,
    hopFrames: model.segmentFrames,
    sort: 'score',
    filter: '',
    difference: false,
  };
}

export function modelNamed(name: string | null): BundledModel | undefined {
  return MODELS.find((model) => model.name === name);
}

const byArchitecture = (name: string) => MODELS.find(({ architecture }) => architecture === name);
const [WAVEFORM, SPECTROGRAM] = ['waveform', 'spectrogram'].map(byArchitecture);

/** The paper's two front-ends on one back-end, where both are bundled. */
export const FRONT_ENDS = WAVEFORM && SPECTROGRAM ? ([WAVEFORM, SPECTROGRAM] as const) : null;

/** Names of the lists of tags that these models have. */
export function listsOf(models: readonly (string | null)[]): string[] {
  return [...new Set(models.flatMap((model) => modelNamed(model)?.lists ?? []))];
}

/** Hops to choose from, in frames. */
export function hopsOf({ segmentFrames }: BundledModel): number[] {
  return HOPS.map((seconds) => hopFrames(seconds, segmentFrames));
}

export function rememberChoice({ model, list }: Choice): void {
  remember(MODEL_KEY, model);
  remember(LIST_KEY, list ?? ALL_LISTS);
}
