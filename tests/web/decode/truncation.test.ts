import { describe, expect, it } from 'vitest';
import { declaredLength, lacksIndex, oggSeconds } from '../../../web/decode/truncation.ts';

const tenSeconds = async () => 10;

/** A WAVE file of 100 bytes a second that announces and holds these numbers of bytes of samples. */
function wave(announced: number, held: number): Blob {
  const head = new Uint8Array(44);
  const view = new DataView(head.buffer);
  head.set(new TextEncoder().encode('RIFF    WAVEfmt '));
  view.setUint32(16, 16, true);
  view.setUint32(28, 100, true);
  head.set(new TextEncoder().encode('data'), 36);
  view.setUint32(40, announced, true);
  return new Blob([head, new Uint8Array(held)]);
}

function mp3(marker: string, id3 = 0): Blob {
  const tag = new Uint8Array(id3 && id3 + 10);
  if (id3) tag.set([73, 68, 51, 4, 0, 0, 0, 0, id3 >> 7, id3 & 127]);
  return new Blob([tag, new Uint8Array(36), marker, new Uint8Array(4000)]);
}

function ogg(flags: number): Blob {
  return new Blob([new Uint8Array(70_000), 'OggS', new Uint8Array([0, flags]), new Uint8Array(100)]);
}

describe('declaredLength', () => {
  it('trusts the headers of FLAC, MP4 and WebM', async () => {
    for (const container of ['FLAC', 'MP4', 'WebM'])
      expect(await declaredLength(container, new Blob(), tenSeconds)).toEqual({ seconds: 10, cut: false });
  });

  it('trusts MP3 only with a Xing header, also behind an ID3 tag', async () => {
    expect((await declaredLength('MP3', mp3('Xing'), tenSeconds)).seconds).toBe(10);
    expect((await declaredLength('MP3', mp3('Info', 5000), tenSeconds)).seconds).toBe(10);
    expect((await declaredLength('MP3', mp3('none'), tenSeconds)).seconds).toBeNull();
  });

  it('compares what WAVE announces with what is there', async () => {
    expect((await declaredLength('WAVE', wave(1000, 1000), tenSeconds)).seconds).toBeNull();
    expect((await declaredLength('WAVE', wave(5000, 1000), tenSeconds)).seconds).toBe(50);
  });

  it.each([0, 0xffffffff])('knows that WAVE of a stream announces %d', async (size) => {
    expect((await declaredLength('WAVE', wave(size, 1000), tenSeconds)).seconds).toBeNull();
  });

  it('looks for the last page of an Ogg stream', async () => {
    expect((await declaredLength('Ogg', ogg(4), tenSeconds)).cut).toBe(false);
    expect((await declaredLength('Ogg', ogg(0), tenSeconds)).cut).toBe(true);
  });
});

describe('oggSeconds', () => {
  it('tells where the last page ends', async () => {
    const end = new Uint8Array([0x80, 0xbb, 0, 0, 0, 0, 0, 0]); // 48000
    const file = new Blob([new Uint8Array(70_000), 'OggS', new Uint8Array([0, 4]), end, new Uint8Array(100)]);
    expect(await oggSeconds(file, 48000)).toBe(1);
  });

  it.each([
    ['there is no page', [new Uint8Array(100)]],
    ['no packet ends in it', ['OggS', new Uint8Array([0, 0]), new Uint8Array(8).fill(255)]],
    ['it breaks off', ['OggS', new Uint8Array(5)]],
  ])('tells nothing where %s', async (_, parts) => {
    expect(await oggSeconds(new Blob(parts), 48000)).toBeUndefined();
  });
});

describe('lacksIndex', () => {
  const box = (type: string, size: number, announced = size) => {
    const bytes = new Uint8Array(size);
    new DataView(bytes.buffer).setUint32(0, announced);
    bytes.set(new TextEncoder().encode(type), 4);
    return bytes;
  };
  /** Its size stands behind its name, in 64 bits. */
  const wide = (type: string, size: number) => {
    const bytes = box(type, Math.max(16, size), 1);
    new DataView(bytes.buffer).setBigUint64(8, BigInt(size));
    return bytes;
  };

  it.each([
    ['at the end', [box('ftyp', 20), box('mdat', 500), box('moov', 60)], false],
    ['behind a box of 64-bit size', [wide('mdat', 500), box('moov', 60)], false],
    ['nowhere, for the file breaks off', [box('ftyp', 20), box('mdat', 500, 9000)], true],
    ['nowhere, behind a large box of no size', [wide('free', 0)], true],
    ['nowhere, for the data reach to the end', [box('ftyp', 20), box('mdat', 500, 0)], true],
  ] as const)('%s', async (_, boxes, lacking) => {
    expect(await lacksIndex('MP4', new Blob([...boxes]))).toBe(lacking);
  });

  it('is asked of no other container', async () => {
    expect(await lacksIndex('Ogg', new Blob())).toBe(false);
  });
});
