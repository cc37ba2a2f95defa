/** What the page says when something is not as a person wished. */
import { say, translated } from './language.ts';
import { isOutdated } from '../pwa/outdated.ts';
import { TaggramError, type ErrorCode } from '../taggram.ts';
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

export function noRoomForSongs(count: number): string {
  return say`${count} songs could not be kept for the next visit: this browser lets pages keep no more. Forget songs of the list to make room.`;
}

export function arrivedDamaged(model: string): string {
  return say`The model ${model} arrived damaged, twice. Try again later, or choose another model.`;
}

/** The program, a part of it or a model could not be had. */
export function isUnloaded(error: unknown): boolean {
  return error instanceof TaggramError && error.code === 'load';
}

const OURS: readonly ErrorCode[] = ['load', 'bad-model', 'engine'];

/** Something of ours could not be loaded, or has failed: no file is to blame. */
export function isOurs(error: unknown): boolean {
  return error instanceof TaggramError && OURS.includes(error.code);
}

export function sentence(error: unknown): string {
  if (isUnloaded(error) && isOutdated())
    return say`This window has an older version of Taggram, and a part of it is gone. Load this page again.`;
  if (error instanceof TaggramError && error.code !== 'engine') return translated(error.message);
  console.error(error);
  if (isOurs(error))
    return say`The tagging engine broke down, or had no memory left. Try again; closing other pages may help.`;
  return say`Something in Taggram itself failed. Reload the page; if it happens again, please report it.`;
}
