/** What the page says when something is not as a person wished. */
import { say, translated } from './language.ts';
import { TaggramError } from '../taggram.ts';
import { brief } from './format.ts';

export function noAudioIn(folders: readonly string[]): string {
  return say`There is no audio in ${brief(folders)}. Drop songs, or a folder that has some.`;
}

/** Of a song from an earlier visit, of which only the answers are kept. */
export function soundIsGone(name: string): string {
  return say`Only what was heard in ${name} is kept, not its sound. Drop the file again to tag it otherwise.`;
}

export function noRoomFor(name: string): string {
  return say`There is no room to keep ${name} for the next visit: this browser lets pages keep no more. Forget songs of the list to make room.`;
}

/** Something of ours could not be loaded: no file is to blame. */
export function isOurs(error: unknown): boolean {
  return error instanceof TaggramError && error.code === 'load';
}

export function sentence(error: unknown): string {
  if (error instanceof TaggramError) return translated(error.message);
  console.error(error);
  return say`Something in Taggram itself failed. Reload the page; if it happens again, please report it.`;
}
