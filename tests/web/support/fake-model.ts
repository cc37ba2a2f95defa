import type { ModelFacts } from '../../../web/messages.ts';

/** What a tagger asks of a model's facts, of none that there is. */
export const FAKE_MODEL = {
  name: 'fake',
  tags: [],
  lists: [],
  segmentFrames: 187,
  leastFrames: 1,
  anyLength: true,
  frameWidth: 96,
  features: [],
} as unknown as ModelFacts;
