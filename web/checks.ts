/** What callers give, checked before any work begins. */
import { TaggramError } from './errors.ts';

export function refusal(sentence: string): TaggramError {
  return new TaggramError('bad-option', sentence);
}

export function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null)
    throw refusal(`The options are ${String(options)}; give an object, or leave them out.`);
}

export function checkWorkers(count: number): void {
  if (!isWhole(count) || count < 0)
    throw refusal(`The number of workers is ${String(count)}; choose a whole number, 0 or more.`);
  if (count > 0 && typeof Worker === 'undefined')
    throw refusal('There are no workers here; with workers: 0 the calling thread does the tagging.');
}

/** A text, too, would pass for a number in arithmetic. */
export function checkSeconds(what: string, seconds: unknown): void {
  if (typeof seconds !== 'number')
    throw refusal(`The ${what} is of type ${typeof seconds}; give seconds, as a number.`);
}

export function checkTop(top: number): void {
  if (!isWhole(top) || top < 0)
    throw refusal(`The number of top tags is ${String(top)}; choose a whole number, 0 or more.`);
}

export function checkKeepTail(keepTail: boolean): void {
  if (typeof keepTail !== 'boolean')
    throw refusal(`The option keepTail is ${String(keepTail)}; choose true or false.`);
}

export function checkFeatures(
  features: readonly string[],
  model: { name: string; features: readonly string[] },
): void {
  if (!Array.isArray(features))
    throw refusal(`The features are ${String(features)}; give a list of names, such as ['penultimate'].`);
  const unknown = features.find((feature) => !model.features.includes(feature));
  if (unknown !== undefined)
    throw refusal(`${model.name} has no feature named ${unknown}; it has ${model.features.join(', ')}.`);
}

/** The engine, which knows the ranges, would cut off fractions, and takes a rate of 0 for frames instead of PCM. */
export function checkFormat(format: { sampleRate: number; channels: number }): void {
  const { sampleRate, channels } = Object(format);
  if (!isWhole(sampleRate) || sampleRate === 0)
    throw refusal(`The sample rate is ${String(sampleRate)}; it must be a whole number of Hz, above 0.`);
  if (!isWhole(channels))
    throw refusal(`The number of channels is ${String(channels)}; it must be a whole number.`);
}

export function checkPlanes(planes: readonly Float32Array[], channels?: number): void {
  if (!Array.isArray(planes) || !planes.every(isFloat32Array))
    throw refusal('The planes must be Float32Arrays, one a channel, of full scale -1 .. 1.');
  if (channels !== undefined && planes.length !== channels)
    throw refusal(
      `The stream has ${channels} channels, but ${planes.length} planes came; give one a channel.`,
    );
  if (planes.some(({ length }) => length !== planes[0]!.length))
    throw refusal(
      `The planes have ${planes.map(({ length }) => length).join(', ')} samples; all must have the same number.`,
    );
}

export function checkFile(file: Blob): void {
  if (!(file instanceof Blob)) throw refusal('What was given to be decoded is not a File or Blob.');
  if (typeof Worker === 'undefined')
    throw refusal('Files are decoded in browsers only; here, give decoded audio: { sampleRate, planes }.');
}

/** An int32, as the engine counts. */
function isWhole(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value;
}

/** Also one of another window. */
function isFloat32Array(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Float32Array]';
}
