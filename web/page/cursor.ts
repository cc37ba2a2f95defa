/** The cell that a person is at, by pointer, finger or keyboard. It frames the cell and tells of it. */
export interface Cell {
  tag: number;
  segment: number;
  /** How many segments share the pixel that is pointed at: this is the one that gives it its colour. */
  among?: number;
}

export type By = 'pointer' | 'keyboard';

export interface CursorEvents {
  /** A cell was chosen: go there. */
  onChoose(cell: Cell): void;
  /** A cell was pointed at or walked to, and where on the window its words belong; null when none is any more. */
  onCell(cell: Cell | null, by: By, near: DOMRect): void;
  /** The keyboard marks the segments between these two, or none any more. */
  onMark(ends: [number, number] | null): void;
}

/** What the cursor has to know of the grid that it walks. */
export interface Walkable {
  /** Tags from top to bottom. */
  order(): readonly number[];
  segmentCount(): number;
  cellUnder(event: MouseEvent): Cell | null;
  /** Brings a cell to where it is seen. */
  reveal(cell: Cell): void;
  /** Where a cell is drawn, in pixels of the plot; undefined when it is not. */
  boxOf(cell: Cell): { left: number; top: number; width: number } | undefined;
}

const LEAST_WIDTH = 3;

export class Cursor {
  private cell: Cell | null = null;
  /** Where the keyboard goes on from when it comes back. */
  private start: Cell | null = null;
  /** Where marking by keyboard began. */
  private anchor: Cell | null = null;
  /** Where the mouse is, if it chose the cell: its words belong there, else to the cell. */
  private pointer: MouseEvent | undefined;

  constructor(
    private readonly plot: HTMLElement,
    private readonly frame: HTMLElement,
    private readonly grid: Walkable,
    private readonly events: CursorEvents,
  ) {
    this.listen();
  }

  get at(): Cell | null {
    return this.cell;
  }

  leave(): void {
    this.set(null, 'pointer');
  }

  /** The grid is another: there is no place to come back to. */
  reset(): void {
    this.leave();
    this.start = null;
  }

  /** Frames a cell that is told of elsewhere. */
  echo(cell: Cell | null): void {
    this.cell = cell;
    this.placeFrame();
  }

  placeFrame(): void {
    const box = this.cell && this.grid.boxOf(this.cell);
    this.frame.hidden = !box;
    if (!box) return;
    this.frame.style.transform = `translate(${box.left}px, ${box.top}px)`;
    this.frame.style.width = `${Math.max(LEAST_WIDTH, box.width)}px`;
  }

  /** The rows have moved: the words of a framed cell follow it. */
  follow(): void {
    if (this.cell && !this.pointer) this.tell('pointer');
  }

  private set(cell: Cell | null, by: By, pointer?: MouseEvent): void {
    if (!cell && !this.cell) return;
    this.cell = cell;
    if (cell) this.start = cell;
    this.pointer = pointer;
    if (cell && by === 'keyboard') this.grid.reveal(cell);
    this.placeFrame();
    if (cell && by === 'keyboard') this.frame.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    this.tell(by);
  }

  private tell(by: By): void {
    const near = this.pointer
      ? new DOMRect(this.pointer.clientX, this.pointer.clientY)
      : this.frame.getBoundingClientRect();
    this.events.onCell(this.cell, by, near);
  }

  private listen(): void {
    const { plot, grid } = this;
    // A finger covers what it touches and has no place to rest: it taps, and the words stand above the cell.
    const byMouse = (event: PointerEvent) => event.pointerType !== 'touch';
    plot.addEventListener('pointermove', (event) => {
      if (byMouse(event)) this.set(grid.cellUnder(event), 'pointer', event);
    });
    plot.addEventListener('pointerleave', (event) => {
      if (byMouse(event)) this.leave();
    });
    document.addEventListener('pointerdown', ({ target }) => {
      if (!plot.contains(target as Node)) this.leave();
    });
    plot.addEventListener('blur', () => this.set(null, 'keyboard'));
    plot.addEventListener('click', (event) => {
      const cell = grid.cellUnder(event);
      this.set(cell, 'pointer', byMouse(event as PointerEvent) ? event : undefined);
      if (cell) this.events.onChoose(cell);
    });
    plot.addEventListener('keydown', (event) => this.onKey(event));
  }

  private onKey(event: KeyboardEvent): void {
    const { grid } = this;
    if (grid.segmentCount() === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && this.cell) this.events.onChoose(this.cell);
    else if (event.key === 'Escape') {
      this.set(null, 'keyboard');
      this.events.onMark(null);
    } else if (!event.shiftKey || event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const next = this.step(event.key);
      if (!next) return;
      this.anchor = event.shiftKey ? (this.anchor ?? this.cell ?? next) : null;
      this.set(next, 'keyboard');
      if (this.anchor) this.events.onMark([this.anchor.segment, next.segment]);
    } else return;
    event.preventDefault();
  }

  /** Where a key leads from the present cell; the first key leads to the first cell. */
  private step(key: string): Cell | undefined {
    const order = this.grid.order();
    const lastSegment = this.grid.segmentCount() - 1;
    const steps: Record<string, [rows: number, segments: number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      PageUp: [-10, 0],
      PageDown: [10, 0],
      Home: [0, -lastSegment],
      End: [0, lastSegment],
    };
    const move = steps[key];
    if (!move || order.length === 0) return undefined;
    const from = this.cell ?? this.start;
    const place = from ? order.indexOf(from.tag) : -1;
    if (!from || place < 0) return { tag: order[0]!, segment: 0 };
    const row = Math.min(order.length - 1, Math.max(0, place + move[0]));
    const segment = Math.min(lastSegment, Math.max(0, from.segment + move[1]));
    return { tag: order[row]!, segment };
  }
}
