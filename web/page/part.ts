/** What a model answers for the tags of one of its lists, or for all of its tags. It grows as the model listens. */
import type { TaggedFile } from '../taggram.ts';
import type { Listening } from './run.ts';
import type { Song } from './song.ts';

export class Part {
  readonly tags: readonly string[];
  /** The lists that the tags are of, in equal parts; of most models there are none. */
  readonly lists: readonly string[];
  /** Where the tags begin among all of the model's. */
  readonly first: number;

  /** All tags if `list` is null, or none of the model's. */
  constructor(
    readonly listening: Listening,
    list: string | null,
  ) {
    const { tags, lists } = listening.model;
    const place = list === null ? -1 : lists.indexOf(list);
    const isAll = place < 0;
    const count = isAll ? tags.length : tags.length / lists.length;
    this.lists = isAll ? lists : [list!];
    this.first = isAll ? 0 : place * count;
    this.tags = isAll
      ? tags
      : tags.slice(this.first, this.first + count).map((tag) => withoutList(tag, list!));
  }

  /** One list after the other; the whole where it has no two. */
  each(): Part[] {
    return this.lists.length > 1 ? this.lists.map((list) => new Part(this.listening, list)) : [this];
  }

  get song(): Song | undefined {
    const { song } = this.listening;
    return this.isAll ? song : song?.part(this.first, this.tags.length);
  }

  /** The strongest tags, as many as a result names. */
  get top(): TaggedFile['top'] {
    const { result } = this.listening;
    return result ? this.topOf(result) : [];
  }

  private topOf(result: TaggedFile): TaggedFile['top'] {
    const { song } = this;
    if (!song || this.isAll) return result.top;
    return song
      .ranking()
      .slice(0, result.top.length)
      .map((tag) => ({ tag: this.tags[tag]!, score: song.means[tag]! }));
  }

  /** As if the model had been asked for these tags alone. */
  get result(): TaggedFile | undefined {
    const { listening, first, tags } = this;
    const result = listening.result ?? listening.soFar?.();
    if (!result || this.isAll) return result;
    const top = this.topOf(result);
    return {
      ...result,
      tags: [...tags],
      lists: this.lists.map((name) => ({ name, tags: tags.length })),
      taggram: result.taggram.map((row) => row.slice(first, first + tags.length)),
      top,
    };
  }

  private get isAll(): boolean {
    return this.tags.length === this.listening.model.tags.length;
  }
}

/** A tag that stands in several lists tells its own, "guitar (MTT)", unless that is plain. */
function withoutList(tag: string, list: string): string {
  const mark = ` (${list})`;
  return tag.endsWith(mark) ? tag.slice(0, -mark.length) : tag;
}
