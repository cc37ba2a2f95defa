import { describe, expect, test } from 'vitest';
import { comparisonsOf } from './comparisons.ts';
import { oursJob, peerJob, PEERS } from './field.ts';
import { FORMS } from './hearing.ts';
import { isWhole, parseOptions } from './options.ts';
import { inRounds, type Samples } from './rounds.ts';
import { summarise } from './statistics.ts';

test('a summary tells median, quartiles and the least', () => {
  expect(summarise([5, 1, 3])).toEqual({ median: 3, low: 2, high: 4, least: 1, count: 3 });
  expect(summarise([4, 1, 2, 3])).toEqual({ median: 2.5, low: 1.75, high: 3.25, least: 1, count: 4 });
  expect(summarise([7])).toEqual({ median: 7, low: 7, high: 7, least: 7, count: 1 });
});

test('jobs take turns, and the first round is not counted', async () => {
  const order: string[] = [];
  const job = (name: string) => ({
    name,
    measure: async () => {
      order.push(name);
      return { cpu: order.length, wall: 0 };
    },
  });
  const samples = await inRounds([job('a'), job('b')], 2, () => {});
  expect(order.join('')).toBe('ababab');
  expect(samples.get('a')!.map(({ cpu }) => cpu)).toEqual([3, 5]);
  expect(samples.get('b')!.map(({ cpu }) => cpu)).toEqual([4, 6]);
});

describe('options', () => {
  test('without any, all is measured', () => {
    expect(isWhole(parseOptions([]))).toBe(true);
  });

  test.each([['--quick'], ['MTT_vgg'], ['--only', 'web,page']])('%s is less than all', (...words) => {
    expect(isWhole(parseOptions(words))).toBe(false);
  });

  test('what is unknown is refused with what there is', () => {
    expect(() => parseOptions(['MTT_vggg'])).toThrow('There is no "MTT_vggg"; there are MTT_musicnn, ');
    expect(() => parseOptions(['--only', 'wbe'])).toThrow('There is no "wbe"; there are web, ');
  });
});

test('from PCM, the time of our front-end is added to that of the peers', () => {
  const model = 'MTT_vgg';
  const samples: Samples = new Map();
  const differences: Record<string, number> = {};
  const put = (job: string, ...cpu: number[]) =>
    samples.set(
      job,
      cpu.map((cpu) => ({ cpu, wall: 2 * cpu })),
    );
  put(oursJob('native', model, 'score'), 10, 10, 10);
  put(oursJob('native', model, 'tag'), 12, 12, 12);
  put(oursJob('native', model, 'listen'), 2, 1, 3);
  for (const peer of PEERS.native)
    for (const form of FORMS) {
      put(peerJob('native', peer, model, form), 58, 59, 57);
      differences[peerJob('native', peer, model, form)] = 1e-6;
    }
  const [logmel, pcm] = comparisonsOf(samples, differences, 'native', model, [model]);
  expect(logmel).toMatchObject({ from: 'log-mel', ours: { cpu: { median: 10 } } });
  expect(logmel!.peers[0]).toMatchObject({ form: 'full', cpu: { median: 58 }, ratio: 5.8, difference: 1e-6 });
  expect(pcm).toMatchObject({ from: 'PCM', ours: { cpu: { median: 12 }, wall: { median: 24 } } });
  expect(pcm!.peers[0]).toMatchObject({ cpu: { least: 60, median: 60 }, ratio: 5, leastRatio: 5 });
});
