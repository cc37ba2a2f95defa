/** The page of one contender, which its address names: ?ours, ?clock, ?onnx or ?tensorflow. */
import type { Contender } from './contender.ts';
import { Onnx } from './onnx.ts';
import { Ours } from './ours.ts';
import { Tensorflow } from './tensorflow.ts';

const CONTENDERS: Record<string, () => Contender> = {
  ours: () => new Ours('build/wasm/taggram.wasm'),
  clock: () => new Ours('build/bench/wasm/taggram.wasm'),
  onnx: () => new Onnx(),
  tensorflow: () => new Tensorflow(),
};

declare global {
  var contender: Contender;
}

globalThis.contender = CONTENDERS[location.search.slice(1)]!();
