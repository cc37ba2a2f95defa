import { expect, it } from 'vitest';
import { inability, refusalOf } from '../../../web/live/words.ts';

const CAPABLE = { mediaDevices: { getUserMedia: () => {}, getDisplayMedia: () => {} } };
const MOBILE = { mediaDevices: { getUserMedia: () => {} } };

const asNavigator = (made: object) => made as unknown as Navigator;

it.each([
  ['microphone', CAPABLE, true, undefined],
  ['shared', CAPABLE, true, undefined],
  ['shared', MOBILE, true, /^This browser shares no sound/],
  ['microphone', {}, true, /^This browser lets no page hear/],
  ['microphone', {}, false, /^Browsers let only pages from https/],
] as const)('%s of %o, secure: %s', (source, made, isSecure, words) => {
  const said = inability(source, asNavigator(made), isSecure);
  if (words) expect(said).toMatch(words);
  else expect(said).toBeUndefined();
});

it.each([
  ['microphone', 'NotAllowedError', 'Permission denied', /^The microphone is not allowed/],
  ['microphone', 'NotAllowedError', 'Permission dismissed', /^The question whether/],
  ['microphone', 'NotAllowedError', 'Permission denied by system', /^The system lets/],
  ['microphone', 'NotFoundError', '', /^There is no microphone/],
  ['microphone', 'OverconstrainedError', 'Invalid constraint', /^There is no microphone/],
  ['microphone', 'NotReadableError', '', /^The microphone gives no sound/],
  ['microphone', 'AbortError', '', /^The microphone gives no sound/],
  ['microphone', 'NotSupportedError', '', /^This browser can’t take the microphone’s sound/],
  ['shared', 'NotSupportedError', '', /^This browser can’t take the sound of what was shared/],
  ['microphone', 'InvalidStateError', '', /^The browser let this page hear nothing/],
  ['shared', 'InvalidStateError', '', /^The browser let this page ask for nothing/],
  ['microphone', 'SecurityError', '', /forbid it to hear a microphone/],
  ['shared', 'SecurityError', '', /forbid it to hear what is shared/],
  ['shared', 'NotAllowedError', 'Permission denied', /^Nothing was shared/],
] as const)('%s, refused by %s: %s', (source, name, message, words) => {
  expect(String((refusalOf(source, new DOMException(message, name)) as Error).message)).toMatch(words);
});

it('what is no refusal stays what it is', () => {
  const bug = new TypeError('a bug');
  expect(refusalOf('microphone', bug)).toBe(bug);
});
