/** How far a song is: a sentence and a bar. */
import { say } from './language.ts';
import { find } from './dom.ts';

export interface Stage {
  text: string;
  /** It tells how many segments are tagged. */
  isCount?: boolean;
  /** 0 .. 1; null while nobody can tell. */
  fraction: number | null;
}

export function showStage({ text, fraction }: Stage): void {
  find('#stage').textContent = text;
  const bar = find('#progress');
  bar.classList.toggle('unknown', fraction === null);
  bar.classList.toggle('done', fraction === 1 && text === '');
  find('span', bar).style.transform = `scaleX(${fraction ?? 1})`;
  if (fraction === null) bar.removeAttribute('aria-valuenow');
  else bar.setAttribute('aria-valuenow', String(Math.round(fraction * 100)));
  bar.setAttribute('aria-valuetext', text || say`Done`);
}
