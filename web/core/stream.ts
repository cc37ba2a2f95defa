/** One recording being tagged by the core. `free()` gives its memory back. */
import { TaggramError } from '../errors.ts';
import type { Feature, Scored, Segment } from '../messages.ts';
import { POINTER_SIZE, type Core } from './core.ts';
import { Pulled } from './pulled.ts';

/** Sizes and offsets of src/taggram.h's structs, in bytes. */
const SEGMENT = { size: 24, start: 0, end: 8, silent: 16, padded: 20 };
const HEARD = { size: 24, seconds: 0, nonFinite: 8 };
const FEATURE = { size: 24, values: 0, dims: 4, shape: 8, stride: 20 };
const INT_SIZE = 4;
const FLOAT_SIZE = 4;

/** PCM frames copied into the module at a time: bounds its memory, large enough to make calls rare. */
const PUSH_FRAMES = 16384;

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
    /** Names of the intermediates that are told with each segment. */
    private readonly features: readonly string[] = [],
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
    const pulled = this.gather(onSegment);
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
    const pulled = this.gather(onSegment);
    this.pullAll(pulled);
    return this.scored(pulled);
  }

  /** A copy of an intermediate of the segment pulled last: to be read in `onSegment`. */
  feature(name: string): Feature {
    const { core, at } = this;
    const code = core.withText(name, (text) => core.exports.tg_tagger_feature(this.tagger, text, at.feature));
    if (code < 0) throw core.error(code);
    const view = core.view();
    const dims = view.getInt32(at.feature + FEATURE.dims, true);
    const shape = Array.from({ length: dims }, (_, i) =>
      view.getInt32(at.feature + FEATURE.shape + i * INT_SIZE, true),
    );
    const stride = view.getInt32(at.feature + FEATURE.stride, true);
    const from = view.getUint32(at.feature + FEATURE.values, true);
    const columns = shape[dims - 1]!;
    const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
    const data = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++)
      data.set(core.floats(from + row * stride * FLOAT_SIZE, columns), row * columns);
    return { shape, data };
  }

  free(): void {
    this.core.exports.tg_tagger_free(this.tagger);
    this.core.exports.free(this.block);
  }

  private gather(onSegment?: (segment: Segment) => void): Pulled {
    return new Pulled(this.tagCount, this.features, (name) => this.feature(name), onSegment);
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
    const { features } = pulled;
    const counted = core.exports.tg_tagger_means(this.tagger, at.means);
    core.exports.tg_tagger_heard(at.heard, this.tagger);
    const view = core.view();
    return {
      segments: pulled.segments,
      scores: pulled.scores(),
      means: core.floats(at.means, this.tagCount).slice(),
      counted,
      ...(features && { features }),
      heard: {
        seconds: view.getFloat64(at.heard + HEARD.seconds, true),
        nonFinite: view.getFloat64(at.heard + HEARD.nonFinite, true),
      },
    };
  }
}
