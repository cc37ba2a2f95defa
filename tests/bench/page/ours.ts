/** Taggram's core on the page's one thread: the same kinds of work as native/bench.c, over one endless stream. */
import { fetchBytes, SEGMENT_FRAMES, type Clock, type Contender, type Task } from './contender.ts';
import { Core, instantiate } from './core.ts';

/** Sizes of src/taggram.h's structs, in bytes. */
const LOUDNESS_SIZE = 16;
const SEGMENT_SIZE = 24;
const OPTIONS_SIZE = 20;
/** Of its int32s, by number. */
const SAMPLE_RATE = 0;
const HOP = 3;
const FLOAT_SIZE = 4;

/** Frames taken at a time when only listening. */
const ROOM = 16;

/** Takes the whole input; returns how many segments that were. */
type Pass = (onScores?: (scores: Float32Array) => void) => number;

export class Ours implements Contender {
  private core: Core | undefined;
  private readonly models = new Map<string, number>();
  private readonly passes = new Map<string, Pass>();

  /** The engine as it is shipped, or one that counts its time. */
  constructor(private readonly wasm: string) {}

  async prepare(task: Task): Promise<void> {
    const core = (this.core ??= await instantiate(await fetchBytes(this.wasm)));
    const key = JSON.stringify(task);
    if (this.passes.has(key)) return;
    const input = await fetchBytes(task.input);
    const model = await this.model(core, task.model);
    const options = optionsOf(core, model, task);
    this.passes.set(key, PASSES[task.work](core, model, options, core.place(input), input.length));
  }

  async scores(task: Task): Promise<number[][]> {
    const rows: number[][] = [];
    this.pass(task)((scores) => rows.push([...scores]));
    return rows;
  }

  async run(task: Task, least: number): Promise<number> {
    const pass = this.pass(task);
    const start = performance.now();
    let segments = 0;
    while (performance.now() - start < least) segments += pass();
    return segments;
  }

  /** What so long a run's time went to; of a core with a clock. */
  async stages(task: Task, least: number): Promise<Clock> {
    const { exports } = this.core!;
    exports.tg_clock_reset!();
    const segments = await this.run(task, least);
    const seconds: Record<string, number> = {};
    for (let work = 0, name; (name = exports.tg_clock_name!(work)) !== 0; work++)
      seconds[this.core!.text(name)] = exports.tg_clock_seconds!(work);
    return { segments, seconds };
  }

  private pass(task: Task): Pass {
    return this.passes.get(JSON.stringify(task))!;
  }

  private async model(core: Core, name: string): Promise<number> {
    if (!this.models.has(name)) {
      const file = await fetchBytes(`models/${name}.gguf`);
      const bytes = core.place(file);
      const load = (made: number) => core.exports.tg_model_load(made, bytes, file.length, 0);
      this.models.set(name, core.create(load));
    }
    return this.models.get(name)!;
  }
}

function optionsOf(core: Core, model: number, { work, sampleRate, hop }: Task): number {
  const options = core.exports.malloc(OPTIONS_SIZE);
  core.exports.tg_default_options(options, model);
  core.ints(options)[SAMPLE_RATE] = work === 'score' ? 0 : sampleRate;
  core.ints(options)[HOP] = hop;
  return options;
}

type MakePass = (core: Core, model: number, options: number, input: number, bytes: number) => Pass;

const PASSES: Record<Task['work'], MakePass> = {
  tag(core, model, options, input, bytes) {
    const { exports } = core;
    const tagger = core.create((made) => exports.tg_tagger_create(made, model, options, 0));
    const pull = puller(core, model, tagger);
    const planes = exports.malloc(4);
    const count = bytes / FLOAT_SIZE;
    return (onScores) => {
      let segments = 0;
      for (let done = 0; done < count; segments += pull(onScores)) {
        core.ints(planes)[0] = input + done * FLOAT_SIZE;
        done += exports.tg_tagger_push(tagger, planes, count - done);
      }
      return segments;
    };
  },

  score(core, model, options, input, bytes) {
    const { exports } = core;
    const tagger = core.create((made) => exports.tg_tagger_create(made, model, options, 0));
    const pull = puller(core, model, tagger);
    const rowSize = exports.tg_model_frame_width(model) * FLOAT_SIZE;
    const count = bytes / rowSize;
    const loudness = core.place(new Uint8Array(new Float64Array(2 * count).fill(1).buffer));
    return (onScores) => {
      let segments = 0;
      for (let done = 0; done < count; segments += pull(onScores))
        done += exports.tg_tagger_push_frames(
          tagger,
          input + done * rowSize,
          loudness + done * LOUDNESS_SIZE,
          count - done,
        );
      return segments;
    };
  },

  listen(core, model, options, input, bytes) {
    const { exports } = core;
    const frames = core.create((made) => exports.tg_frames_create(made, model, options, 0));
    const planes = exports.malloc(4);
    const rows = exports.malloc(ROOM * exports.tg_model_frame_width(model) * FLOAT_SIZE);
    const loudness = exports.malloc(ROOM * LOUDNESS_SIZE);
    const count = bytes / FLOAT_SIZE;
    return () => {
      let pulled = 0;
      for (let done = 0; done < count;) {
        core.ints(planes)[0] = input + done * FLOAT_SIZE;
        done += exports.tg_frames_push(frames, planes, count - done);
        for (let got; (got = exports.tg_frames_pull(frames, rows, loudness, ROOM)) > 0;) pulled += got;
      }
      return pulled / SEGMENT_FRAMES;
    };
  },
};

function puller(core: Core, model: number, tagger: number): Pass {
  const { exports } = core;
  const tags = exports.tg_model_tag_count(model);
  const segment = exports.malloc(SEGMENT_SIZE);
  const scores = exports.malloc(tags * FLOAT_SIZE);
  return (onScores) => {
    let count = 0;
    for (; exports.tg_tagger_pull(tagger, segment, scores) === 1; count++)
      onScores?.(core.floats(scores, tags));
    return count;
  };
}
