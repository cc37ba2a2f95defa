/** Reads NumPy's .npy files of little-endian float32 or int16 in C order. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Npy {
  shape: number[];
  values: Float32Array | Int16Array;
}

const TYPES = { '<f4': Float32Array, '<i2': Int16Array };

export function readNpy(path: string): Npy {
  const bytes = readFileSync(path);
  if (bytes.toString('latin1', 0, 6) !== '\x93NUMPY') throw new Error(`${path} is not a .npy file`);
  const wide = bytes[6]! >= 2; // version 1 has a 16-bit header length, later ones 32 bits
  const start = wide ? 12 : 10;
  const length = wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', start, start + length);
  const type = /'descr': '([^']+)'/.exec(header)?.[1] as keyof typeof TYPES;
  const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1]?.match(/\d+/g)?.map(Number);
  if (!(type in TYPES) || !shape || header.includes("'fortran_order': True"))
    throw new Error(`${path} has an unexpected header: ${header.trim()}`);
  const data = new Uint8Array(bytes.subarray(start + length)).buffer; // a copy, so that it is aligned
  return { shape, values: new TYPES[type](data) };
}

export function golden(name: string): Npy {
  return readNpy(fileURLToPath(new URL(`../../goldens/${name}`, import.meta.url)));
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values against ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = difference; // NaN too
  }
  return largest;
}
