/** Slices of AIFF, which become WAVE: that is the same samples in another order of bytes, and all browsers know it. */
import { asText, bytesOf, joinBytes } from '../bytes.ts';
import { UNKNOWN, type AudioFacts } from '../facts.ts';
import { SLICE_SECONDS, type Slice, type Sliced } from './slices.ts';
import { waveFormat, waveHead } from './wave.ts';

/** How samples are coded: the names of AIFF-C. */
const CODINGS: Record<string, { isFloat?: boolean; isLittle?: boolean }> = {
  NONE: {},
  twos: {},
  sowt: { isLittle: true },
  fl32: { isFloat: true },
  FL32: { isFloat: true },
  fl64: { isFloat: true },
  FL64: { isFloat: true },
};

interface Stream {
  coding: string;
  sampleRate: number;
  channels: number;
  /** Samples of each channel. */
  samples: number;
  sampleBytes: number;
  /** Where the samples begin. */
  begin: number;
}

/** Undefined if it is no AIFF, or damaged. */
export async function aiffFacts(file: Blob): Promise<AudioFacts | undefined> {
  const stream = await readStream(file);
  if (!stream) return undefined;
  const { coding, sampleRate, channels, samples } = stream;
  const codec = coding in CODINGS ? 'pcm' : coding;
  return {
    ...UNKNOWN,
    container: 'AIFF',
    codec,
    sampleRate,
    channels,
    declaredSeconds: samples / sampleRate,
  };
}

/** Undefined if its samples are coded in another way. */
export async function sliceAiff(file: Blob): Promise<Sliced | undefined> {
  const stream = await readStream(file);
  const coding = stream && CODINGS[stream.coding];
  if (!stream || !coding) return undefined;
  const { sampleRate, channels, samples, sampleBytes, begin } = stream;
  const block = channels * sampleBytes;
  const present = Math.min(samples, Math.floor((file.size - begin) / block));
  const format = waveFormat({ ...stream, isFloat: coding.isFloat ?? false });
  return {
    duration: present / sampleRate,
    async *slices(): AsyncGenerator<Slice> {
      const step = SLICE_SECONDS * Math.ceil(sampleRate);
      for (let sample = 0; sample < present; sample += step) {
        const end = Math.min(sample + step, present);
        const bytes = await bytesOf(file, begin + sample * block, begin + end * block);
        if (sampleBytes === 1)
          bytes.forEach((byte, i) => (bytes[i] = byte ^ 0x80)); // WAVE's have no sign
        else if (!coding.isLittle) reverse(bytes, sampleBytes);
        yield { bytes: joinBytes([waveHead(format, bytes.length), bytes]), skip: 0, drop: 0 };
      }
    },
  };
}

async function readStream(file: Blob): Promise<Stream | undefined> {
  const head = asText(await bytesOf(file, 0, 12));
  if (!/^FORM....AIF[FC]$/s.test(head)) return undefined;
  let common: Omit<Stream, 'begin'> | undefined;
  for (let at = 12; at + 16 <= file.size;) {
    const chunk = await bytesOf(file, at, at + 30);
    const name = asText(chunk.subarray(0, 4));
    const view = new DataView(chunk.buffer);
    const size = view.getUint32(4);
    if (name === 'COMM' && chunk.length >= 26) common = readCommon(chunk, view, size);
    if (name === 'SSND') return common && { ...common, begin: at + 16 + view.getUint32(8) };
    at += 8 + size + (size % 2);
  }
  return undefined;
}

function readCommon(chunk: Uint8Array, view: DataView, size: number): Omit<Stream, 'begin'> | undefined {
  const [channels, bits] = [view.getUint16(8), view.getUint16(14)];
  const sampleRate = view.getUint32(18) * 2 ** ((view.getUint16(16) & 0x7fff) - 16383 - 31); // of 80 bits
  if (channels === 0 || bits === 0 || !(sampleRate > 0)) return undefined;
  return {
    coding: size >= 22 ? asText(chunk.subarray(26, 30)) : 'NONE',
    sampleRate,
    channels,
    samples: view.getUint32(10),
    sampleBytes: Math.ceil(bits / 8),
  };
}

/** Turns the bytes of each sample round. */
function reverse(bytes: Uint8Array, sampleBytes: number): void {
  for (let at = 0; at < bytes.length; at += sampleBytes) bytes.subarray(at, at + sampleBytes).reverse();
}
