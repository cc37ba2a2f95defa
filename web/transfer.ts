/** What is handed over with these arrays. They may share a buffer, which can be handed over only once. */
export function buffersOf(arrays: readonly (Float32Array | Float64Array)[]): ArrayBuffer[] {
  return [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))];
}
