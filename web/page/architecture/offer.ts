/** Whoever asks how it works is shown the chosen model's network. */
import { say } from '../language.ts';
import { TaggramError } from '../../taggram.ts';
import { complain } from '../complaints.ts';

const NOT_LOADED = say`The figure could not be loaded. Try again when there is a connection.`;

export function offerArchitecture(chosen: () => string): void {
  for (const button of document.querySelectorAll('[data-action="architecture"]'))
    button.addEventListener('click', () => {
      import('./dialog.ts').then(
        ({ showArchitecture }) => showArchitecture(chosen()),
        () => complain('intake', new TaggramError('load', NOT_LOADED)),
      );
    });
}
