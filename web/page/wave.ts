/** Paints the sound itself, on the time axis of its taggram. */
import type { Peaks } from './peaks.ts';
import type { Window } from './raster.ts';

export function paintWave(
  canvas: HTMLCanvasElement,
  peaks: Peaks | undefined,
  window: Window,
  ratio: number,
  colour: string,
): void {
  canvas.width = window.width;
  canvas.height = Math.round(canvas.clientHeight * ratio);
  if (!peaks) return;
  const context = canvas.getContext('2d')!;
  context.fillStyle = colour;
  const middle = canvas.height / 2;
  const { low, high } = peaks.columns(window);
  for (let x = 0; x < window.width; x++) {
    if (Number.isNaN(low[x])) continue;
    const top = Math.round(middle * (1 - high[x]!));
    const bottom = Math.round(middle * (1 - low[x]!));
    context.fillRect(x, top, 1, Math.max(Math.round(ratio), bottom - top)); // silence is a line
  }
}
