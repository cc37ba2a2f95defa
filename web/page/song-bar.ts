/** The song's name and facts, or the first words while there is no song. */
import type { AudioFacts } from '../taggram.ts';
import { find } from './dom.ts';
import { channels, kilohertz } from './format.ts';
import { say, translated } from './language.ts';
import type { Run } from './run.ts';

const TITLE = translated(document.title);

export function showSong(run: Run | undefined): void {
  const [welcome, card] = [find('#welcome'), find('#song')];
  const isChange = welcome.hidden !== (run !== undefined);
  const { activeElement } = document;
  const focusGoes =
    isChange && (activeElement === document.body || !!activeElement?.closest('#welcome, #song'));
  welcome.hidden = run !== undefined;
  card.hidden = run === undefined;
  document.title = run ? `${run.name} - Taggram` : TITLE;
  if (focusGoes) find(run ? '#song-title' : '#welcome [data-action="choose"]').focus({ preventScroll: true });
  if (!run) return;
  card.classList.toggle('waiting', !run.hasSong);
  find('#song-title').textContent = run.name;
  find('#song-title').title = run.name;
  const isSilent = !run.file && !run.live; // what was heard is kept, sound is not
  const facts = [describe(run.facts), isSilent ? say`drop it again to hear it` : ''];
  find('#song-facts').textContent = facts.filter(Boolean).join(', ');
}

function describe(facts: AudioFacts): string {
  const parts = [facts.container === 'unknown' ? '' : facts.container];
  if (facts.sampleRate !== null) parts.push(kilohertz(facts.sampleRate));
  if (facts.channels !== null) parts.push(channels(facts.channels));
  return parts.filter(Boolean).join(', ');
}
