/** Whether SIMD instructions are there: a module that has one of them is valid only then. */
export function hasSimd(): boolean {
  return WebAssembly.validate(MODULE);
}

/** (module (func (result v128) i32.const 0 i8x16.splat)) */
const MODULE = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic number, version
  ...[1, 5, 1, 0x60, 0, 1, 0x7b], // types: one, without arguments, to v128
  ...[3, 2, 1, 0], // functions: one, of that type
  ...[10, 8, 1, 6, 0, 0x41, 0, 0xfd, 15, 11], // code: i32.const 0, i8x16.splat, end
]);
