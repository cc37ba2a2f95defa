/** Reads what a file's header says of its audio, without decoding it. Runs in workers. */
import { BlobSource, FLAC, Input, MP3, OGG, WAVE } from 'mediabunny';
import type { InputAudioTrack, InputFormat } from 'mediabunny';
import { TaggramError } from '../errors.ts';
import { UNKNOWN, type AudioFacts } from './facts.ts';
import { assertUnprotected, assertUnprotectedIndex, kindWithin } from './kinds.ts';
import { assertReadable } from './readable.ts';
import { declaredLength, isMp4, lacksIndex } from './truncation.ts';

/** The readers of these are small, and most music is of these kinds. */
export const COMMON_FORMATS = [MP3, WAVE, FLAC, OGG];

/** Facts of the first audio track; undefined when the file is of none of these formats. */
export async function readHeader(
  file: Blob,
  name: string,
  formats: InputFormat[],
): Promise<AudioFacts | undefined> {
  if (file.size === 0)
    throw new TaggramError('empty', `${name} is empty: it holds no bytes. Choose another file.`);
  await assertReadable(file, name);
  const input = new Input({ source: new BlobSource(file), formats });
  try {
    return await readFacts(input, file, name);
  } finally {
    input.dispose();
  }
}

async function readFacts(input: Input, file: Blob, name: string): Promise<AudioFacts | undefined> {
  let container = UNKNOWN.container;
  let track: InputAudioTrack | null;
  let codecId: unknown;
  try {
    if (!(await input.canRead())) return undefined;
    container = (await input.getFormat()).name;
    track = await input.getPrimaryAudioTrack();
    codecId = (await track?.getInternalCodecId()) ?? null;
  } catch {
    if (container === UNKNOWN.container) return undefined;
    if (isMp4(container)) await assertUnprotectedIndex(file, name);
    return (await kindWithin(container, file)) ?? { ...UNKNOWN, container }; // the browser's own decoder has the last word
  }
  const kind = track ? undefined : await kindWithin(container, file);
  if (kind) return kind;
  if (!track && (await lacksIndex(container, file)))
    throw new TaggramError(
      'not-audio',
      `${name} breaks off before its index, without which ${container} can't be read. Get the whole file.`,
    );
  if (!track)
    throw new TaggramError(
      'not-audio',
      `${name} has no sound: there is no audio track in its ${container}. Choose another file.`,
    );
  assertUnprotected(codecId, name);
  // Where there is a picture too, the length may be the picture's.
  const tellsLength = (await input.getTracks()).every((other) => other.isAudioTrack());
  const metadataSeconds = async () => (tellsLength ? track.getDurationFromMetadata() : null);
  const { seconds, cut } = await declaredLength(container, file, metadataSeconds);
  return {
    container,
    codec: (await track.getCodec()) ?? (typeof codecId === 'string' ? codecId : 'unknown'),
    sampleRate: await track.getSampleRate(),
    channels: await track.getNumberOfChannels(),
    declaredSeconds: seconds,
    cut,
  };
}
