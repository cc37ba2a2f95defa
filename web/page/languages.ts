/** Which languages there are, and the way to another. */
import { find, make } from './dom.ts';
import { language, LANGUAGE_KEY, LANGUAGES, nameOf, say } from './language.ts';
import { remember } from './memory.ts';

/** `isBusy` tells whether there is work that a change would interrupt: the page is loaded again. */
export function offerLanguages(isBusy: () => boolean): void {
  find('#languages').append(
    ...LANGUAGES.map((code) => {
      const button = make('button', 'text-button', nameOf(code));
      button.type = 'button';
      button.lang = code;
      if (code === language) button.setAttribute('aria-current', 'true');
      button.addEventListener('click', () => {
        if (code === language) return;
        if (
          isBusy() &&
          !confirm(say`Songs are being tagged, and would be begun anew. Change the language now?`)
        )
          return;
        remember(LANGUAGE_KEY, code);
        location.reload();
      });
      return button;
    }),
  );
}
