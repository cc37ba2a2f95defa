/** Reads what a file's header says of its audio, without decoding it. Runs in workers. */
import { BlobSource, FLAC, Input, MP3, OGG, WAVE } from 'mediabunny';
import type { InputAudioTrack, InputFormat } from 'mediabunny';
import { TaggramError } from '../errors.ts';
import { UNKNOWN, type AudioFacts } from './facts.ts';
import { declaredLength, lacksIndex } from './truncation.ts';

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
  let container: string;
  let track: InputAudioTrack | null;
  try {
    if (!(await input.canRead())) return undefined;
    container = (await input.getFormat()).name;
    track = await input.getPrimaryAudioTrack();
  } catch {
    return UNKNOWN; // damaged: the browser's own decoder has the last word
  }
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
  // Where there is a picture too, the length may be the picture's.
  const tellsLength = (await input.getTracks()).every((other) => other.isAudioTrack());
  const metadataSeconds = async () => (tellsLength ? track.getDurationFromMetadata() : null);
  const { seconds, cut } = await declaredLength(container, file, metadataSeconds);
  return {
    container,
    codec: (await track.getCodec()) ?? 'unknown',
    sampleRate: await track.getSampleRate(),
    channels: await track.getNumberOfChannels(),
    declaredSeconds: seconds,
    cut,
  };
}

/** A folder looks like a file until it is read; so does a file that was deleted meanwhile. */
async function assertReadable(file: Blob, name: string): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new TaggramError(
      'unreadable',
      `${name} could not be read: it is a folder, or it was moved or deleted.`,
    );
  }
}
