/** How long a song still takes, from how fast its segments came in the latest seconds. It is told steadily. */
import { say } from './language.ts';

/** The pace is taken over so much time: a shorter one jumps, a longer one is slow to see a change. */
const WINDOW_MS = 10_000;

/** Its end is reckoned anew all the time; what is believed of it follows within about so long. */
const SETTLE_MS = 10_000;

/** Before, too little is known. */
const FIRST_MS = 3_000;

/** Less than this is not worth a word, unless there has been one. */
const LEAST_SECONDS = 5;

/** What is told only falls, unless it is off by more than this factor. */
const PATIENCE = 1.4;

/** What is told, in seconds, below a minute. */
const SECONDS = [5, 10, 15, 20, 30, 40, 50, 60];

const MINUTE = 60;
const HOUR = 3600;

/** Hours are told in steps of so many minutes. */
const HOUR_STEP = 5 * MINUTE;

export class TimeLeft {
  private readonly seen: { at: number; done: number }[] = [];
  private began: number | undefined;
  /** When it will be done, by the same clock, as far as is believed. */
  private end: { believed: number; at: number } | undefined;
  /** What is told, in seconds. */
  private told: number | undefined;

  /** `done` of `total` segments are tagged at this moment, in ms by any clock. Returns the words, '' while there are none. */
  note(done: number, total: number, at: number): string {
    this.began ??= at;
    this.seen.push({ at, done });
    while (this.seen.length > 2 && this.seen[1]!.at <= at - WINDOW_MS) this.seen.shift();
    if (at - this.began < FIRST_MS) return '';
    this.reckon(done, total, at);
    return this.told === undefined ? '' : wordsOf(this.told);
  }

  private reckon(done: number, total: number, at: number): void {
    const { at: since, done: before } = this.seen[0]!;
    if (done <= before) return;
    const pace = (done - before) / (at - since);
    const left = this.believe(at + Math.max(0, total - done) / pace, at) / 1000;
    if (this.told === undefined && left < LEAST_SECONDS) return;
    const next = rounded(left);
    if (this.told === undefined || next < this.told || left > PATIENCE * this.told) this.told = next;
  }

  /** Returns what is left of it. */
  private believe(end: number, at: number): number {
    const { believed, at: before } = this.end ?? { believed: end, at };
    const trust = 1 - Math.exp((before - at) / SETTLE_MS);
    this.end = { believed: believed + trust * (end - believed), at };
    return Math.max(0, this.end.believed - at);
  }
}

/** Up to what is told in words. */
function rounded(seconds: number): number {
  const few = SECONDS.find((step) => seconds <= step);
  if (few !== undefined) return few;
  const step = seconds < HOUR ? MINUTE : HOUR_STEP;
  return Math.ceil(seconds / step) * step;
}

function wordsOf(seconds: number): string {
  if (seconds < MINUTE) return say`${seconds} s left`;
  if (seconds < HOUR) return say`${seconds / MINUTE} min left`;
  const minutes = (seconds % HOUR) / MINUTE;
  const hours = Math.floor(seconds / HOUR);
  return minutes > 0 ? say`${hours} h ${minutes} min left` : say`${hours} h left`;
}
