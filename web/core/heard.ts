/** tg_heard of src/taggram.h. */
import type { Core } from './core.ts';

export interface Heard {
  /** Of PCM. */
  seconds: number;
  nonFinite: number;
  /** It is shorter than a segment and repeated to fill one. */
  repeated: boolean;
}

/** Size and offsets in bytes. */
export const HEARD = { size: 24, seconds: 0, nonFinite: 8, repeated: 16 };

export function readHeard(core: Core, heard: number): Heard {
  const view = core.view();
  return {
    seconds: view.getFloat64(heard + HEARD.seconds, true),
    nonFinite: view.getFloat64(heard + HEARD.nonFinite, true),
    repeated: view.getFloat64(heard + HEARD.repeated, true) !== 0,
  };
}
