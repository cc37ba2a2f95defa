/** The native contenders: the core, which runs once a block, and onnxruntime in a Python that stays. */
import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { promisify } from 'node:util';
import type { Clock, Task } from '../page/contender.ts';
import type { Sample } from '../rounds.ts';

/** In seconds. */
interface Measured {
  segments: number;
  cpu: number;
  wall: number;
}

const run = promisify(execFile);

function sampleOf({ segments, cpu, wall }: Measured): Sample {
  return { cpu: (1000 * cpu) / segments, wall: (1000 * wall) / segments };
}

export class NativeCore {
  async scores(task: Task): Promise<number[][]> {
    return JSON.parse((await this.answer(task)).toString()).scores;
  }

  /** Log-mel, float32. */
  logmel(task: Task): Promise<Buffer> {
    return this.answer(task);
  }

  async measure(task: Task, least: number): Promise<Sample> {
    return sampleOf(await this.timed(task, least));
  }

  async stages(task: Task, least: number): Promise<Clock> {
    const { segments, stages } = await this.timed(task, least);
    return { segments, seconds: stages };
  }

  private async timed(task: Task, least: number): Promise<Measured & { stages: Record<string, number> }> {
    return JSON.parse((await this.answer(task, String(least / 1000))).toString());
  }

  private async answer(task: Task, ...seconds: string[]): Promise<Buffer> {
    const { work, model, input, sampleRate, hop } = task;
    const words = [work, `models/${model}.gguf`, input, String(sampleRate), String(hop), ...seconds];
    const options = { encoding: 'buffer', maxBuffer: 1 << 28 } as const;
    return (await run('build/bench/native/taggram_bench', words, options)).stdout;
  }
}

export class NativeOnnx {
  private readonly python: ChildProcessWithoutNullStreams;
  private readonly answers: Interface;

  constructor() {
    this.python = spawn('build/bench/python/bin/python', ['-m', 'peers.native'], {
      env: pythonEnvironment(),
    });
    this.python.stderr.pipe(process.stderr);
    this.answers = createInterface(this.python.stdout);
  }

  async scores(task: Task): Promise<number[][]> {
    return (await this.ask<{ scores: number[][] }>(requestOf(task))).scores;
  }

  async measure(task: Task, least: number): Promise<Sample> {
    return sampleOf(await this.ask<Measured>({ ...requestOf(task), least: least / 1000 }));
  }

  close(): void {
    this.python.stdin.end();
  }

  private ask<Answer>(request: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error('The Python that runs onnxruntime has ended.'));
      this.answers.once('close', fail);
      this.answers.once('line', (line) => {
        this.answers.off('close', fail);
        resolve(JSON.parse(line));
      });
      this.python.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }
}

/** For what is in peers/. */
export function pythonEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, PYTHONPATH: 'models:tests/bench' };
}

function requestOf({ model, form, input, shape }: Task): object {
  return { graph: `build/bench/graphs/${model}-${form}.onnx`, input, shape };
}
