/** Words for what is seen in a taggram beside scores. */
import { say } from './language.ts';

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

/** What a pixel shows that several segments share. */
export const FAR_WORDS = say`from afar: the strongest segment of each pixel`;

export const GROUND_WORDS: Record<keyof Grounds, string> = {
  silent: say`silent: no answer`,
  padded: say`shorter than a segment: repeated to fill it`,
  unheard: say`rest that fills no segment`,
};
