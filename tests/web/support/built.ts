/** The things under test that other builds make. A missing one fails the test: it is never skipped. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export function inRepository(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

function required(path: string, maker: string): string {
  const full = inRepository(path);
  if (!existsSync(full)) throw new Error(`${path} is missing: run ${maker} first`);
  return full;
}

export function compiledEngine(path = 'build/wasm/taggram.wasm'): Promise<WebAssembly.Module> {
  return WebAssembly.compile(readFileSync(required(path, 'build-scripts/build')));
}

/** The engine for browsers without SIMD. */
export const plainEngine = () => compiledEngine('build/wasm-plain/taggram-plain.wasm');

export function modelBytes(name = 'MTT_musicnn'): Uint8Array {
  return new Uint8Array(readFileSync(required(`models/${name}.gguf`, 'the converter in models/')));
}

/** A Python that can make model files. */
export const pythonWithModels = () => required('.venv/bin/python', 'build-scripts/setup --tests');
export const nativeProgram = () => required('build/native/taggram', 'build-scripts/build');
export const examplePath = () => required('web/public/example/naev-introduction.mp3', 'git checkout');
export const builtLibrary = () => required('dist/library/taggram.js', 'npm run build');
export const builtPage = () => required('dist/index.html', 'npm run build');
