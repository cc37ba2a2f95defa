/** The colour scale with its ends, and what the other grounds mean. */
import { make, prefersDark } from './dom.ts';
import { css, palette } from './palette.ts';

/** Meanings beside the colour scale: each is told only where it is seen. */
export interface Grounds {
  silent: boolean;
  padded: boolean;
  unheard: boolean;
}

export function drawLegend(root: HTMLElement, seen: Grounds): void {
  const scale = make('span', 'scale');
  const bar = make('canvas', 'scale-bar');
  bar.width = 256;
  bar.height = 1;
  const context = bar.getContext('2d')!;
  palette(prefersDark.matches ? 'dark' : 'light').forEach((colour, x) => {
    context.fillStyle = css(colour);
    context.fillRect(x, 0, 1, 1);
  });
  scale.append(make('span', 'scale-name', 'score'), make('span', '', '0'), bar, make('span', '', '1'));
  root.replaceChildren(scale);
  if (seen.silent) root.append(keyed('swatch-silent', 'silent: no answer'));
  if (seen.padded) root.append(keyed('swatch-padded', 'shorter than a segment: repeated to fill it'));
  if (seen.unheard) root.append(keyed('swatch-unheard', 'rest that fills no segment'));
}

function keyed(swatch: string, meaning: string): HTMLElement {
  const item = make('span', 'legend-item');
  item.append(make('span', `swatch ${swatch}`), meaning);
  return item;
}
