/** TensorFlow.js with its WebAssembly backend: SIMD, and one thread, since the page is not cross-origin isolated. */
import { address, fetchBytes } from './contender.ts';
import { Peer, type Score } from './peer.ts';

/** As far as it is used here: the packages are installed for the benchmark alone, and set globals. */
interface Runtime {
  wasm: { setWasmPaths(folder: string): void };
  setBackend(name: string): Promise<boolean>;
  getBackend(): string;
  tidy<T>(work: () => T): T;
  tensor(data: Float32Array, shape: number[]): Tensor;
  tensor1d(data: number[], type: 'int32'): Tensor;
  fused: { conv2d(options: object): Tensor; matMul(options: object): Tensor };
  maxPool(x: Tensor, size: number[], stride: number[], pad: 'valid'): Tensor;
  transpose(x: Tensor, order: number[]): Tensor;
  mean(x: Tensor, axis: number, keepDims: boolean): Tensor;
  concat(parts: Tensor[], axis: number): Tensor;
  gather(x: Tensor, indices: Tensor, axis: number): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
  mul(a: Tensor, b: Tensor): Tensor;
  reshape(x: Tensor, shape: number[]): Tensor;
}

interface Tensor {
  shape: number[];
  dataSync(): Float32Array;
}

/** As peers/tfjs_form.py writes it. */
interface Step {
  op: string;
  inputs: string[];
  output: string;
  pads: [number[], number[]];
  size: number[];
  stride: number[];
  axis: 'time' | 'mel';
  channels: number[];
  activation: string;
  tensors: Record<string, { shape: number[]; at: number }>;
}

/** Computes a step's value from those before it; tensors and indices were made when the graph was loaded. */
type Operation = (tf: Runtime, step: Step, inputs: Tensor[], tensors: Record<string, Tensor>) => Tensor;

const PACKAGES = 'build/bench/node_modules/@tensorflow/';
const AXES = { time: 1, mel: 2 };
const CHANNELS = 3;

const OPERATIONS: Record<string, Operation> = {
  convolve: (tf, { pads, stride }, [x], { kernel, bias }) =>
    tf.fused.conv2d({
      x,
      filter: kernel,
      strides: stride,
      pad: [[0, 0], ...pads, [0, 0]],
      bias,
      activation: 'relu',
    }),
  normalise: (tf, _, [x], { scale, shift }) => tf.add(tf.mul(x!, scale!), shift!), // faster than its batchNorm
  pool: (tf, { size, stride }, [x]) => tf.maxPool(x!, size, stride, 'valid'),
  max: (tf, { axis }, [x]) => {
    const size = [1, 1];
    size[AXES[axis] - 1] = x!.shape[AXES[axis]]!;
    return tf.maxPool(x!, size, size, 'valid'); // faster than its max
  },
  turn: (tf, _, [x]) => tf.transpose(x!, [0, 2, 1, 3]),
  mean: (tf, { axis }, [x]) => tf.mean(x!, AXES[axis], true),
  concatenate: (tf, _, inputs) => tf.concat(inputs, CHANNELS),
  constant: (_tf, _step, _inputs, { values }) => values!,
  pick: (tf, _, [x], { channels }) => tf.gather(x!, channels!, CHANNELS),
  sum: (tf, _, [a, b]) => tf.add(a!, b!),
  dense: (tf, { activation }, [x], { kernel, bias }) =>
    tf.fused.matMul({ a: tf.reshape(x!, [1, -1]), b: kernel, bias, activation }),
};

export class Tensorflow extends Peer {
  private runtime: Runtime | undefined;

  protected async load(graph: string, shape: [number, number]): Promise<Score> {
    const tf = (this.runtime ??= await loadRuntime());
    const path = `build/bench/graphs/${graph}`;
    const steps: Step[] = JSON.parse(new TextDecoder().decode(await fetchBytes(`${path}.json`)));
    const weights = new Float32Array((await fetchBytes(`${path}.bin`)).buffer as ArrayBuffer);
    const prepared = steps.map((step) => tensorsOf(tf, step, weights));
    return async (values) =>
      tf.tidy(() => compute(tf, steps, prepared, tf.tensor(values, [1, ...shape, 1])).dataSync());
  }
}

async function loadRuntime(): Promise<Runtime> {
  await loadScript(`${PACKAGES}tfjs-core/dist/tf-core.min.js`);
  await loadScript(`${PACKAGES}tfjs-backend-wasm/dist/tf-backend-wasm.min.js`);
  const { tf } = globalThis as unknown as { tf: Runtime };
  tf.wasm.setWasmPaths(address(`${PACKAGES}tfjs-backend-wasm/dist/`));
  if (!(await tf.setBackend('wasm')) || tf.getBackend() !== 'wasm')
    throw new Error('TensorFlow.js has not taken its WebAssembly backend.');
  return tf;
}

async function loadScript(path: string): Promise<void> {
  const script = document.createElement('script');
  script.src = address(path);
  await new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${path} did not load.`));
    document.head.append(script);
  });
}

function tensorsOf(tf: Runtime, step: Step, weights: Float32Array): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const [name, { shape, at }] of Object.entries(step.tensors)) {
    const size = shape.reduce((product, side) => product * side, 1);
    tensors[name] = tf.tensor(weights.slice(at, at + size), placed(step, name, shape));
  }
  if (step.op === 'pick') tensors['channels'] = tf.tensor1d(step.channels, 'int32');
  return tensors;
}

/** A dense kernel is a matrix over all places and channels; a constant is a batch of one. */
function placed({ op }: Step, name: string, shape: number[]): number[] {
  if (op === 'dense' && name === 'kernel') return [shape[0]! * shape[1]!, shape[2]!];
  return op === 'constant' ? [1, ...shape] : shape;
}

function compute(tf: Runtime, steps: Step[], prepared: Record<string, Tensor>[], segment: Tensor): Tensor {
  const values = new Map([['segment', segment]]);
  let last: Tensor | undefined;
  steps.forEach((step, i) => {
    const inputs = step.inputs.map((name) => values.get(name)!);
    last = OPERATIONS[step.op]!(tf, step, inputs, prepared[i]!);
    values.set(step.output, last);
  });
  return last!;
}
