/** The stretch of time that is marked: how long it is, and its mean tags by each model. */
import { say } from './language.ts';
import { rankTags } from '../taggram.ts';
import { find, make, theme } from './dom.ts';
import { clock, list, score } from './format.ts';
import { meansOver } from './means.ts';
import { announce } from './notices.ts';
import { colourOf, css, scoreScale } from './palette.ts';
import type { Scores } from './raster.ts';
import type { Span } from './timeline.ts';

/** A model's answers so far. */
export interface Answers {
  model: string;
  tags: readonly string[];
  scores: Scores;
}

export interface StretchEvents {
  onZoom(stretch: Span): void;
  onClear(): void;
}

const MOST_TAGS = 6;
/** How many of them are read aloud. */
const MOST_SPOKEN = 3;
/** Means take as long as the stretch is: they wait until the hand rests. */
const SETTLE_MS = 120;

export class StretchCard {
  private readonly root = find('#stretch');
  private stretch: Span | null = null;
  private settling = 0;

  constructor(
    private readonly answers: () => Answers[],
    events: StretchEvents,
  ) {
    find('#stretch-zoom').addEventListener('click', () => events.onZoom(this.stretch!));
    find('#stretch-clear').addEventListener('click', () => events.onClear());
  }

  show(stretch: Span | null): void {
    this.stretch = stretch;
    this.root.hidden = stretch === null;
    clearTimeout(this.settling);
    if (!stretch) return;
    find('#stretch-title').textContent = words(stretch);
    this.settling = window.setTimeout(() => this.tell(stretch), SETTLE_MS);
  }

  /** There are more answers. */
  refresh(): void {
    if (this.stretch) this.fill(this.stretch);
  }

  private tell(stretch: Span): void {
    const strongest = this.fill(stretch);
    announce(
      say`Marked ${words(stretch)}${strongest.length > 0 ? say`, strongest: ${list(strongest)}` : ''}.`,
    );
  }

  /** Returns the strongest tags of the first model. */
  private fill(stretch: Span): string[] {
    const all = this.answers();
    const heard = all.map(({ model, tags, scores }) => {
      const { means, counted } = meansOver(scores, stretch);
      const ranking = counted > 0 ? rankTags(means).slice(0, MOST_TAGS) : [];
      return { model, counted, strongest: ranking.map((tag) => ({ name: tags[tag]!, mean: means[tag]! })) };
    });
    find('#stretch-tags').replaceChildren(
      ...heard.map(({ model, counted, strongest }) => {
        const row = make('div', 'stretch-row');
        if (all.length > 1) row.append(make('h4', '', model));
        const items = make('ol', 'stretch-list');
        items.append(...strongest.map(({ name, mean }) => item(name, mean)));
        row.append(items, make('p', 'note', remark(counted)));
        return row;
      }),
    );
    return (heard[0]?.strongest ?? []).slice(0, MOST_SPOKEN).map(({ name }) => name);
  }
}

function words({ from, to }: Span): string {
  return say`${clock(from, true)} to ${clock(to, true)}`;
}

function remark(counted: number): string {
  if (counted === 0) return say`Nothing is heard in it.`;
  return counted === 1 ? say`One segment.` : say`Mean score over ${counted} segments.`;
}

function item(name: string, mean: number): HTMLElement {
  const element = make('li', 'stretch-tag');
  const swatch = make('span', 'swatch');
  swatch.style.background = css(colourOf(scoreScale(theme()), mean));
  element.append(swatch, make('span', '', name), make('span', 'top-score', score(mean)));
  return element;
}
