/** The pattern behind the first words: a made-up taggram, only there to be looked at. */
import { find, prefersDark, theme } from './dom.ts';
import { colourOf, css, scoreScale } from './palette.ts';

const CELL = { width: 34, height: 17, gap: 2 };

export function drawWelcome(): void {
  const canvas = find<HTMLCanvasElement>('#welcome-pattern');
  const draw = () => paint(canvas);
  new ResizeObserver(draw).observe(canvas);
  prefersDark.addEventListener('change', draw);
}

function paint(canvas: HTMLCanvasElement): void {
  const { clientWidth, clientHeight } = canvas;
  if (clientWidth === 0) return;
  canvas.width = Math.round(clientWidth * devicePixelRatio);
  canvas.height = Math.round(clientHeight * devicePixelRatio);
  const context = canvas.getContext('2d')!;
  context.scale(devicePixelRatio, devicePixelRatio);
  const scale = scoreScale(theme());
  const rows = Math.ceil(clientHeight / CELL.height);
  const columns = Math.ceil(clientWidth / CELL.width);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      context.fillStyle = css(colourOf(scale, strength(row / rows, column)));
      const { width, height, gap } = CELL;
      context.fillRect(column * width, row * height, width - gap, height - gap);
    }
}

/** Strong at the top, fading downwards as a sorted taggram does; slow waves along the time axis. */
function strength(depth: number, column: number): number {
  const level = 0.95 * (1 - depth) ** 2.2;
  const seed = Math.floor(depth * 1000);
  const wave =
    Math.sin(column * 0.55 + seed) +
    Math.sin(column * 0.21 + seed * 1.7) +
    Math.sin(column * 1.3 + seed * 0.3);
  return Math.min(1, Math.max(0.01, level * (0.75 + 0.22 * wave)));
}
