/** A tagger of the core, and the segments that are pulled from it. `free()` gives its memory back. */
import { TaggramError } from '../errors.ts';
import type { Feature, Scored, Segment } from '../messages.ts';
import { Block } from './block.ts';
import { FLOAT_SIZE, INT_SIZE, type Core } from './core.ts';
import { HEARD, readHeard } from './heard.ts';
import { Pulled } from './pulled.ts';

/** Sizes and offsets of src/taggram.h's structs, in bytes. */
const SEGMENT = { size: 24, start: 0, end: 8, silent: 16, padded: 20 };
const FEATURE = { size: 24, values: 0, dims: 4, shape: 8, stride: 20 };

/** Called for each segment while its features can still be read. */
export type OnSegment = (segment: Segment) => void;

export abstract class Segments {
  private readonly block: Block<'segment' | 'scores' | 'means' | 'heard' | 'feature'>;

  constructor(
    protected readonly core: Core,
    protected readonly tagger: number,
    private readonly tagCount: number,
    /** Names of the intermediates that are told with each segment. */
    private readonly features: readonly string[] = [],
  ) {
    this.block = new Block(core, {
      segment: SEGMENT.size,
      scores: tagCount * FLOAT_SIZE,
      means: tagCount * FLOAT_SIZE,
      heard: HEARD.size,
      feature: FEATURE.size,
    });
  }

  /** The audio has ended: returns the last segments. */
  finish(onSegment?: OnSegment): Scored {
    const pulled = this.gather(onSegment);
    this.end(pulled);
    return this.scored(pulled);
  }

  /** A copy of an intermediate of the segment pulled last: to be read in `onSegment`. */
  feature(name: string): Feature {
    const { core } = this;
    const { feature } = this.block.at;
    const code = core.withText(name, (text) => core.exports.tg_tagger_feature(this.tagger, text, feature));
    if (code < 0) throw core.error(code);
    const view = core.view();
    const dims = view.getInt32(feature + FEATURE.dims, true);
    const shape = Array.from({ length: dims }, (_, i) =>
      view.getInt32(feature + FEATURE.shape + i * INT_SIZE, true),
    );
    const stride = view.getInt32(feature + FEATURE.stride, true);
    const from = view.getUint32(feature + FEATURE.values, true);
    const columns = shape[dims - 1]!;
    const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
    const data = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++)
      data.set(core.floats(from + row * stride * FLOAT_SIZE, columns), row * columns);
    return { shape, data };
  }

  free(): void {
    this.core.exports.tg_tagger_free(this.tagger);
    this.block.free();
  }

  /** After a push that took so much: the core stops early whenever a segment wants to be pulled first. */
  protected pullAfter(taken: number, pulled: Pulled): number {
    if (taken < 0) throw this.core.error(taken);
    if (this.pullAll(pulled) === 0 && taken === 0)
      throw new TaggramError(
        'engine',
        'The tagging engine takes no audio and has no answer: please report this.',
      );
    return taken;
  }

  protected end(pulled: Pulled): void {
    const code = this.core.exports.tg_tagger_finish(this.tagger);
    if (code < 0) throw this.core.error(code);
    this.pullAll(pulled);
  }

  protected gather(onSegment?: OnSegment): Pulled {
    return new Pulled(this.tagCount, this.features, (name) => this.feature(name), onSegment);
  }

  protected scored(pulled: Pulled): Scored {
    const { core, block } = this;
    const { features } = pulled;
    const counted = core.exports.tg_tagger_means(this.tagger, block.at.means);
    core.exports.tg_tagger_heard(block.at.heard, this.tagger);
    const { seconds, nonFinite } = readHeard(core, block.at.heard);
    return {
      segments: pulled.segments,
      scores: pulled.scores(),
      means: core.floats(block.at.means, this.tagCount).slice(),
      counted,
      ...(features && { features }),
      heard: { seconds, nonFinite },
    };
  }

  private pullAll(pulled: Pulled): number {
    const { segment, scores } = this.block.at;
    for (let count = 0; ; count++) {
      const code = this.core.exports.tg_tagger_pull(this.tagger, segment, scores);
      if (code < 0) throw this.core.error(code);
      if (code === 0) return count;
      pulled.add(this.readSegment(), this.core.floats(scores, this.tagCount));
    }
  }

  private readSegment(): Segment {
    const view = this.core.view();
    const { segment } = this.block.at;
    return {
      start: view.getFloat64(segment + SEGMENT.start, true),
      end: view.getFloat64(segment + SEGMENT.end, true),
      silent: view.getInt32(segment + SEGMENT.silent, true) !== 0,
      padded: view.getInt32(segment + SEGMENT.padded, true) !== 0,
    };
  }
}
