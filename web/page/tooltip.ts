/** A few words beside a place on the page: they scroll with it and never leave the window. */
import type { By } from './cursor.ts';
import { find } from './dom.ts';

const MARGIN = 8;
/** Clear of the pointer's arrow. */
const BESIDE_POINTER = { right: 14, below: 18 };
const ABOVE_CELL = 6;

export class Tooltip {
  private readonly element = find('#tooltip');

  /** Words for a place that a person is at, or null for none; those who walk by keyboard hear them, too. */
  tell(text: string | null, by: By, near: DOMRect): void {
    if (text === null) return this.hide();
    this.show(text, near);
    if (by === 'keyboard') find('#cell-announcer').textContent = text;
  }

  /** `near` is a cell, which the words stand above, or a point without size, which they stand below. */
  private show(text: string, near: DOMRect): void {
    const { element } = this;
    element.textContent = text;
    element.hidden = false;
    const isPoint = near.height === 0;
    const right = document.documentElement.clientWidth - element.offsetWidth - MARGIN;
    const x = near.left + (isPoint ? BESIDE_POINTER.right : 0);
    const above = near.top - element.offsetHeight - ABOVE_CELL;
    const below = near.bottom + (isPoint ? BESIDE_POINTER.below : ABOVE_CELL);
    const fitsBelow = below + element.offsetHeight + MARGIN <= innerHeight;
    const y = (isPoint && fitsBelow) || above < MARGIN ? below : above;
    const left = Math.max(MARGIN, Math.min(right, x));
    element.style.transform = `translate(${left + scrollX}px, ${y + scrollY}px)`;
  }

  private hide(): void {
    this.element.hidden = true;
  }
}
