/** The browser's own decoder, which works on threads of its own. */
import { pcmOf } from '../audio-buffer.ts';
import type { Slice } from './slices/slices.ts';

/** Slices decoded at a time. */
const AT_ONCE = 2;

export async function decodeWhole(file: Blob, sampleRate: number): Promise<Float32Array[]> {
  const context = new OfflineAudioContext(1, 1, sampleRate);
  return pcmOf(await context.decodeAudioData(await file.arrayBuffer())).planes;
}

export async function* decodeSlices(
  slices: AsyncIterable<Slice>,
  sampleRate: number,
): AsyncGenerator<Float32Array[], void> {
  const coming: Promise<Float32Array[]>[] = [];
  for await (const slice of slices) {
    const planes = decodeSlice(slice, sampleRate);
    planes.catch(() => {}); // seen when its turn comes
    if (coming.push(planes) > AT_ONCE) yield await coming.shift()!;
  }
  for (const planes of coming) yield await planes;
}

async function decodeSlice({ file, skip, drop }: Slice, sampleRate: number): Promise<Float32Array[]> {
  const planes = await decodeWhole(file, sampleRate);
  return skip + drop === 0 ? planes : planes.map((plane) => plane.subarray(skip, plane.length - drop));
}
