/** Mean tags of a stretch of time. Pure. */
import type { Scores } from './raster.ts';
import { cellSpan, nearestSegment, type Span } from './timeline.ts';

/** The mean of each tag over the segments in a stretch, without the silent ones, and how many they are. */
export function meansOver(scores: Scores, { from, to }: Span): { means: Float32Array; counted: number } {
  const { segments, rows, tagCount, hop } = scores;
  const means = new Float32Array(tagCount);
  let counted = 0;
  if (segments.length === 0) return { means, counted };
  const last = nearestSegment(segments, to, hop);
  for (let index = nearestSegment(segments, from, hop); index <= last; index++) {
    const cell = cellSpan(segments, index, hop);
    const middle = (cell.from + cell.to) / 2;
    if (segments[index]!.silent || middle < from || middle > to) continue;
    counted++;
    for (let tag = 0; tag < tagCount; tag++) means[tag]! += rows[index]![tag]!;
  }
  return { means: means.map((sum) => (counted > 0 ? sum / counted : 0)), counted };
}
