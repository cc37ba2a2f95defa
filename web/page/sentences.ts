/** What the page says when something is not as a person wished. */
import { TaggramError } from '../taggram.ts';
import { brief } from './format.ts';

export function oneAtATime(song: string, others: readonly string[]): string {
  return `One song at a time: ${song} is tagged, ${brief(others)} ${others.length > 1 ? 'are' : 'is'} not.`;
}

export function ofFolders(folders: readonly string[]): string {
  const are =
    folders.length > 1 ? 'are folders. Drop one song from them' : 'is a folder. Drop one song from it';
  return `${brief(folders)} ${are} instead.`;
}

/** Something of ours could not be loaded: no file is to blame. */
export function isOurs(error: unknown): boolean {
  return error instanceof TaggramError && error.code === 'load';
}

export function sentence(error: unknown): string {
  if (error instanceof TaggramError) return error.message;
  console.error(error);
  return 'Something in Taggram itself failed. Reload the page; if it happens again, please report it.';
}
