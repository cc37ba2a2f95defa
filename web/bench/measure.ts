/** Times taggers on made-up audio: what it is makes no difference to the time. */
import { createTagger, ENGINES, type Pcm, type Tagger } from '../taggram.ts';

/** One way of computing. */
export interface Way {
  model: string;
  engine: keyof typeof ENGINES;
  workers: number;
}

export interface Timing extends Way {
  /** The whole time divided by the segments. */
  msPerSegment: number;
  timesRealTime: number;
  /** Of the engine, the largest of its workers. */
  megabytes: number;
}

/** All ways together take about so long, and none longer than `most`; loading models comes on top. */
const BUDGET_MS = { all: 40_000, most: 3_000 };
/** Then no other way is begun: nobody waits for more than a minute, however slow the device. */
const LAST_BEGIN_MS = 50_000;

const SAMPLE_RATE = 44100;
/** Long enough for a first look: two segments. */
const SHORT_SECONDS = 6;
const LONGEST_SECONDS = 240;
/** The song that is timed takes about this part of a way's time, so that it can be timed a few times. */
const PART = 0.25;

/** Plain code, then the browser's best with 1, 2, 4 .. workers, up to as many as there are cores. */
export function waysOf(model: string, cores: number, hasSimd: boolean): Way[] {
  const ways: Way[] = [{ model, engine: 'plain', workers: 1 }];
  const engine = hasSimd ? 'simd' : 'plain';
  if (hasSimd) ways.push({ model, engine, workers: 1 });
  for (let workers = 2; workers < cores; workers *= 2) ways.push({ model, engine, workers });
  if (cores > 1) ways.push({ model, engine, workers: cores });
  return ways;
}

/** Times one way after the other; not the last ones where the device takes too long. `onBegin` is told of each. */
export async function* timeAll(
  ways: readonly Way[],
  onBegin: (way: Way) => void,
  timeOne = time,
  now = () => performance.now(),
): AsyncGenerator<Timing, void> {
  const budget = Math.min(BUDGET_MS.most, BUDGET_MS.all / ways.length);
  const begin = now();
  for (const way of ways) {
    if (now() - begin > LAST_BEGIN_MS) return;
    onBegin(way);
    yield await timeOne(way, budget);
  }
}

/** Takes about so many milliseconds, after the model is loaded, or as long as the shortest song does. */
async function time(way: Way, budget: number): Promise<Timing> {
  const { model, engine, workers } = way;
  const tagger = await createTagger({ model, wasm: ENGINES[engine], workers });
  try {
    const runs = await runsOf(tagger, budget);
    const { ms, segments } = runs.toSorted((a, b) => a.ms - b.ms)[runs.length >> 1]!;
    const seconds = segments * tagger.length;
    return {
      ...way,
      msPerSegment: ms / segments,
      timesRealTime: (1000 * seconds) / ms,
      megabytes: Math.max(...(await tagger.memory())) / 1e6,
    };
  } finally {
    tagger.dispose();
  }
}

interface TimedRun {
  ms: number;
  segments: number;
}

async function runsOf(tagger: Tagger, budget: number): Promise<TimedRun[]> {
  const first = await timed(tagger, song(SHORT_SECONDS));
  if (first.ms > budget) return [first];
  const second = await timed(tagger, song(SHORT_SECONDS)); // machines take a moment to reach their speed
  const affordable = (SHORT_SECONDS * budget * PART) / second.ms;
  const pcm = song(Math.min(LONGEST_SECONDS, Math.max(SHORT_SECONDS, Math.floor(affordable))));
  const runs: TimedRun[] = [];
  for (let spent = 0; spent < budget * (1 - PART); spent += runs.at(-1)!.ms)
    runs.push(await timed(tagger, pcm));
  return runs;
}

async function timed(tagger: Tagger, pcm: Pcm): Promise<TimedRun> {
  const begin = performance.now();
  const { segments } = await tagger.tag(pcm);
  return { ms: performance.now() - begin, segments: segments.length };
}

/** A moving tone. */
function song(seconds: number): Pcm {
  const plane = Float32Array.from(
    { length: seconds * SAMPLE_RATE },
    (_, n) => 0.3 * Math.sin(1e-6 * n * n) + 0.1 * Math.sin(0.05 * n),
  );
  return { sampleRate: SAMPLE_RATE, planes: [plane, plane.slice()] };
}
