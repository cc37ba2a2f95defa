/** Slices of FLAC. Its frames need nothing of those before them, and tell where they stand. */
import { asText, bytesOf, id3Size, joinBytes } from '../bytes.ts';
import { SLICE_SECONDS, type Slice, type Sliced } from './slices.ts';

const STREAMINFO = { type: 0, bytes: 34 };
const LAST_BLOCK = 0x80;
/** A frame's header, at most, with its checksum. */
const HEADER_BYTES = 16;
/** What a header has behind its number, by the codes of its block's length and of its rate. */
const LENGTH_BYTES: Record<number, number> = { 6: 1, 7: 2 };
const RATE_BYTES: Record<number, number> = { 12: 1, 13: 2, 14: 2 };

interface Stream {
  /** The file's beginning as far as all slices need it. */
  head: Uint8Array<ArrayBuffer>;
  /** Where the frames begin. */
  begin: number;
  sampleRate: number;
  /** 0: not told. */
  samples: number;
  /** Samples of a frame, at most. */
  block: number;
}

/** Undefined if its beginning is not as it should be. */
export async function sliceFlac(file: Blob): Promise<Sliced | undefined> {
  const stream = await readStream(file);
  if (!stream) return undefined;
  return { duration: stream.samples / stream.sampleRate, slices: () => slices(file, stream) };
}

async function readStream(file: Blob): Promise<Stream | undefined> {
  const start = id3Size(await bytesOf(file, 0, 10));
  const head = await bytesOf(file, start, start + 8 + STREAMINFO.bytes);
  if (asText(head.subarray(0, 4)) !== 'fLaC' || (head[4]! & 0x7f) !== STREAMINFO.type) return undefined;
  let at = start + 4;
  for (let isLast = false; !isLast;) {
    const [kind, ...size] = await bytesOf(file, at, at + 4);
    if (size.length < 3) return undefined;
    isLast = (kind! & LAST_BLOCK) !== 0;
    at += 4 + size.reduce((sum, byte) => sum * 256 + byte, 0);
  }
  const view = new DataView(head.buffer, 8);
  const samples = (view.getUint8(13) & 15) * 2 ** 32 + view.getUint32(14);
  head[4] = LAST_BLOCK | STREAMINFO.type;
  head[8 + 13]! &= 0xf0; // samples in all, and their checksum: not those of a slice
  head.fill(0, 8 + 14);
  const sampleRate = view.getUint32(10) >>> 12;
  return samples > 0 && sampleRate > 0
    ? { head, begin: at, sampleRate, samples, block: view.getUint16(2) }
    : undefined;
}

async function* slices(file: Blob, stream: Stream): AsyncGenerator<Slice> {
  const most = 2 * SLICE_SECONDS * stream.sampleRate;
  const usual = Math.ceil(((file.size - stream.begin) / stream.samples) * (most / 2));
  let sample = 0;
  for (let at = stream.begin, room = usual; at < file.size;) {
    const bytes = await bytesOf(file, at, at + room);
    const isRest = at + room >= file.size && stream.samples - sample <= most;
    const next = isRest ? undefined : lastFrame(bytes, stream, sample, sample + most);
    if (!isRest && !next && at + room < file.size) {
      room *= 2;
      continue;
    }
    const end = next?.at ?? bytes.length;
    yield { bytes: joinBytes([stream.head, bytes.subarray(0, end)]), skip: 0, drop: 0 };
    at += end;
    sample = next?.sample ?? stream.samples;
    room = usual;
  }
}

interface Place {
  at: number;
  sample: number;
}

/** The last frame of those in these bytes that begin with a sample after this one and not beyond that. */
function lastFrame(bytes: Uint8Array, stream: Stream, after: number, most: number): Place | undefined {
  for (let at = bytes.length; (at = bytes.lastIndexOf(0xff, at - 1)) > 0;) {
    const sample = firstSample(bytes.subarray(at, at + HEADER_BYTES), stream);
    if (sample !== undefined && sample > after && sample <= most) return { at, sample };
  }
  return undefined;
}

/** Undefined if these bytes are not a frame's header. */
function firstSample(header: Uint8Array, { block }: Stream): number | undefined {
  const [, sync, lengths, kind, lead] = header;
  if (lead === undefined || (sync! & 0xfe) !== 0xf8 || (kind! & 1) !== 0) return undefined;
  const more = Math.max(0, Math.clz32(~(lead << 24)) - 1); // bytes of the number besides the first, as in UTF-8
  const number = header
    .subarray(5, 5 + more)
    .reduce((value, byte) => value * 64 + (byte & 63), more > 0 ? lead & (63 >> more) : lead);
  const end = 5 + more + (LENGTH_BYTES[lengths! >> 4] ?? 0) + (RATE_BYTES[lengths! & 15] ?? 0);
  if (end >= header.length || checksum(header.subarray(0, end)) !== header[end]) return undefined;
  const isVariable = (sync! & 1) === 1;
  return isVariable ? number : number * block;
}

/** CRC-8 of the polynomial x^8 + x^2 + x + 1. */
function checksum(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = ((sum << 1) ^ (sum & 0x80 ? 0x07 : 0)) & 0xff;
    return sum;
  }, 0);
}
