/** The browser's own decoder, which works on threads of its own. */
import { pcmOf } from '../audio-buffer.ts';
import type { Slice } from './slices/slices.ts';

/** Slices decoded at a time. */
const AT_ONCE = 2;

export async function decodeWhole(file: Blob, sampleRate: number): Promise<Float32Array[]> {
  return decode(contextOf(sampleRate), await file.arrayBuffer());
}

export async function* decodeSlices(
  slices: AsyncIterable<Slice>,
  sampleRate: number,
): AsyncGenerator<Float32Array[], void> {
  const context = contextOf(sampleRate);
  const coming: Promise<Float32Array[]>[] = [];
  for await (const slice of slices) {
    const planes = decodeSlice(context, slice);
    planes.catch(() => {}); // seen when its turn comes
    if (coming.push(planes) > AT_ONCE) yield await coming.shift()!;
  }
  for (const planes of coming) yield await planes;
}

async function decodeSlice(context: BaseAudioContext, { bytes, skip, drop }: Slice): Promise<Float32Array[]> {
  const planes = await decode(context, bytes);
  return skip + drop === 0 ? planes : planes.map((plane) => plane.subarray(skip, plane.length - drop));
}

/** It decodes to this rate; nobody has it render anything. */
function contextOf(sampleRate: number): BaseAudioContext {
  return new OfflineAudioContext(1, 1, sampleRate);
}

/** The bytes are nobody's afterwards. */
async function decode(context: BaseAudioContext, bytes: ArrayBuffer): Promise<Float32Array[]> {
  return pcmOf(await context.decodeAudioData(bytes)).planes;
}
