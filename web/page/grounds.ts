/** Words for what is seen in a taggram beside scores. */

/** Meanings beside the colour scale: each is told only where it is seen. */
export interface Grounds {
  silent: boolean;
  padded: boolean;
  unheard: boolean;
}

export interface ScaleWords {
  name: string;
  from: string;
  to: string;
}

export const GROUND_WORDS: Record<keyof Grounds, string> = {
  silent: 'silent: no answer',
  padded: 'shorter than a segment: repeated to fill it',
  unheard: 'rest that fills no segment',
};
