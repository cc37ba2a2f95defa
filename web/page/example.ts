/** The clip that comes with the page. */
import { TaggramError } from '../taggram.ts';

const ADDRESS = 'example/';
export const EXAMPLE_NAME = 'naev-introduction.mp3';

export async function fetchExample(): Promise<File> {
  const response = await fetch(ADDRESS + EXAMPLE_NAME).catch(() => undefined);
  const bytes = response?.ok && (await response.blob().catch(() => undefined));
  if (!bytes)
    throw new TaggramError(
      'load',
      'The example could not be loaded. Check your connection, or choose a song of your own.',
    );
  return new File([bytes], EXAMPLE_NAME, { type: 'audio/mpeg' });
}
