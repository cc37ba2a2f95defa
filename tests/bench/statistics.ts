/** What is told of repeated measurements. */

export interface Summary {
  median: number;
  /** Quartiles. */
  low: number;
  high: number;
  least: number;
  count: number;
}

export function summarise(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    least: sorted[0]!,
    count: sorted.length,
  };
}

/** Between two values, in proportion. */
function quantile(sorted: readonly number[], part: number): number {
  const place = part * (sorted.length - 1);
  const before = Math.floor(place);
  const after = Math.min(before + 1, sorted.length - 1);
  return sorted[before]! + (place - before) * (sorted[after]! - sorted[before]!);
}
