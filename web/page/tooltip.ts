/** A few words beside a place on the page: they scroll with it and never leave the window. */
import { find } from './dom.ts';

const MARGIN = 8;
/** Clear of the pointer's arrow. */
const BESIDE_POINTER = { right: 14, below: 18 };
const ABOVE_CELL = 6;

export class Tooltip {
  private readonly element = find('#tooltip');

  /** `near` is a cell, which the words stand above, or a point without size, which they stand below. */
  show(text: string, near: DOMRect): void {
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

  hide(): void {
    this.element.hidden = true;
  }
}
