/** Slices of WAVE. */
import { asText, bytesOf, joinBytes } from '../bytes.ts';
import { SLICE_SECONDS, type Slice, type Sliced } from './slices.ts';

/** Kinds of samples that lie in a file as they are: whole numbers, fractions, and the kind that tells the kind later. */
const PLAIN = [1, 3, 0xfffe];

export interface SampleFormat {
  sampleRate: number;
  channels: number;
  sampleBytes: number;
  isFloat: boolean;
}

/** Undefined if its samples are coded in another way, or it has none. */
export async function sliceWave(file: Blob): Promise<Sliced | undefined> {
  let format: Uint8Array<ArrayBuffer> | undefined;
  for (let at = 12; at + 8 <= file.size;) {
    const head = await bytesOf(file, at, at + 8);
    const name = asText(head.subarray(0, 4));
    const size = new DataView(head.buffer).getUint32(4, true);
    if (name === 'fmt ') format = await bytesOf(file, at, at + 8 + size);
    if (name === 'data') return format && sliceData(file, format, at + 8, size);
    at += 8 + size + (size % 2);
  }
  return undefined;
}

function sliceData(
  file: Blob,
  format: Uint8Array<ArrayBuffer>,
  begin: number,
  size: number,
): Sliced | undefined {
  const view = new DataView(format.buffer);
  const block = view.getUint16(8 + 12, true);
  const sampleRate = view.getUint32(8 + 4, true);
  if (!PLAIN.includes(view.getUint16(8, true)) || block === 0 || sampleRate === 0) return undefined;
  const isTold = size !== 0 && size !== 0xffffffff; // programs that stream don't know it
  const end = isTold ? Math.min(begin + size, file.size) : file.size;
  return {
    duration: (end - begin) / block / sampleRate,
    async *slices(): AsyncGenerator<Slice> {
      const step = SLICE_SECONDS * sampleRate * block;
      for (let at = begin; at < end; at += step) {
        const data = await bytesOf(file, at, Math.min(at + step, end));
        yield { bytes: joinBytes([waveHead(format, data.length), data]), skip: 0, drop: 0 };
      }
    },
  };
}

/** The chunk of a file's format. */
export function waveFormat({
  sampleRate,
  channels,
  sampleBytes,
  isFloat,
}: SampleFormat): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(24));
  const block = channels * sampleBytes;
  [0x666d7420, 0x10000000].forEach((word, i) => view.setUint32(4 * i, word)); // "fmt " and its size, 16
  view.setUint16(8, isFloat ? 3 : 1, true);
  view.setUint16(10, channels, true);
  view.setUint32(12, sampleRate, true);
  view.setUint32(16, sampleRate * block, true);
  view.setUint16(20, block, true);
  view.setUint16(22, 8 * sampleBytes, true);
  return new Uint8Array(view.buffer);
}

/** What stands before so many bytes of samples in a file; `format` is the chunk of that name. */
export function waveHead(format: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const name = (text: string) => new TextEncoder().encode(text);
  const number = (value: number) => new Uint8Array(new Uint32Array([value]).buffer);
  const all = 4 + format.length + 8 + size;
  return new Uint8Array(
    joinBytes([name('RIFF'), number(all), name('WAVE'), format, name('data'), number(size)]),
  );
}
