/**
 * The C core as three classes: Core (the module), Model (immutable), Stream (one recording being tagged).
 * They own memory inside the module; `free()` gives it back.
 */
import { TaggramError, type ErrorCode } from '../errors.ts';
import type { ModelFacts, Scored, Segment, StreamOptions } from '../messages.ts';
import { instantiateCore, type CoreExports } from './wasm.ts';

/** Sizes and offsets of src/taggram.h's structs, in bytes. */
const MESSAGE_SIZE = 256;
const OPTIONS_SIZE = 16;
const SEGMENT = { size: 24, start: 0, end: 8, silent: 16, padded: 20 };
const HEARD = { size: 16, seconds: 0, nonFinite: 8 };
const FEATURE = { size: 16, values: 0, rows: 4, columns: 8, stride: 12 };
const POINTER_SIZE = 4;
const FLOAT_SIZE = 4;

/** PCM frames copied into the module at a time: bounds its memory, large enough to make calls rare. */
const PUSH_FRAMES = 16384;

const ERROR_CODES: Record<number, ErrorCode> = {
  [-1]: 'bad-option',
  [-2]: 'engine',
  [-3]: 'bad-model',
  [-4]: 'bad-model',
  [-5]: 'too-short',
  [-6]: 'engine',
  [-7]: 'bad-option',
};

export interface Feature {
  /** [rows][columns] */
  values: Float32Array;
  rows: number;
  columns: number;
}

export class Core {
  private constructor(readonly exports: CoreExports) {}

  static async instantiate(module: WebAssembly.Module): Promise<Core> {
    return new Core(await instantiateCore(module));
  }

  get version(): string {
    return this.text(this.exports.tg_version());
  }

  loadModel(bytes: Uint8Array): Model {
    const source = this.allocate(bytes.length);
    this.bytes(source, bytes.length).set(bytes);
    try {
      return new Model(
        this,
        this.create((made, why) => this.exports.tg_model_load(made, source, bytes.length, why)),
      );
    } finally {
      this.exports.free(source);
    }
  }

  /** Runs a C constructor: `make(&object, why)`. Returns the object, or throws what it wrote into `why`. */
  create(make: (made: number, why: number) => number): number {
    const why = this.allocate(MESSAGE_SIZE + POINTER_SIZE);
    const made = why + MESSAGE_SIZE;
    try {
      this.bytes(why, 1)[0] = 0;
      const code = make(made, why);
      if (code < 0) throw this.error(code, this.text(why));
      return this.view().getUint32(made, true);
    } finally {
      this.exports.free(why);
    }
  }

  error(code: number, why = ''): TaggramError {
    return new TaggramError(ERROR_CODES[code] ?? 'engine', why || this.text(this.exports.tg_strerror(code)));
  }

  allocate(size: number): number {
    const pointer = this.exports.malloc(Math.max(1, size));
    if (pointer === 0)
      throw new TaggramError('engine', `The tagging engine could not get ${size} bytes of memory.`);
    return pointer;
  }

  // Growing memory detaches old views, so each use makes its own.
  view(): DataView {
    return new DataView(this.exports.memory.buffer);
  }

  bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, pointer, length);
  }

  floats(pointer: number, length: number): Float32Array {
    return new Float32Array(this.exports.memory.buffer, pointer, length);
  }

  text(pointer: number): string {
    const rest = new Uint8Array(this.exports.memory.buffer, pointer);
    return new TextDecoder().decode(rest.subarray(0, rest.indexOf(0)));
  }

  /** Copies text into the module as a C string, for the time of one call. */
  withText<T>(text: string, use: (pointer: number) => T): T {
    const bytes = new TextEncoder().encode(`${text}\0`);
    const pointer = this.allocate(bytes.length);
    this.bytes(pointer, bytes.length).set(bytes);
    try {
      return use(pointer);
    } finally {
      this.exports.free(pointer);
    }
  }
}

export class Model {
  readonly facts: ModelFacts;

  constructor(
    private readonly core: Core,
    private readonly model: number,
  ) {
    const c = core.exports;
    const tagCount = c.tg_model_tag_count(model);
    this.facts = {
      name: core.text(c.tg_model_name(model)),
      architecture: core.text(c.tg_model_architecture(model)),
      version: core.version,
      tags: Array.from({ length: tagCount }, (_, tag) => core.text(c.tg_model_tag(model, tag))),
      segmentFrames: c.tg_model_segment_frames(model),
    };
  }

  openStream(options: StreamOptions): Stream {
    const { core, model } = this;
    const struct = core.allocate(OPTIONS_SIZE);
    const { sampleRate, channels, hopFrames, keepTail } = options;
    new Int32Array(core.exports.memory.buffer, struct, 4).set([
      sampleRate,
      channels,
      hopFrames,
      Number(keepTail),
    ]);
    try {
      const tagger = core.create((made, why) => core.exports.tg_tagger_create(made, model, struct, why));
      return new Stream(core, tagger, channels, this.facts.tags.length);
    } finally {
      core.exports.free(struct);
    }
  }

  /** No stream of this model may be used afterwards. */
  free(): void {
    this.core.exports.tg_model_free(this.model);
  }
}

export class Stream {
  /** One block: PCM, its plane pointers, a segment, its scores, the means, what was heard, a feature's view. */
  private readonly block: number;
  private readonly at: {
    pcm: number;
    planes: number;
    segment: number;
    scores: number;
    means: number;
    heard: number;
    feature: number;
  };

  constructor(
    private readonly core: Core,
    private readonly tagger: number,
    private readonly channels: number,
    private readonly tagCount: number,
  ) {
    let size = 0;
    const place = (bytes: number) => (size += Math.ceil(bytes / 8) * 8) - Math.ceil(bytes / 8) * 8;
    const offsets = {
      pcm: place(channels * PUSH_FRAMES * FLOAT_SIZE),
      planes: place(channels * POINTER_SIZE),
      segment: place(SEGMENT.size),
      scores: place(tagCount * FLOAT_SIZE),
      means: place(tagCount * FLOAT_SIZE),
      heard: place(HEARD.size),
      feature: place(FEATURE.size),
    };
    const block = core.allocate(size);
    this.block = block;
    this.at = {
      pcm: block + offsets.pcm,
      planes: block + offsets.planes,
      segment: block + offsets.segment,
      scores: block + offsets.scores,
      means: block + offsets.means,
      heard: block + offsets.heard,
      feature: block + offsets.feature,
    };
  }

  /**
   * planes[channel][frame], full scale -1 .. 1, of any length. Returns the segments that became complete;
   * `onSegment` is called for each while its features can still be read.
   */
  push(planes: readonly Float32Array[], onSegment?: (segment: Segment) => void): Scored {
    const frames = planes[0]?.length ?? 0;
    if (planes.length !== this.channels || planes.some((plane) => plane.length !== frames))
      throw new TaggramError(
        'bad-option',
        `This stream takes ${this.channels} channels of equal length at a time.`,
      );
    const pulled = new Pulled(this.tagCount, onSegment);
    for (let done = 0; done < frames;) {
      const count = Math.min(PUSH_FRAMES, frames - done);
      this.copyIn(planes, done, count);
      this.pushCopied(count, pulled);
      done += count;
    }
    return this.scored(pulled);
  }

  /** The audio has ended: returns the last segments. */
  finish(onSegment?: (segment: Segment) => void): Scored {
    const code = this.core.exports.tg_tagger_finish(this.tagger);
    if (code < 0) throw this.core.error(code);
    const pulled = new Pulled(this.tagCount, onSegment);
    this.pullAll(pulled);
    return this.scored(pulled);
  }

  /** A copy of an intermediate of the segment pulled last, [rows][columns]: to be read in `onSegment`. */
  feature(name: string): Feature {
    const { core, at } = this;
    const code = core.withText(name, (text) => core.exports.tg_tagger_feature(this.tagger, text, at.feature));
    if (code < 0) throw core.error(code);
    const view = core.view();
    const [rows, columns, stride] = [FEATURE.rows, FEATURE.columns, FEATURE.stride].map((offset) =>
      view.getInt32(at.feature + offset, true),
    ) as [number, number, number];
    const from = view.getUint32(at.feature + FEATURE.values, true);
    const values = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++)
      values.set(core.floats(from + row * stride * FLOAT_SIZE, columns), row * columns);
    return { values, rows, columns };
  }

  free(): void {
    this.core.exports.tg_tagger_free(this.tagger);
    this.core.exports.free(this.block);
  }

  private copyIn(planes: readonly Float32Array[], from: number, count: number): void {
    planes.forEach((plane, channel) => {
      const target = this.at.pcm + channel * PUSH_FRAMES * FLOAT_SIZE;
      this.core.floats(target, count).set(plane.subarray(from, from + count));
    });
  }

  /** Hands over what copyIn brought; the core stops early whenever a segment wants to be pulled first. */
  private pushCopied(count: number, pulled: Pulled): void {
    for (let done = 0; done < count;) {
      const view = this.core.view();
      for (let channel = 0; channel < this.channels; channel++) {
        const plane = this.at.pcm + (channel * PUSH_FRAMES + done) * FLOAT_SIZE;
        view.setUint32(this.at.planes + channel * POINTER_SIZE, plane, true);
      }
      const taken = this.core.exports.tg_tagger_push(this.tagger, this.at.planes, count - done);
      if (taken < 0) throw this.core.error(taken);
      done += taken;
      if (this.pullAll(pulled) === 0 && taken === 0)
        throw new TaggramError(
          'engine',
          'The tagging engine takes no audio and has no answer: please report this.',
        );
    }
  }

  private pullAll(pulled: Pulled): number {
    for (let count = 0; ; count++) {
      const code = this.core.exports.tg_tagger_pull(this.tagger, this.at.segment, this.at.scores);
      if (code < 0) throw this.core.error(code);
      if (code === 0) return count;
      pulled.add(this.readSegment(), this.core.floats(this.at.scores, this.tagCount));
    }
  }

  private readSegment(): Segment {
    const view = this.core.view();
    const at = this.at.segment;
    return {
      start: view.getFloat64(at + SEGMENT.start, true),
      end: view.getFloat64(at + SEGMENT.end, true),
      silent: view.getInt32(at + SEGMENT.silent, true) !== 0,
      padded: view.getInt32(at + SEGMENT.padded, true) !== 0,
    };
  }

  private scored(pulled: Pulled): Scored {
    const { core, at } = this;
    const counted = core.exports.tg_tagger_means(this.tagger, at.means);
    core.exports.tg_tagger_heard(at.heard, this.tagger);
    const view = core.view();
    return {
      segments: pulled.segments,
      scores: pulled.scores(),
      means: core.floats(at.means, this.tagCount).slice(),
      counted,
      heard: {
        seconds: view.getFloat64(at.heard + HEARD.seconds, true),
        nonFinite: view.getFloat64(at.heard + HEARD.nonFinite, true),
      },
    };
  }
}

/** Gathers the segments of one call. */
class Pulled {
  readonly segments: Segment[] = [];
  private readonly rows: Float32Array[] = [];

  constructor(
    private readonly tagCount: number,
    private readonly onSegment?: (segment: Segment) => void,
  ) {}

  add(segment: Segment, scores: Float32Array): void {
    this.segments.push(segment);
    this.rows.push(scores.slice());
    this.onSegment?.(segment);
  }

  scores(): Float32Array {
    const all = new Float32Array(this.rows.length * this.tagCount);
    this.rows.forEach((row, index) => all.set(row, index * this.tagCount));
    return all;
  }
}
