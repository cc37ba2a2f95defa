/** Which files can be sliced. */
import { sliceAiff } from './aiff.ts';
import { sliceFlac } from './flac.ts';
import { sliceMp3 } from './mp3.ts';
import { sliceWave } from './wave.ts';
import type { Sliced } from './slices.ts';

const SLICERS: Record<string, (file: Blob) => Promise<Sliced | undefined>> = {
  MP3: sliceMp3,
  FLAC: sliceFlac,
  WAVE: sliceWave,
  AIFF: sliceAiff,
};

/** Undefined where the browser has to be given the whole file. */
export async function slice(file: Blob, container: string): Promise<Sliced | undefined> {
  return SLICERS[container]?.(file);
}
