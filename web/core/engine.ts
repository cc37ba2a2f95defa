/** Answers the requests of messages.ts with the C core: the same in a worker and, in Node, on the calling thread. */
import { TaggramError } from '../errors.ts';
import type { Frames, RangeOptions, Replies, ReplyTo, Request, Scored } from '../messages.ts';
import { Core } from './core.ts';
import { FrameMaker } from './frame-maker.ts';
import type { Model } from './model.ts';
import { RangeStream } from './range-stream.ts';
import { Segments } from './segments.ts';
import { Stream } from './stream.ts';

interface Opened {
  free(): void;
}

export class Engine {
  private core: Core | undefined;
  private model: Model | undefined;
  private readonly streams = new Map<number, Opened>();

  async answer<R extends Request>(request: R): Promise<ReplyTo<R>> {
    return (await this.dispatch(request)) as ReplyTo<R>;
  }

  private async dispatch(request: Request): Promise<Replies[keyof Replies]> {
    switch (request.kind) {
      case 'load': {
        this.core = await Core.instantiate(request.wasm);
        this.model = this.core.loadModel(request.model, request.list);
        return this.model.facts;
      }
      case 'open':
        return this.open(request.stream, (model) => model.openStream(request.options));
      case 'push':
        return this.opened(request.stream, Stream).push(request.planes);
      case 'finish':
        return this.opened(request.stream, Segments).finish();
      case 'openMaker':
        return this.open(request.stream, (model) => model.openMaker(request.options));
      case 'make':
        return this.opened(request.stream, FrameMaker).push(request.planes);
      case 'makeLast':
        return this.opened(request.stream, FrameMaker).finish();
      case 'tagRange':
        return this.tagRange(request.options, request.frames);
      case 'openRange':
        return this.open(request.stream, (model) => model.openRange(request.options));
      case 'pushFrames':
        return this.opened(request.stream, RangeStream).push(request.frames);
      case 'close':
        this.opened(request.stream).free();
        this.streams.delete(request.stream);
        return undefined;
      case 'memory':
        return this.core?.exports.memory.buffer.byteLength ?? 0;
    }
  }

  private open(stream: number, make: (model: Model) => Opened): undefined {
    this.streams.set(stream, make(this.loaded));
  }

  private tagRange(options: RangeOptions, frames: Frames): Scored {
    const range = this.loaded.openRange(options);
    try {
      return range.tag(frames);
    } finally {
      range.free();
    }
  }

  private get loaded(): Model {
    if (!this.model) throw new TaggramError('engine', 'A stream was opened before a model was loaded.');
    return this.model;
  }

  private opened<Kind extends Opened>(id: number, kind?: abstract new (...args: never[]) => Kind): Kind {
    const stream = this.streams.get(id);
    if (!stream || (kind && !(stream instanceof kind)))
      throw new TaggramError(
        'engine',
        'The stream was lost when the tagging engine broke down. Open another, and give it the audio again.',
      );
    return stream as Kind;
  }
}
