import { describe, expect, it } from 'vitest';
import { channels, clock, kilohertz, list } from '../../../web/page/format.ts';

describe('clock', () => {
  it.each([
    [0, false, '0:00'],
    [75.9, false, '1:15'],
    [3675, false, '1:01:15'],
    [11.968, true, '0:12.0'],
    [59.96, true, '1:00.0'],
    [5.04, true, '0:05.0'],
  ])('%d, tenths: %s', (seconds, tenths, text) => expect(clock(seconds, tenths)).toBe(text));
});

it('names rates, channels and lists', () => {
  expect([kilohertz(44100), kilohertz(48000), kilohertz(11025)]).toEqual([
    '44.1 kHz',
    '48 kHz',
    '11.025 kHz',
  ]);
  expect([channels(1), channels(2), channels(8)]).toEqual(['mono', 'stereo', '8 channels']);
  expect([list([]), list(['a']), list(['a', 'b']), list(['a', 'b', 'c'])]).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
});
