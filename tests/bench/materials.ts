/** What is made for a run, in build/bench: the peers' graphs, the page of the contenders, sound and its log-mel. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'vite';
import { examplePath } from '../web/support/built.ts';
import { ffmpeg } from '../web/support/program.ts';
import { NativeCore, pythonEnvironment } from './contenders/native.ts';
import { shapeOf } from './hearing.ts';
import { SEGMENT_FRAMES, type Task } from './page/contender.ts';

/** What the models hear. */
export const SAMPLE_RATE = 16000;
/** Of most music. */
export const SONG_RATE = 44100;

const SONG_MINUTES = 4;

/** Segments of the short log-mel, over which small hops go. */
const FEW = 3;

const FOLDER = 'build/bench';
export const PCM = `${FOLDER}/song-${SAMPLE_RATE}.f32`;
export const SONG_PCM = `${FOLDER}/song-${SONG_RATE}.f32`;
export const LOGMEL = `${FOLDER}/logmel.f32`;
export const SAMPLES = `${FOLDER}/samples.f32`;
export const SHORT_LOGMEL = `${FOLDER}/logmel-short.f32`;
export const SONG = `${FOLDER}/four-minutes.mp3`;

export async function makeMaterials(models: string[]): Promise<void> {
  makeSounds();
  await makeLogmel();
  writeSegments(SAMPLES, readFileSync(PCM), shapeOf('waveform'));
  execFileSync(`${FOLDER}/python/bin/python`, ['-m', 'peers.make', `${FOLDER}/graphs`, ...models], {
    env: pythonEnvironment(),
    stdio: 'inherit',
  });
  await build({
    configFile: false,
    logLevel: 'warn',
    root: 'tests/bench/page',
    base: './',
    build: { outDir: `../../../${FOLDER}/page`, emptyOutDir: true, target: 'es2022' },
  });
}

function makeSounds(): void {
  for (const [path, rate] of [
    [PCM, SAMPLE_RATE],
    [SONG_PCM, SONG_RATE],
  ] as const)
    if (!existsSync(path)) ffmpeg('-i', examplePath(), '-ac', '1', '-ar', String(rate), '-f', 'f32le', path);
  if (!existsSync(SONG)) {
    const end = String(60 * SONG_MINUTES);
    ffmpeg('-stream_loop', '-1', '-i', examplePath(), '-t', end, '-c', 'copy', SONG);
  }
}

/** Any model that hears log-mel. */
const LISTENER = 'MTT_musicnn';

/** From our own front-end, for all contenders. */
async function makeLogmel(): Promise<void> {
  const shape = shapeOf(LISTENER);
  const task: Task = {
    model: LISTENER,
    work: 'listen',
    form: 'pruned',
    hop: SEGMENT_FRAMES,
    input: PCM,
    shape,
    sampleRate: SAMPLE_RATE,
  };
  const logmel = await new NativeCore().logmel(task);
  writeSegments(LOGMEL, logmel, shape);
  writeSegments(SHORT_LOGMEL, logmel, shape, FEW);
}

/** As many whole segments as there are, `most` of them. */
function writeSegments(path: string, values: Buffer, [time, mel]: [number, number], most = Infinity): void {
  const size = time * mel * Float32Array.BYTES_PER_ELEMENT;
  writeFileSync(path, values.subarray(0, Math.min(most, Math.floor(values.length / size)) * size));
}
