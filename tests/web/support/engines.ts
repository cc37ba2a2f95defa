/** The page's engines, as a test watches them and holds them up. */
import type { Page } from 'playwright-core';

interface Watched {
  /** Questions that were let through and are not answered. */
  underway: number;
  /** Answers about segments so far. */
  answers: number;
  /** So many more pieces of a song may be asked about. */
  room: number;
  /** Engines that were asked about a piece, and how many of them wait for room. */
  taggers(): [all: number, held: number];
  /** Lets so many more pieces through. */
  letGo(pieces: number): void;
}

declare global {
  interface Window {
    engines: Watched;
  }
}

/** In the page, before anything else. */
function watch(): void {
  const isPiece = (kind: string | undefined) => kind === 'pushFrames' || kind === 'tagRange';
  const taggers = new Map<Worker, { kind: string | undefined; send(): void }[]>();
  const watched: Watched = {
    underway: 0,
    answers: 0,
    room: Infinity,
    taggers: () => [taggers.size, [...taggers.values()].filter((held) => held.length > 0).length],
    letGo: (pieces) => {
      watched.room = pieces;
      for (const held of taggers.values())
        while (held[0] && (!isPiece(held[0].kind) || watched.room-- > 0)) held.shift()!.send();
    },
  };
  window.engines = watched;
  window.Worker = class extends Worker {
    /** Kinds of the questions that wait for an answer. */
    private readonly waiting = new Map<number, string>();

    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        const kind = this.waiting.get(data?.id);
        if (kind === undefined) return;
        this.waiting.delete(data.id);
        watched.underway--;
        if (isPiece(kind)) watched.answers++;
      });
    }

    override postMessage(
      message: { id: number; request?: { kind: string } },
      given?: StructuredSerializeOptions | Transferable[],
    ): void {
      const kind = message?.request?.kind;
      const send = () => {
        if (kind !== undefined) {
          this.waiting.set(message.id, kind);
          watched.underway++;
        }
        super.postMessage(message, given as StructuredSerializeOptions);
      };
      if (isPiece(kind) && !taggers.has(this)) taggers.set(this, []);
      const held = taggers.get(this);
      if (held && (held.length > 0 || (isPiece(kind) && watched.room-- <= 0)))
        held.push({ kind, send }); // in order
      else send();
    }
  };
}

export class Engines {
  private constructor(private readonly page: Page) {}

  /** For a page that is not open yet. */
  static async of(page: Page): Promise<Engines> {
    await page.addInitScript(watch);
    return new Engines(page);
  }

  /** From now on only so many pieces of songs are tagged: of two segments where these stand side by side. */
  async hold(pieces: number): Promise<void> {
    await this.page.evaluate((room) => (window.engines.room = room), pieces);
  }

  /** Waits until all that was let through is answered and every engine of the song waits for room. */
  async held(): Promise<void> {
    await this.page.waitForFunction(() => {
      const [all, held] = window.engines.taggers();
      return all > 0 && held === all && window.engines.underway === 0;
    });
  }

  /** Lets so many more pieces through, or all. */
  async letGo(pieces?: number): Promise<void> {
    await this.page.evaluate((some) => window.engines.letGo(some ?? Infinity), pieces);
  }

  /** Answers about segments so far, wanted or not. */
  async answers(): Promise<number> {
    return this.page.evaluate(() => window.engines.answers);
  }

  /** Waits until the engines have answered all that they were asked. */
  async rest(): Promise<void> {
    await this.page.waitForFunction(() => window.engines.underway === 0 && window.engines.taggers()[1] === 0);
  }
}
