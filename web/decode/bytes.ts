/** Bytes of files, and what they spell. */
import { endToEnd } from '../end-to-end.ts';

export async function bytesOf(file: Blob, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.slice(start, end).arrayBuffer());
}

/** All of these, end to end. */
export function joinBytes(parts: readonly Uint8Array[]): ArrayBuffer {
  return endToEnd(Uint8Array, parts).buffer;
}

/** One character a byte, so that positions in the text are positions in the file. */
export function asText(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}

/** Bytes of an ID3v2 tag with its header: the size is four bytes of seven bits. */
export function id3Size(head: Uint8Array): number {
  if (asText(head.subarray(0, 3)) !== 'ID3') return 0;
  return 10 + head.subarray(6, 10).reduce((size, byte) => size * 128 + byte, 0);
}
