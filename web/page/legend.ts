/** The colour scale with its ends, and what the other grounds mean. */
import { make } from './dom.ts';
import { FAR_WORDS, GROUND_WORDS, type Grounds, type ScaleWords } from './grounds.ts';
import { css, type Scale } from './palette.ts';

export function drawLegend(root: HTMLElement, scale: Scale, words: ScaleWords, seen: Grounds): void {
  const bar = make('canvas', 'scale-bar');
  bar.width = scale.colours.length;
  bar.height = 1;
  const context = bar.getContext('2d')!;
  scale.colours.forEach((colour, x) => {
    context.fillStyle = css(colour);
    context.fillRect(x, 0, 1, 1);
  });
  const ends = make('span', 'scale-ends');
  ends.append(make('span', '', words.from), bar, make('span', '', words.to));
  const item = make('span', scale.from < 0 ? 'scale diverging' : 'scale');
  item.append(make('span', '', words.name), ends);
  const grounds = Object.entries(GROUND_WORDS) as [keyof Grounds, string][];
  root.replaceChildren(
    item,
    make('span', 'legend-far', FAR_WORDS),
    ...grounds.filter(([ground]) => seen[ground]).map(([ground, meaning]) => keyed(ground, meaning)),
  );
}

function keyed(ground: string, meaning: string): HTMLElement {
  const item = make('span', 'legend-item');
  item.append(make('span', `swatch swatch-${ground}`), meaning);
  return item;
}
