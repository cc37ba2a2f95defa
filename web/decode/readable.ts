/** Whether a file's bytes can still be had. */
import { TaggramError } from '../errors.ts';

/** A folder looks like a file until it is read; so does a file that was deleted or changed meanwhile. */
export async function assertReadable(file: Blob, name: string): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new TaggramError(
      'unreadable',
      `${name} can't be read: it was deleted, moved or changed since it was chosen, or it is a folder. Choose it again.`,
    );
  }
}
