import { expect, it } from 'vitest';
import { SongAudio } from '../../../web/page/song-audio.ts';

function source() {
  const song = {
    sampleRate: 16000,
    channels: 1,
    duration: 3,
    async *pieces() {
      for (let piece = 1; piece <= 3; piece++) {
        yield [new Float32Array(16000).fill(piece)];
      }
    },
  };
  return song;
}

async function heard(song: SongAudio): Promise<number[]> {
  const values: number[] = [];
  for await (const [plane] of song.pieces()) values.push(plane![0]!);
  return values;
}

it('is told once, whoever listens first, at the same time or later', async () => {
  const told: number[] = [];
  const song = new SongAudio(source(), ([plane]) => void told.push(plane![0]!));
  for await (const _ of song.pieces()) break;
  expect(await Promise.all([heard(song), heard(song)])).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
  expect(told).toEqual([1, 2, 3]);
});
