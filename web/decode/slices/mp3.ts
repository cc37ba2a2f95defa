/** Slices of MP3: MPEG audio, layer III. */
import { asText, bytesOf, id3Size, joinBytes } from '../bytes.ts';
import type { AudioFacts } from '../facts.ts';
import { SLICE_SECONDS, type Slice, type Sliced } from './slices.ts';

/**
 * Samples before a slice that the decoder needs: the bit reservoir reaches back 8 frames of MPEG-1 at 32 kbit/s, 20 half as
 * long ones of MPEG-2 at 8 kbit/s, and the filter bank two more.
 */
const RUN_UP_SAMPLES = 12 * 1152;

/** Bytes looked through at a time. */
const WINDOW = 1 << 18;
/** How far behind tags the first frame may be. */
const SEARCHED = 1 << 16;
/** Longer ones hold pictures. */
const USUAL_TAG = 1 << 12;

const KBPS = {
  mpeg1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  mpeg2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const RATES = [44100, 48000, 32000];
const VERSION = { mpeg25: 0, mpeg2: 2, mpeg1: 3 };
const LAYER_III = 1;

interface Frame {
  sampleRate: number;
  /** Samples of each channel. */
  samples: number;
  bytes: number;
  isMpeg1: boolean;
  isMono: boolean;
}

/** The frame that begins here; undefined if none of layer III does. */
function frameAt(bytes: Uint8Array, at: number): Frame | undefined {
  const [first, second, third, fourth] = bytes.subarray(at, at + 4);
  if (first !== 0xff || fourth === undefined || (second! & 0xe0) !== 0xe0) return undefined;
  const version = (second! >> 3) & 3;
  const isMpeg1 = version === VERSION.mpeg1;
  const kbps = KBPS[isMpeg1 ? 'mpeg1' : 'mpeg2'][third! >> 4];
  const rate = RATES[(third! >> 2) & 3];
  if (version === 1 || ((second! >> 1) & 3) !== LAYER_III || !kbps || !rate) return undefined;
  const sampleRate = rate / (isMpeg1 ? 1 : version === VERSION.mpeg2 ? 2 : 4);
  const samples = isMpeg1 ? 1152 : 576;
  const padding = (third! >> 1) & 1;
  return {
    sampleRate,
    samples,
    bytes: Math.floor((samples * kbps * 125) / sampleRate) + padding,
    isMpeg1,
    isMono: fourth >> 6 === 3,
  };
}

function isLike(frame: Frame | undefined, other: Frame): frame is Frame {
  return frame?.sampleRate === other.sampleRate && frame.samples === other.samples;
}

/** What an encoder tells of the whole file in its first frame, of which nothing is heard. */
interface Info {
  /** 0: not told. */
  frames: number;
  bytes: number;
  /** Samples before and behind the music: what encoder and decoder add. */
  delay: number;
  endPadding: number;
}

const DECODER_DELAY = 529;
/** Bits of a Xing header's second field: which fields follow. */
const TELLS = { frames: 1, bytes: 2, places: 4, quality: 8 };
const PLACES_BYTES = 100;
/** From an encoder's name to its delays. */
const TO_DELAYS = 21;
/** Encoders whose delays FFmpeg takes for true. */
const ENCODERS = ['LAME', 'Lavf', 'Lavc'];
/** Where Fraunhofer's header lies, and in it the fields. */
const VBRI = { at: 36, bytes: 10, frames: 14 };

/** Undefined where the first frame is one like others, for FFmpeg too. */
function readInfo(head: Uint8Array, frame: Frame): Info | undefined {
  const bytes = head.subarray(0, frame.bytes);
  const info = readXing(bytes, frame) ?? readVbri(bytes);
  return info && info.frames + info.bytes > 0 ? info : undefined;
}

function readXing(bytes: Uint8Array, { isMpeg1, isMono }: Frame): Info | undefined {
  let at = 4 + (isMpeg1 ? (isMono ? 17 : 32) : isMono ? 9 : 17);
  if (!['Xing', 'Info'].includes(textAt(bytes, at))) return undefined;
  const fields = numberAt(bytes, (at += 4));
  const frames = fields & TELLS.frames ? numberAt(bytes, (at += 4)) : 0;
  const size = fields & TELLS.bytes ? numberAt(bytes, (at += 4)) : 0;
  at += 4 + (fields & TELLS.places ? PLACES_BYTES : 0) + (fields & TELLS.quality ? 4 : 0);
  const knowsDelays = ENCODERS.includes(textAt(bytes, at));
  const delays = numberAt(bytes, at + TO_DELAYS) >>> 8; // twelve bits each
  return {
    frames,
    bytes: size,
    delay: knowsDelays ? (delays >> 12) + DECODER_DELAY : 0,
    endPadding: knowsDelays ? Math.max(0, (delays & 0xfff) - DECODER_DELAY) : 0,
  };
}

function readVbri(bytes: Uint8Array): Info | undefined {
  if (textAt(bytes, VBRI.at) !== 'VBRI') return undefined;
  const field = (at: number) => numberAt(bytes, VBRI.at + at);
  return { frames: field(VBRI.frames), bytes: field(VBRI.bytes), delay: 0, endPadding: 0 };
}

function textAt(bytes: Uint8Array, at: number): string {
  return asText(bytes.subarray(at, at + 4));
}

/** Four bytes, as far as they are there. */
function numberAt(bytes: Uint8Array, at: number): number {
  return [0, 1, 2, 3].reduce((value, i) => value * 256 + (bytes[at + i] ?? 0), 0);
}

/** Frames that have to follow each other from the very beginning, so that there is no doubt of what the file is. */
const PLAIN_FRAMES = 4;

/** Undefined unless it is plainly an mp3 from its beginning on: others may know better what it is. */
export async function mp3Facts(file: Blob): Promise<AudioFacts | undefined> {
  const { head } = await beginningOf(file);
  const first = frameAt(head, 0);
  if (!first) return undefined;
  const { found } = walk(head, first, true);
  if (found.length < PLAIN_FRAMES || found.some(({ isNext }) => !isNext)) return undefined;
  const info = readXing(head.subarray(0, first.bytes), first);
  const { isMono } = frameAt(head, found[info ? 1 : 0]!.at)!;
  return {
    container: 'MP3',
    codec: 'mp3',
    sampleRate: first.sampleRate,
    channels: isMono ? 1 : 2,
    // Without a Xing header the length is only an estimate from the file's size.
    declaredSeconds: info?.frames ? (info.frames * first.samples) / first.sampleRate : null,
    cut: false,
  };
}

/** Undefined if nothing in it is of layer III. */
export async function sliceMp3(file: Blob): Promise<Sliced | undefined> {
  const { tag, head } = await beginningOf(file);
  const offset = head.findIndex((_, at) => {
    const frame = frameAt(head, at);
    return frame !== undefined && isLike(frameAt(head, at + frame.bytes), frame);
  });
  if (offset < 0) return undefined;
  const first = frameAt(head, offset)!;
  const info = readInfo(head.subarray(offset), first);
  const begin = tag + offset + (info ? first.bytes : 0);
  const present = file.size - tag - offset;
  const samples = info?.frames
    ? toldSamples(info, first, present)
    : guessedSamples(head.subarray(offset), first, present);
  const delays = offset === 0 ? info : undefined; // FFmpeg looks for them nowhere else
  return { duration: samples / first.sampleRate, slices: () => slices(file, begin, first, delays) };
}

/** How long its tag is, and what is behind that. */
async function beginningOf(file: Blob): Promise<{ tag: number; head: Uint8Array }> {
  const bytes = await bytesOf(file, 0, USUAL_TAG + SEARCHED);
  const tag = id3Size(bytes);
  return { tag, head: tag <= USUAL_TAG ? bytes.subarray(tag) : await bytesOf(file, tag, tag + SEARCHED) };
}

/** Of a file that breaks off, only the part that is there. */
function toldSamples(
  { frames, bytes, delay, endPadding }: Info,
  { samples }: Frame,
  present: number,
): number {
  return (frames * samples - delay - endPadding) * (bytes > 0 ? Math.min(1, present / bytes) : 1);
}

/** As if all frames were as long as the first ones are on average. */
function guessedSamples(head: Uint8Array, first: Frame, present: number): number {
  const { found, end } = walk(head, first, true);
  return (present / (end / found.length)) * first.samples;
}

async function* slices(
  file: Blob,
  begin: number,
  first: Frame,
  info: Info | undefined,
): AsyncGenerator<Slice> {
  const runUp = RUN_UP_SAMPLES / first.samples;
  const most = Math.ceil((SLICE_SECONDS * first.sampleRate) / first.samples);
  let from = begin;
  let skip = info?.delay ?? 0;
  /** Where frames of the slice begin, and how many of them are its run-up. */
  let starts: number[] = [];
  let before = 0;
  let count = 0;
  /** Frames up to here that lie end to end. */
  let unbroken = 0;
  const held = new Held();
  for await (const { found, ...read } of frames(file, begin, first)) {
    held.add(read);
    for (const { at, isNext } of found) {
      unbroken = isNext ? unbroken + 1 : 0;
      if (starts.length - before >= most && unbroken >= runUp) {
        yield { bytes: held.cut(from, at), skip, drop: 0 };
        starts = starts.slice(-runUp);
        before = runUp;
        skip = RUN_UP_SAMPLES;
        from = starts[0]!;
        held.forget(from);
      }
      starts.push(at);
      count++;
    }
  }
  yield { bytes: held.cut(from, file.size), skip, drop: info ? paddingIn(count, info, first) : 0 };
}

/** Samples to leave off at the end of so many frames; none if they are not those that the header tells of. */
function paddingIn(count: number, { frames, endPadding }: Info, { samples }: Frame): number {
  return count > frames ? 0 : Math.max(0, endPadding - (frames - count) * samples);
}

interface Start {
  at: number;
  /** It begins where the frame before it ends. */
  isNext: boolean;
}

/** A part of a file: from where, and its bytes. */
interface Read {
  from: number;
  bytes: Uint8Array;
}

/** What has been read of a file and will be wanted again. */
class Held {
  private parts: Read[] = [];

  /** It may begin before the end of what was read before. */
  add({ from, bytes }: Read): void {
    const last = this.parts[this.parts.length - 1];
    if (last) last.bytes = last.bytes.subarray(0, from - last.from);
    this.parts.push({ from, bytes });
  }

  cut(from: number, to: number): ArrayBuffer {
    return joinBytes(
      this.parts.map((part) =>
        part.bytes.subarray(Math.max(0, from - part.from), Math.max(0, to - part.from)),
      ),
    );
  }

  /** Nobody will want what is before. */
  forget(before: number): void {
    this.parts = this.parts.filter(({ from, bytes }) => from + bytes.length > before);
  }
}

/** All frames of a file from the first one on, a window of it at a time. */
async function* frames(file: Blob, begin: number, first: Frame): AsyncGenerator<Read & { found: Start[] }> {
  for (let from = begin, at = begin, isInStep = true; from < file.size;) {
    const bytes = await bytesOf(file, from, from + WINDOW);
    const { found, end, ...next } = walk(bytes, first, isInStep, at - from);
    yield { from, bytes, found: found.map((start) => ({ ...start, at: from + start.at })) };
    if (end === at - from) return; // less is left than a frame
    at = from + end;
    from += Math.min(end, bytes.length); // the last frame may end in the next window
    isInStep = next.isInStep;
  }
}

/** Frames that begin in these bytes from there on, and from where to go on; out of step, a frame counts if another follows. */
function walk(bytes: Uint8Array, first: Frame, isInStep: boolean, from = 0) {
  const found: Start[] = [];
  let at = from;
  while (at + 4 <= bytes.length) {
    const frame = frameAt(bytes, at);
    const isFrame = isLike(frame, first);
    const next = isFrame ? at + frame.bytes : at + 1;
    if (!isInStep && isFrame && next + 4 > bytes.length) break;
    if (isFrame && (isInStep || isLike(frameAt(bytes, next), first))) {
      found.push({ at, isNext: isInStep });
      isInStep = true;
      at = next;
    } else {
      isInStep = false;
      at++;
    }
  }
  return { found, end: at, isInStep };
}
