/** Whoever asks how it works is shown the chosen model's network. */
import { say } from '../language.ts';
import { notify } from '../notices.ts';

export function offerArchitecture(chosen: () => string): void {
  for (const button of document.querySelectorAll('[data-action="architecture"]'))
    button.addEventListener('click', () => {
      import('./dialog.ts').then(
        ({ showArchitecture }) => showArchitecture(chosen()),
        () =>
          notify(
            'intake',
            'error',
            say`The figure could not be loaded. Try again when there is a connection.`,
          ),
      );
    });
}
