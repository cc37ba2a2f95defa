/** The synthetic inputs that the goldens were made from: 4 s of int16 at 16 kHz, by formula. */
const COUNT = 64000;

function fromPhase(numerator: (n: number) => number, denominator: number): Int16Array {
  return Int16Array.from({ length: COUNT }, (_, n) =>
    Math.floor(16384 * Math.sin(2 * Math.PI * (numerator(n) / denominator)) + 0.5),
  );
}

function noise(): Int16Array {
  let state = 1;
  return Int16Array.from({ length: COUNT }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >> 17;
  });
}

export const SIGNALS: Record<string, () => Int16Array> = {
  silence: () => new Int16Array(COUNT),
  sine440: () => fromPhase((n) => (440 * n) % 16000, 16000),
  // 20 to 7900 Hz; below 2^53, so the remainder is exact
  chirp: () => fromPhase((n) => (64000 * n + 197 * n * n) % 51200000, 51200000),
  noise,
};

export function asFloat(samples: Int16Array): Float32Array {
  return Float32Array.from(samples, (sample) => sample / 32768);
}
