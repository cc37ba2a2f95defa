/** What a container promises of its own length, so that a file that breaks off can be told from a short one. */
import { asText, bytesOf, id3Size } from './bytes.ts';

export interface DeclaredLength {
  seconds: number | null;
  cut: boolean;
}

export async function declaredLength(
  container: string,
  file: Blob,
  metadataSeconds: () => Promise<number | null>,
): Promise<DeclaredLength> {
  switch (container) {
    case 'FLAC':
    case 'MP4':
    case 'QuickTime File Format':
    case 'WebM':
    case 'Matroska':
      return { seconds: await metadataSeconds(), cut: false };
    case 'MP3':
      // Without a Xing header the length is only an estimate from the file's size.
      return { seconds: (await hasXingHeader(file)) ? await metadataSeconds() : null, cut: false };
    case 'WAVE':
      return { seconds: await cutRiffSeconds(file), cut: false };
    case 'Ogg':
      return { seconds: null, cut: !(await hasLastOggPage(file)) };
    default:
      return { seconds: null, cut: false };
  }
}

/** Whether a file of the MP4 family lacks the box that says where its packets lie: writers put it at the end. */
export async function lacksIndex(container: string, file: Blob): Promise<boolean> {
  return isMp4(container) && (await indexAt(file)) === undefined;
}

export function isMp4(container: string): boolean {
  return container === 'MP4' || container === 'QuickTime File Format';
}

/** Where the index of a file of the MP4 family begins. */
export async function indexAt(file: Blob): Promise<number | undefined> {
  for (let at = 0; at + 8 <= file.size;) {
    const box = new DataView((await file.slice(at, at + 16).arrayBuffer()) as ArrayBuffer);
    if (asText(new Uint8Array(box.buffer, 4, 4)) === 'moov') return at;
    const isLarge = box.getUint32(0) === 1 && box.byteLength === 16;
    const size = isLarge ? Number(box.getBigUint64(8)) : box.getUint32(0);
    if (size < (isLarge ? 16 : 8)) break; // 0: it reaches to the end; less can't be
    at += size;
  }
  return undefined;
}

/** The first MPEG frame of a file from a common encoder holds "Xing" or "Info" and the number of frames. */
async function hasXingHeader(file: Blob): Promise<boolean> {
  const start = id3Size(await bytesOf(file, 0, 10));
  const text = asText(await bytesOf(file, start, start + 2048));
  return text.includes('Xing') || text.includes('Info');
}

/** What RIFF promises: it says how many bytes follow; programs that stream write 0 or the largest number instead. */
const UNTOLD = [0, 0xffffffff];

/** Seconds that a WAVE file announces, if it is shorter than that; null if it is whole or does not say. */
async function cutRiffSeconds(file: Blob): Promise<number | null> {
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= file.size;) {
    const chunk = await bytesOf(file, at, at + 20);
    const view = new DataView(chunk.buffer);
    const [name, size] = [asText(chunk.subarray(0, 4)), view.getUint32(4, true)];
    if (name === 'fmt ' && chunk.length === 20) bytesPerSecond = view.getUint32(16, true);
    if (name === 'data')
      return UNTOLD.includes(size) || at + 8 + size <= file.size || bytesPerSecond === 0
        ? null
        : size / bytesPerSecond;
    at += 8 + size + (size % 2);
  }
  return null;
}

/** A page begins with "OggS", a version byte, its flags and the sample at which it ends, and is at most 65307 bytes long. */
const OGG_PAGE = { largest: 65307, flags: 5, endOfStream: 0x04, end: 6 };

/** Where the last page of an Ogg stream begins in the file's last bytes. */
async function lastOggPage(file: Blob): Promise<DataView | undefined> {
  const tail = await bytesOf(file, Math.max(0, file.size - OGG_PAGE.largest), file.size);
  const page = asText(tail).lastIndexOf('OggS');
  return page >= 0 && page + OGG_PAGE.end + 8 <= tail.length ? new DataView(tail.buffer, page) : undefined;
}

/** The last page of an Ogg stream says that it is the last. */
async function hasLastOggPage(file: Blob): Promise<boolean> {
  const page = await lastOggPage(file);
  return page !== undefined && (page.getUint8(OGG_PAGE.flags) & OGG_PAGE.endOfStream) !== 0;
}

/** How long an Ogg stream lasts, about: as far as there are pages. */
export async function oggSeconds(file: Blob, sampleRate: number): Promise<number | undefined> {
  const page = await lastOggPage(file);
  const samples = Number(page?.getBigInt64(OGG_PAGE.end, true) ?? -1); // -1: no packet ends in it
  return samples > 0 ? samples / sampleRate : undefined;
}
