import { describe, expect, it } from 'vitest';
import { declaredLength } from '../../../web/decode/truncation.ts';

const tenSeconds = async () => 10;

function riff(declared: number, size: number): Blob {
  const bytes = new Uint8Array(size);
  bytes.set(new TextEncoder().encode('RIFF'));
  new DataView(bytes.buffer).setUint32(4, declared, true);
  return new Blob([bytes]);
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
  it('trusts the headers of FLAC and MP4', async () => {
    for (const container of ['FLAC', 'MP4'])
      expect(await declaredLength(container, new Blob(), tenSeconds)).toEqual({ seconds: 10, cut: false });
  });

  it('trusts MP3 only with a Xing header, also behind an ID3 tag', async () => {
    expect((await declaredLength('MP3', mp3('Xing'), tenSeconds)).seconds).toBe(10);
    expect((await declaredLength('MP3', mp3('Info', 5000), tenSeconds)).seconds).toBe(10);
    expect((await declaredLength('MP3', mp3('none'), tenSeconds)).seconds).toBeNull();
  });

  it('compares what RIFF announces with what is there', async () => {
    expect((await declaredLength('WAVE', riff(992, 1000), tenSeconds)).cut).toBe(false);
    expect((await declaredLength('WAVE', riff(5000, 1000), tenSeconds)).cut).toBe(true);
  });

  it.each([0, 0xffffffff])('knows that RIFF of a stream announces %d', async (size) => {
    expect((await declaredLength('WAVE', riff(size, 1000), tenSeconds)).cut).toBe(false);
  });

  it('looks for the last page of an Ogg stream', async () => {
    expect((await declaredLength('Ogg', ogg(4), tenSeconds)).cut).toBe(false);
    expect((await declaredLength('Ogg', ogg(0), tenSeconds)).cut).toBe(true);
  });
});
