/** Keys that zoom, and the list of all keys for those who ask. */
import { say } from './language.ts';
import type { Viewport } from './viewport.ts';

const STEP = 1.6;

/** `place` keeps its moment, where it is in view. Returns whether the key is one of these. */
export function zoomByKey(viewport: Viewport, key: string, place = 0.5): boolean {
  const at = place >= 0 && place <= 1 ? place : 0.5;
  if (key === '+' || key === '=') viewport.zoom(STEP, at);
  else if (key === '-') viewport.zoom(1 / STEP, at);
  else if (key === '0') viewport.showAll();
  else return false;
  return true;
}

export const KEYS: readonly (readonly [
  where: string,
  keys: readonly (readonly [keys: string, what: string])[],
])[] = [
  [
    say`In the taggram`,
    [
      ['← → ↑ ↓', say`walk the cells`],
      [say`Home, End`, say`first and last segment`],
      [say`Page ↑, Page ↓`, say`ten tags up and down`],
      [say`Enter`, say`jump to the cell`],
      [say`Shift + ← →`, say`mark a stretch of time`],
      [say`Esc`, say`let go of cell and stretch`],
      ['+, −, 0', say`zoom in, out, show all`],
      [say`Shift + Page ↑, Page ↓`, say`a screen earlier, later`],
    ],
  ],
  [
    say`In the names`,
    [
      ['↑ ↓', say`walk the tags`],
      [say`Enter`, say`see the tag as a line`],
    ],
  ],
  [
    say`In the overview`,
    [
      ['← →', say`move what is shown`],
      ['+, −, 0', say`zoom in, out, show all`],
      [say`Home, End`, say`beginning and end`],
    ],
  ],
  [
    say`By mouse and finger`,
    [
      [say`Drag, or on the waveform by finger`, say`mark a stretch of time`],
      [say`Ctrl + wheel, pinch`, say`zoom`],
      [say`Sideways wheel, drag by finger`, say`move in time`],
    ],
  ],
  [
    say`Anywhere`,
    [
      [say`Space`, say`play and pause`],
      ['?', say`show these keys`],
    ],
  ],
];
