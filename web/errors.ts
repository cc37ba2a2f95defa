/** What went wrong, for code; the message says it for people: what, where, and what to do. */
export type ErrorCode =
  | 'empty' // a file of no bytes, or audio of no samples
  | 'unreadable' // the browser could not read the file's bytes
  | 'not-audio' // no audio in it that this browser can decode
  | 'too-short' // less audio than can be tagged
  | 'bad-option' // an argument out of its range, or a call out of turn
  | 'bad-model' // not a model file, a damaged one, or one this version can't run
  | 'load' // the program or a model could not be fetched
  | 'engine'; // the engine itself failed (a bug, or no memory), or its tagger was disposed of

export class TaggramError extends Error {
  override readonly name = 'TaggramError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function unloadable(what: string): TaggramError {
  return new TaggramError('load', `${what} could not be loaded. Check the connection and try again.`);
}
