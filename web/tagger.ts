/** A model at work: shares recordings out among its bridges, and gathers what they answer. */
import { untilAborted } from './abort.ts';
import { Ahead } from './ahead.ts';
import { pcmOf } from './audio-buffer.ts';
import type { Bridge } from './bridge.ts';
import {
  checkFeatures,
  checkFormat,
  checkKeepTail,
  checkOptions,
  checkPlanes,
  checkTop,
  refusal,
} from './checks.ts';
import { TaggramError } from './errors.ts';
import { framesToSeconds, hopFrames, lengthFrames } from './frames.ts';
import type { ModelFacts, RangeOptions, Scored } from './messages.ts';
import { sourceOf, steps, type Pcm, type PcmSource } from './pcm.ts';
import { nameOf, openFile } from './recording.ts';
import { taggedFile, type TagResult } from './result.ts';
import { SharedSong } from './sharing.ts';
import { framesOf } from './song-frames.ts';
import { BridgedStream } from './stream.ts';
import type { StreamFormat, StreamSettings, Tagger, TagOptions, TagStream } from './taggram.ts';

const DEFAULT_TOP = 3;

/** Audio given at a time, at least: with small hops a message a segment would cost more than the segment. */
const LEAST_PIECE_SECONDS = 0.5;

export class BridgedTagger implements Tagger {
  readonly tags: readonly string[];
  readonly length: number;
  /** Streams open on each bridge. */
  private readonly load: number[];
  private nextStream = 0;

  constructor(
    readonly model: ModelFacts,
    private readonly bridges: Bridge[],
  ) {
    this.tags = model.tags;
    this.length = framesToSeconds(model.segmentFrames);
    this.load = bridges.map(() => 0);
  }

  async stream(format: StreamFormat, settings: StreamSettings = {}): Promise<TagStream> {
    return this.open(format, this.framesOf(settings));
  }

  async tag(given: Blob | AudioBuffer | Pcm | PcmSource, options: TagOptions = {}): Promise<TagResult> {
    const frames = this.framesOf(options);
    const { top = DEFAULT_TOP } = options;
    checkTop(top);
    options.signal?.throwIfAborted();
    const source = given instanceof Blob ? await openFile(given, options) : asSource(given);
    const name = options.name ?? nameOf(given);
    const isAlone = this.bridges.length === 1 && source !== given; // frames of a source may be wanted again
    const parts = await this.run(source, frames, name, options, isAlone);
    const bad = parts[parts.length - 1]!.heard.nonFinite;
    const warnings = [...(source.warnings ?? []), ...(bad > 0 ? [nonFiniteWarning(bad)] : [])];
    return taggedFile(
      this.model,
      { file: name, sampleRate: source.sampleRate, ...frames, top, warnings },
      parts,
    );
  }

  async memory(): Promise<number[]> {
    return Promise.all(this.bridges.map((bridge) => bridge.ask({ kind: 'memory' })));
  }

  dispose(): void {
    this.bridges.forEach((bridge) => bridge.dispose());
  }

  /** Checks settings before any work begins. */
  private framesOf(settings: StreamSettings): Required<RangeOptions> {
    checkOptions(settings);
    const { model } = this;
    const { length, hop, keepTail = false, features = [] } = settings;
    checkKeepTail(keepTail);
    checkFeatures(features, model);
    const segmentFrames = length === undefined ? model.segmentFrames : lengthFrames(length, model);
    return {
      segmentFrames,
      hopFrames: hop === undefined ? segmentFrames : hopFrames(hop, segmentFrames),
      keepTail,
      features,
    };
  }

  private async open(format: StreamFormat, frames: Required<RangeOptions>): Promise<TagStream> {
    checkFormat(format);
    const { sampleRate, channels } = format;
    const least = this.leastBusy();
    const bridge = this.bridges[least]!;
    const stream = this.nextStream++;
    this.load[least]!++;
    try {
      await bridge.ask({ kind: 'open', stream, options: { sampleRate, channels, ...frames } });
    } catch (error) {
      this.load[least]!--;
      throw error;
    }
    return new BridgedStream(bridge, stream, channels, () => this.load[least]!--);
  }

  private leastBusy(): number {
    return this.load.indexOf(Math.min(...this.load));
  }

  private async run(
    source: PcmSource,
    frames: Required<RangeOptions>,
    name: string,
    { signal, onProgress }: TagOptions,
    isAlone: boolean,
  ): Promise<Scored[]> {
    const hop = framesToSeconds(frames.hopFrames);
    const length = framesToSeconds(frames.segmentFrames);
    const parts: Scored[] = [];
    let done = 0;
    let isOver = false;
    const report = (latest: Scored) => {
      if (isOver) return; // it was asked for before the end
      signal?.throwIfAborted();
      parts.push(latest);
      done += latest.segments.length;
      const { duration } = source;
      const total = segmentCount(duration, hop, length, frames.keepTail);
      onProgress?.({ stage: 'tagging', done, total, duration, hop, latest });
    };
    try {
      checkFormat(source);
      await (isAlone
        ? untilAborted(this.runAlone(source, frames, report, signal), signal)
        : this.runShared(source, frames, report, signal));
      return parts;
    } catch (error) {
      throw named(error, name);
    } finally {
      isOver = true;
    }
  }

  /** Feeds a stream about one hop of audio at a time, so that answers come steadily. */
  private async runAlone(
    source: PcmSource,
    frames: Required<RangeOptions>,
    report: (latest: Scored) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const stream = await this.open(source, frames);
    try {
      const seconds = Math.max(framesToSeconds(frames.hopFrames), LEAST_PIECE_SECONDS);
      const ahead = new Ahead();
      for await (const planes of steps(source, seconds)) {
        signal?.throwIfAborted();
        await ahead.add(stream.push(planes).then(report));
      }
      await ahead.all();
      report(await stream.finish());
    } finally {
      await stream.close().catch(() => {}); // what matters has been said by then
    }
  }

  private async runShared(
    source: PcmSource,
    frames: Required<RangeOptions>,
    report: (latest: Scored) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const least = this.leastBusy();
    const bridge = this.bridges[least]!;
    const others = this.bridges.filter((_, index) => index !== least);
    const { sampleRate, channels } = source;
    const made = framesOf(source, {
      bridge,
      stream: this.nextStream++,
      options: { sampleRate, channels, ...frames },
      frameWidth: this.model.frameWidth,
    });
    const song = new SharedSong(made, frames, this.tags.length, () => this.nextStream++, report);
    this.load[least]!++;
    try {
      await untilAborted(
        song.run([bridge, ...others], () => this.load[least]!--),
        signal,
      );
    } finally {
      song.stop();
      made.leave();
    }
  }
}

/** An estimate for progress; the core has the last word. */
export function segmentCount(duration: number, hop: number, length: number, keepTail: boolean): number {
  if (duration <= length) return 1;
  const steps = (duration - length) / hop;
  return 1 + (keepTail ? Math.ceil(steps) : Math.floor(steps));
}

function nonFiniteWarning(count: number): string {
  return `${count} ${count === 1 ? 'sample was' : 'samples were'} not finite (NaN or infinity) and counted as 0.`;
}

/** The core does not know the file's name; people who dropped several need it. */
function named(error: unknown, name: string): unknown {
  if (!(error instanceof TaggramError) || error.message.includes(name)) return error;
  if (error.code === 'too-short')
    return new TaggramError(
      'too-short',
      `${name} lasts less than 0.1 seconds, too short to be tagged. Choose another file.`,
    );
  return new TaggramError(error.code, `${name}: ${error.message}`);
}

function asSource(given: AudioBuffer | Pcm | PcmSource): PcmSource {
  if (Object(given) !== given || !('planes' in given || 'getChannelData' in given || 'pieces' in given))
    throw refusal('There is nothing to tag: give a File or Blob, an AudioBuffer, or { sampleRate, planes }.');
  if ('pieces' in given) return given;
  const pcm = 'planes' in given ? given : pcmOf(given);
  checkPlanes(pcm.planes);
  return sourceOf(pcm);
}
