/** A copy of all of these numbers, end to end, in an array of this kind. */
export function endToEnd<All extends Uint8Array | Float32Array | Float64Array>(
  Kind: new (length: number) => All,
  parts: readonly ArrayLike<number>[],
): All {
  const all = new Kind(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
