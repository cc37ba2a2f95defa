/** Answers the requests of messages.ts with the C core: the same in a worker and, in Node, on the calling thread. */
import { TaggramError } from '../errors.ts';
import type { Replies, ReplyTo, Request } from '../messages.ts';
import { Core } from './core.ts';
import type { Model } from './model.ts';
import type { Stream } from './stream.ts';

export class Engine {
  private model: Model | undefined;
  private readonly streams = new Map<number, Stream>();

  async answer<R extends Request>(request: R): Promise<ReplyTo<R>> {
    return (await this.dispatch(request)) as ReplyTo<R>;
  }

  private async dispatch(request: Request): Promise<Replies[keyof Replies]> {
    switch (request.kind) {
      case 'load': {
        const core = await Core.instantiate(request.wasm);
        this.model = core.loadModel(request.model);
        return this.model.facts;
      }
      case 'open':
        if (!this.model) throw new TaggramError('engine', 'A stream was opened before a model was loaded.');
        this.streams.set(request.stream, this.model.openStream(request.options));
        return undefined;
      case 'push':
        return this.stream(request.stream).push(request.planes);
      case 'finish':
        return this.stream(request.stream).finish();
      case 'close':
        this.stream(request.stream).free();
        this.streams.delete(request.stream);
        return undefined;
    }
  }

  private stream(id: number): Stream {
    const stream = this.streams.get(id);
    if (!stream)
      throw new TaggramError(
        'engine',
        'The stream was lost when the tagging engine broke down. Open another, and give it the audio again.',
      );
    return stream;
  }
}
