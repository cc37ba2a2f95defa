/** A model in the core: immutable; streams are opened from it. `free()` gives its memory back. */
import type { ModelFacts, RangeOptions, StreamOptions } from '../messages.ts';
import { INT_SIZE, POINTER_SIZE, type Core } from './core.ts';
import { FrameMaker } from './frame-maker.ts';
import { RangeStream } from './range-stream.ts';
import { Stream } from './stream.ts';
import type { CoreExports } from './wasm.ts';

type Constructor = CoreExports['tg_tagger_create'];

/** src/taggram.h's tg_options, in int32. */
const OPTIONS_COUNT = 5;
/** A sample rate of 0 says that frames are pushed. */
const OF_FRAMES = { sampleRate: 0, channels: 1 };

export class Model {
  readonly facts: ModelFacts;

  constructor(
    private readonly core: Core,
    private readonly model: number,
  ) {
    this.facts = factsOf(core, model);
  }

  /** Tags PCM. */
  openStream(options: StreamOptions): Stream {
    const tagger = this.create(this.core.exports.tg_tagger_create, options);
    return new Stream(this.core, tagger, options.channels, this.facts.tags.length, options.features);
  }

  /** Makes frames of PCM. */
  openMaker(options: StreamOptions): FrameMaker {
    return new FrameMaker(
      this.core,
      this.create(this.core.exports.tg_frames_create, options),
      options,
      this.facts.frameWidth,
    );
  }

  /** Tags frames. */
  openRange(options: RangeOptions): RangeStream {
    const tagger = this.create(this.core.exports.tg_tagger_create, { ...options, ...OF_FRAMES });
    return new RangeStream(
      this.core,
      tagger,
      this.facts.tags.length,
      this.facts.frameWidth,
      options.features,
    );
  }

  /** Runs a constructor that takes tg_options. */
  private create(make: Constructor, options: StreamOptions): number {
    const { core } = this;
    const struct = core.allocate(OPTIONS_COUNT * INT_SIZE);
    const { sampleRate, channels, segmentFrames, hopFrames, keepTail } = options;
    new Int32Array(core.exports.memory.buffer, struct, OPTIONS_COUNT).set([
      sampleRate,
      channels,
      segmentFrames ?? this.facts.segmentFrames,
      hopFrames,
      Number(keepTail),
    ]);
    try {
      return core.create((made, why) => make(made, this.model, struct, why));
    } finally {
      core.exports.free(struct);
    }
  }

  /** No stream of this model may be used afterwards. */
  free(): void {
    this.core.exports.tg_model_free(this.model);
  }
}

function factsOf(core: Core, model: number): ModelFacts {
  const c = core.exports;
  const told = toldBy(core, model);
  return {
    name: core.text(c.tg_model_name(model)),
    architecture: core.text(c.tg_model_architecture(model)),
    version: core.version,
    dataset: told.get('tagger.dataset') ?? '',
    publishedScores: told.get('tagger.published_scores') ?? '',
    tags: Array.from({ length: c.tg_model_tag_count(model) }, (_, tag) =>
      core.text(c.tg_model_tag(model, tag)),
    ),
    lists: Array.from({ length: c.tg_model_list_count(model) }, (_, list) =>
      core.text(c.tg_model_list(model, list)),
    ),
    segmentFrames: c.tg_model_segment_frames(model),
    leastFrames: c.tg_model_least_frames(model),
    anyLength: c.tg_model_any_length(model) !== 0,
    frameWidth: c.tg_model_frame_width(model),
    features: featureNames(core, model),
  };
}

function featureNames(core: Core, model: number): string[] {
  const names: string[] = [];
  for (let name; (name = core.exports.tg_model_feature_name(model, names.length)) !== 0;)
    names.push(core.text(name));
  return names;
}

/** What the model file tells of itself. */
function toldBy(core: Core, model: number): Map<string, string> {
  const told = new Map<string, string>();
  const key = core.allocate(2 * POINTER_SIZE);
  const value = key + POINTER_SIZE;
  for (let index = 0; core.exports.tg_model_fact(model, index, key, value) === 1; index++) {
    const view = core.view();
    told.set(core.text(view.getUint32(key, true)), core.text(view.getUint32(value, true)));
  }
  core.exports.free(key);
  return told;
}
