/** onnxruntime-web: WebAssembly with SIMD, one thread. */
import { address } from './contender.ts';
import { Peer, type Score } from './peer.ts';

/** As far as it is used here: the package is installed for the benchmark alone. */
interface Runtime {
  env: { wasm: { numThreads: number; wasmPaths: string } };
  Tensor: new (type: 'float32', data: Float32Array, dims: number[]) => object;
  InferenceSession: {
    create(url: string, options: object): Promise<Session>;
  };
}

interface Session {
  run(feeds: Record<string, object>): Promise<Record<string, { data: Float32Array }>>;
}

const PACKAGE = 'build/bench/node_modules/onnxruntime-web/dist/';

export class Onnx extends Peer {
  private runtime: Runtime | undefined;

  protected async load(graph: string, shape: [number, number]): Promise<Score> {
    const runtime = (this.runtime ??= await loadRuntime());
    const session = await runtime.InferenceSession.create(address(`build/bench/graphs/${graph}.onnx`), {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
    });
    return async (values) => {
      const segment = new runtime.Tensor('float32', values, [1, 1, ...shape]);
      return (await session.run({ segment }))['scores']!.data;
    };
  }
}

async function loadRuntime(): Promise<Runtime> {
  const runtime: Runtime = await import(/* @vite-ignore */ address(`${PACKAGE}ort.wasm.min.mjs`));
  runtime.env.wasm.numThreads = 1;
  runtime.env.wasm.wasmPaths = address(PACKAGE);
  return runtime;
}
