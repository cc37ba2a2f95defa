/** What models hear, and the forms that their graphs come in. */
import { BANDS, SEGMENT_FRAMES, type Form } from './page/contender.ts';

export const FORMS: Form[] = ['full', 'pruned'];

/** Of 16 ms. */
const FRAME_SAMPLES = 256;

/** The paper's own two models: nothing of them is pruned. */
export const PAPER_MODELS = ['waveform', 'spectrogram'];

export function hearsSamples(model: string): boolean {
  return model === 'waveform';
}

/** A segment's time and mel, as the graphs have it: samples lie along the second, which runtimes find faster. */
export function shapeOf(model: string): [number, number] {
  return hearsSamples(model) ? [1, SEGMENT_FRAMES * FRAME_SAMPLES] : [SEGMENT_FRAMES, BANDS];
}

export function formsOf(model: string): Form[] {
  return PAPER_MODELS.includes(model) ? ['full'] : FORMS;
}

/** The model by which it is measured how long making such frames takes: the first that hears the same. */
export function listenerOf(model: string, models: string[]): string {
  return models.find((other) => hearsSamples(other) === hearsSamples(model))!;
}
