/** The clips that come with the page. */
import { say } from './language.ts';
import { TaggramError } from '../taggram.ts';

const ADDRESS = 'example/';
export const EXAMPLE_NAME = 'naev-introduction.mp3';

export async function fetchExample(name = EXAMPLE_NAME): Promise<File> {
  const response = await fetch(ADDRESS + name).catch(() => undefined);
  const bytes = response?.ok && (await response.blob().catch(() => undefined));
  if (!bytes)
    throw new TaggramError(
      'load',
      say`The example could not be loaded. Check your connection, or choose a song of your own.`,
    );
  return new File([bytes], name, { type: 'audio/mpeg' });
}
