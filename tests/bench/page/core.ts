/** The bare WebAssembly core, with the functions that the benchmark needs; web/core has the page's own way to it. */

import type { CoreExports as Exports } from '../../../web/core/wasm.ts';

export interface CoreExports extends Exports {
  tg_default_options(options: number, model: number): void;
  /** Only in builds that count their time. */
  tg_clock_reset?(): void;
  tg_clock_name?(work: number): number;
  tg_clock_seconds?(work: number): number;
}

/** The one import that matters: the clock. Nothing else is called while tagging. */
function hostFunction(core: () => CoreExports, name: string): (...numbers: never[]) => number {
  if (name !== 'clock_time_get') return () => 0;
  return (_clock: number, _precision: bigint, at: number) => {
    const nanoseconds = BigInt(Math.round(performance.now() * 1e6));
    new DataView(core().memory.buffer).setBigUint64(at, nanoseconds, true);
    return 0;
  };
}

export async function instantiate(bytes: Uint8Array): Promise<Core> {
  const module = await WebAssembly.compile(bytes as BufferSource);
  const imports: WebAssembly.Imports = {};
  let core: CoreExports;
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    (imports[from] ??= {})[name] = hostFunction(() => core, name);
  core = (await WebAssembly.instantiate(module, imports)).exports as unknown as CoreExports;
  core._initialize();
  return new Core(core);
}

export class Core {
  constructor(readonly exports: CoreExports) {}

  /** Copies bytes into the module, for good. */
  place(bytes: Uint8Array): number {
    const at = this.exports.malloc(bytes.length);
    new Uint8Array(this.exports.memory.buffer).set(bytes, at);
    return at;
  }

  /** Runs a constructor: returns the object that it made. */
  create(make: (made: number) => number): number {
    const made = this.exports.malloc(4);
    const code = make(made);
    if (code !== 0) throw new Error(`The core refused with ${code}.`);
    return this.ints(made)[0]!;
  }

  ints(at: number): Int32Array {
    return new Int32Array(this.exports.memory.buffer, at);
  }

  floats(at: number, count: number): Float32Array {
    return new Float32Array(this.exports.memory.buffer, at, count);
  }

  text(at: number): string {
    const rest = new Uint8Array(this.exports.memory.buffer, at);
    return new TextDecoder().decode(rest.subarray(0, rest.indexOf(0)));
  }
}
