/**
 * Loads the C core: a bare .wasm file without Emscripten's JavaScript.
 * Types here mirror src/taggram.h; pointers are byte offsets into the module's memory.
 */
import { TaggramError } from '../errors.ts';

type Pointer = number;

export interface CoreExports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  malloc(size: number): Pointer;
  free(pointer: Pointer): void;

  tg_strerror(code: number): Pointer;
  tg_version(): Pointer;

  tg_model_load(model: Pointer, bytes: Pointer, size: number, why: Pointer): number;
  tg_model_free(model: Pointer): void;
  tg_model_name(model: Pointer): Pointer;
  tg_model_architecture(model: Pointer): Pointer;
  tg_model_tag_count(model: Pointer): number;
  tg_model_tag(model: Pointer, tag: number): Pointer;
  tg_model_segment_frames(model: Pointer): number;
  tg_model_any_length(model: Pointer): number;
  tg_model_least_frames(model: Pointer): number;
  tg_model_frame_width(model: Pointer): number;
  tg_model_list_count(model: Pointer): number;
  tg_model_list(model: Pointer, list: number): Pointer;
  tg_model_choose_list(model: Pointer, list: Pointer): number;
  tg_model_feature_name(model: Pointer, index: number): Pointer;
  tg_model_fact(model: Pointer, index: number, key: Pointer, value: Pointer): number;

  tg_tagger_create(tagger: Pointer, model: Pointer, options: Pointer, why: Pointer): number;
  tg_tagger_free(tagger: Pointer): void;
  tg_tagger_push(tagger: Pointer, planes: Pointer, frames: number): number;
  tg_tagger_finish(tagger: Pointer): number;
  tg_tagger_pull(tagger: Pointer, segment: Pointer, scores: Pointer): number;
  tg_tagger_means(tagger: Pointer, means: Pointer): number;
  /** A struct is returned through a hidden first argument. */
  tg_tagger_heard(heard: Pointer, tagger: Pointer): void;
  tg_tagger_feature(tagger: Pointer, name: Pointer, feature: Pointer): number;

  tg_frames_create(frames: Pointer, model: Pointer, options: Pointer, why: Pointer): number;
  tg_frames_free(frames: Pointer): void;
  tg_frames_push(frames: Pointer, planes: Pointer, count: number): number;
  tg_frames_finish(frames: Pointer): number;
  tg_frames_pull(frames: Pointer, rows: Pointer, loudness: Pointer, room: number): number;
  tg_frames_heard(heard: Pointer, frames: Pointer): void;
  tg_tagger_push_frames(tagger: Pointer, rows: Pointer, loudness: Pointer, count: number): number;
}

type HostFunction = (...numbers: number[]) => number | void;

/** WASI's answer for "this system has no such call". */
const ENOSYS = 52;
const noFiles: HostFunction = () => ENOSYS;

/** Everything a module of ours may ask of its host; a module that wants more is not ours. */
const HOST: Record<string, Record<string, HostFunction>> = {
  env: {
    // Views of the memory are made anew for each use, so nothing has to follow its growth.
    emscripten_notify_memory_growth: () => {},
  },
  wasi_snapshot_preview1: {
    // C's text formatting is linked with the file functions, though the core never opens or prints anything.
    fd_write: noFiles,
    fd_seek: noFiles,
    fd_close: noFiles,
    proc_exit: (code) => {
      throw new Error(`The tagging engine stopped with code ${code}.`); // no answer, but a breakdown
    },
  },
};

export async function instantiateCore(module: WebAssembly.Module): Promise<CoreExports> {
  const imports: WebAssembly.Imports = {};
  for (const { module: space, name, kind } of WebAssembly.Module.imports(module)) {
    const provided = HOST[space]?.[name];
    if (kind !== 'function' || !provided)
      throw new TaggramError(
        'load',
        `The tagging engine asks for ${space}.${name}, which this page does not provide.`,
      );
    (imports[space] ??= {})[name] = provided;
  }
  const instance = await WebAssembly.instantiate(module, imports);
  const exports = instance.exports as unknown as CoreExports;
  exports._initialize();
  return exports;
}
