/** The C core's module: its memory, and what loads models into it. */
import { TaggramError, type ErrorCode } from '../errors.ts';
import { Model } from './model.ts';
import { instantiateCore, type CoreExports } from './wasm.ts';

/** TG_MESSAGE_SIZE of src/taggram.h. */
const MESSAGE_SIZE = 256;

/** In bytes. */
export const POINTER_SIZE = 4;
export const INT_SIZE = 4;
export const FLOAT_SIZE = 4;
export const DOUBLE_SIZE = 8;

const ERROR_CODES: Record<number, ErrorCode> = {
  [-1]: 'bad-option',
  [-2]: 'engine',
  [-3]: 'bad-model',
  [-4]: 'bad-model',
  [-5]: 'too-short',
  [-6]: 'engine',
  [-7]: 'bad-option',
};

export class Core {
  private constructor(readonly exports: CoreExports) {}

  static async instantiate(module: WebAssembly.Module): Promise<Core> {
    return new Core(await instantiateCore(module));
  }

  get version(): string {
    return this.text(this.exports.tg_version());
  }

  /** With the tags of one list alone, if its name is given. */
  loadModel(bytes: Uint8Array, list?: string): Model {
    const model = this.readModel(bytes);
    if (list !== undefined) {
      const code = this.withText(list, (text) => this.exports.tg_model_choose_list(model, text));
      if (code < 0) {
        this.exports.tg_model_free(model);
        throw new TaggramError('bad-option', `The model has no list of tags named ${list}.`);
      }
    }
    return new Model(this, model);
  }

  private readModel(bytes: Uint8Array): number {
    const source = this.allocate(bytes.length);
    this.bytes(source, bytes.length).set(bytes);
    try {
      return this.create((made, why) => this.exports.tg_model_load(made, source, bytes.length, why));
    } finally {
      this.exports.free(source);
    }
  }

  /** Runs a C constructor: `make(&object, why)`. Returns the object, or throws what it wrote into `why`. */
  create(make: (made: number, why: number) => number): number {
    const why = this.allocate(MESSAGE_SIZE + POINTER_SIZE);
    const made = why + MESSAGE_SIZE;
    try {
      this.bytes(why, 1)[0] = 0;
      const code = make(made, why);
      if (code < 0) throw this.error(code, this.text(why));
      return this.view().getUint32(made, true);
    } finally {
      this.exports.free(why);
    }
  }

  error(code: number, why = ''): TaggramError {
    return new TaggramError(ERROR_CODES[code] ?? 'engine', why || this.text(this.exports.tg_strerror(code)));
  }

  allocate(size: number): number {
    const pointer = this.exports.malloc(Math.max(1, size));
    if (pointer === 0)
      throw new TaggramError('engine', `The tagging engine could not get ${size} bytes of memory.`);
    return pointer;
  }

  // Growing memory detaches old views, so each use makes its own.
  view(): DataView {
    return new DataView(this.exports.memory.buffer);
  }

  bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, pointer, length);
  }

  floats(pointer: number, length: number): Float32Array {
    return new Float32Array(this.exports.memory.buffer, pointer, length);
  }

  doubles(pointer: number, length: number): Float64Array {
    return new Float64Array(this.exports.memory.buffer, pointer, length);
  }

  text(pointer: number): string {
    const rest = new Uint8Array(this.exports.memory.buffer, pointer);
    return new TextDecoder().decode(rest.subarray(0, rest.indexOf(0)));
  }

  /** Copies text into the module as a C string, for the time of one call. */
  withText<T>(text: string, use: (pointer: number) => T): T {
    const bytes = new TextEncoder().encode(`${text}\0`);
    const pointer = this.allocate(bytes.length);
    this.bytes(pointer, bytes.length).set(bytes);
    try {
      return use(pointer);
    } finally {
      this.exports.free(pointer);
    }
  }
}
