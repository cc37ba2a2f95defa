/** What a container promises of its own length, so that a file that breaks off can be told from a short one. */

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

async function bytesOf(file: Blob, start: number, end: number): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(start, end).arrayBuffer());
}

/** One character a byte, so that positions in the text are positions in the file. */
function asText(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}

/** Whether a file of the MP4 family lacks the box that says where its packets lie: writers put it at the end. */
export async function lacksIndex(container: string, file: Blob): Promise<boolean> {
  if (container !== 'MP4' && container !== 'QuickTime File Format') return false;
  for (let at = 0; at + 8 <= file.size;) {
    const box = new DataView((await file.slice(at, at + 16).arrayBuffer()) as ArrayBuffer);
    if (asText(new Uint8Array(box.buffer, 4, 4)) === 'moov') return false;
    const isLarge = box.getUint32(0) === 1 && box.byteLength === 16;
    const size = isLarge ? Number(box.getBigUint64(8)) : box.getUint32(0);
    if (size < (isLarge ? 16 : 8)) break; // 0: it reaches to the end; less can't be
    at += size;
  }
  return true;
}

/** The first MPEG frame of a file from a common encoder holds "Xing" or "Info" and the number of frames. */
async function hasXingHeader(file: Blob): Promise<boolean> {
  const start = id3Size(await bytesOf(file, 0, 10));
  const text = asText(await bytesOf(file, start, start + 2048));
  return text.includes('Xing') || text.includes('Info');
}

/** Bytes of an ID3v2 tag with its header: the size is four bytes of seven bits. */
function id3Size(head: Uint8Array): number {
  if (asText(head.subarray(0, 3)) !== 'ID3') return 0;
  return 10 + head.subarray(6, 10).reduce((size, byte) => size * 128 + byte, 0);
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

/** A page begins with "OggS", a version byte and its flags, and is at most 65307 bytes long. */
const OGG_PAGE = { largest: 65307, flags: 5, endOfStream: 0x04 };

/** The last page of an Ogg stream says that it is the last. */
async function hasLastOggPage(file: Blob): Promise<boolean> {
  const tail = await bytesOf(file, Math.max(0, file.size - OGG_PAGE.largest), file.size);
  const page = asText(tail).lastIndexOf('OggS');
  return page >= 0 && ((tail[page + OGG_PAGE.flags] ?? 0) & OGG_PAGE.endOfStream) !== 0;
}
