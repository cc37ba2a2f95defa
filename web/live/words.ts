/** What is said when there is no sound to hear, or no more. */
import { say } from '../page/language.ts';
import { kilohertz } from '../page/format.ts';
import { TaggramError } from '../taggram.ts';

export type Source = 'microphone' | 'shared';

const INSECURE = say`Browsers let only pages from https, or from this device itself (localhost), hear anything. Open this page so.`;

const UNABLE: Record<Source, string> = {
  microphone: say`This browser lets no page hear a microphone.`,
  shared: say`This browser shares no sound of tabs or of the system. Chrome and Edge on a computer do.`,
};

const BY_NAME: Record<string, Record<Source, string>> = {
  NotAllowedError: {
    microphone: say`The microphone is not allowed. Allow it for this page in the browser, then try again.`,
    shared: say`Nothing was shared, so there is nothing to hear. Choose a tab or a screen with its sound.`,
  },
  NotFoundError: {
    microphone: say`There is no microphone. Connect one, then try again.`,
    shared: say`There is nothing to share here. Open a tab that plays something, then try again.`,
  },
  NotReadableError: {
    microphone: say`The microphone gives no sound: another program may hold it. Close that, then try again.`,
    shared: say`The system gives no sound of what was shared. Share another tab or screen.`,
  },
  NotSupportedError: {
    microphone: say`This browser can’t take the microphone’s sound as it comes. Choose another microphone, or another browser.`,
    shared: say`This browser can’t take the sound of what was shared as it comes. Share another tab or screen.`,
  },
  InvalidStateError: {
    microphone: say`The browser let this page hear nothing just then. Go back to the page and try again.`,
    shared: say`The browser let this page ask for nothing just then. Go back to the page and try again.`,
  },
  SecurityError: {
    microphone: say`The browser’s settings, or the page around this one, forbid it to hear a microphone. Allow it there, or open the page in a tab of its own.`,
    shared: say`The browser’s settings, or the page around this one, forbid it to hear what is shared. Allow it there, or open the page in a tab of its own.`,
  },
};

/** What is wished for can always be had, so what fits no wish (WebKit) is that there is nothing. */
const ALSO: Record<string, string> = {
  AbortError: 'NotReadableError',
  OverconstrainedError: 'NotFoundError',
};

const DISMISSED = say`The question whether the microphone is allowed was closed. Try again, and answer it with yes.`;
const BY_SYSTEM = say`The system lets this browser hear no microphone. Allow it in the settings of the system, then try again.`;

export const WITHOUT_SOUND = say`What was shared came without sound. Share a tab, or the whole screen, and switch its sound on where you choose it.`;

export const NOT_STARTED = say`The browser’s audio doesn’t start, so nothing is heard. Connect something that plays sound, such as a loudspeaker, then try again.`;

export const ENDED: Record<Source, string> = {
  microphone: say`The microphone is gone, so listening has stopped. What was heard until then is below.`,
  shared: say`Sharing has ended, so listening has stopped. What was heard until then is below.`,
};

export const MUTED: Record<Source, string> = {
  microphone: say`The system has muted the microphone: only silence comes until it is switched on again.`,
  shared: say`What is shared gives no sound now: only silence comes until it does again.`,
};

export const INTERRUPTED = say`The system has taken the sound away for now. Resume when it is free again.`;

export const FULL = say`Two hours are heard, which is the longest recording, so listening has stopped. Listen again to go on.`;

export const TOO_SHORT = say`Less than a tenth of a second was heard, too short to be tagged. Listen for longer.`;

export function rateChanged(from: number, to: number): string {
  return say`The device has changed from ${kilohertz(from)} to ${kilohertz(to)}. The browser converts it, and listening goes on.`;
}

/** A model that was chosen while sound came. */
export function late(model: string): string {
  return say`${model} hears what comes from now on; what came before (hatched) is tagged when you stop.`;
}

export function leftOut(model: string, seconds: number): string {
  return say`This device can’t keep up with ${model} at this hop: ${seconds} seconds are left out (hatched) and are tagged when you stop. A longer hop is less work.`;
}

/** Undefined where the browser can capture this. */
export function inability(
  source: Source,
  { mediaDevices }: Navigator,
  isSecure: boolean,
): string | undefined {
  if (!isSecure) return INSECURE;
  const method = source === 'microphone' ? 'getUserMedia' : 'getDisplayMedia';
  return mediaDevices && method in mediaDevices ? undefined : UNABLE[source];
}

/** What the browser's refusal means for a person. */
export function refusalOf(source: Source, error: unknown): unknown {
  const { name, message } = error as DOMException;
  if (name === 'NotAllowedError' && source === 'microphone') {
    if (/dismissed/i.test(message)) return new TaggramError('unreadable', DISMISSED);
    if (/system/i.test(message)) return new TaggramError('unreadable', BY_SYSTEM);
  }
  const known = BY_NAME[ALSO[name] ?? name];
  return known ? new TaggramError('unreadable', known[source]) : error;
}
