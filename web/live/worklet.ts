/** On the audio thread: gathers what comes, 128 samples at a time, into blocks worth a message. Plays nothing. */

// What a worklet's scope has, as far as it is used here.
interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
}
declare abstract class AudioWorkletProcessor {
  readonly port: Port;
}
declare function registerProcessor(
  name: string,
  processor: new (options: { processorOptions: { blockLength: number } }) => AudioWorkletProcessor,
): void;

class Collector extends AudioWorkletProcessor {
  private readonly blockLength: number;
  private planes: Float32Array<ArrayBuffer>[] = [];
  private filled = 0;

  constructor({ processorOptions }: { processorOptions: { blockLength: number } }) {
    super();
    this.blockLength = processorOptions.blockLength;
  }

  process([input]: Float32Array[][]): boolean {
    const length = input?.[0]?.length ?? 0; // 0 while nothing is connected
    for (let from = 0; from < length;) {
      if (this.filled === 0) this.planes = input!.map(() => new Float32Array(this.blockLength));
      const to = Math.min(length, from + this.blockLength - this.filled);
      this.planes.forEach((plane, channel) => plane.set(input![channel]!.subarray(from, to), this.filled));
      this.filled += to - from;
      from = to;
      if (this.filled === this.blockLength) this.send();
    }
    return true;
  }

  private send(): void {
    this.port.postMessage(
      this.planes,
      this.planes.map(({ buffer }) => buffer),
    );
    this.filled = 0;
  }
}

registerProcessor('collector', Collector);
