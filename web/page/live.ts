/** The door to live sound: what listens comes when it is first asked for. */
import { say } from './language.ts';
import { TaggramError, type AudioFacts, type TaggedFile, type Tagger } from '../taggram.ts';
import type { Source } from '../live/words.ts';
import { complain } from './complaints.ts';
import { find } from './dom.ts';
import { Menu, type MenuItem } from './menu.ts';
import { clearNotices } from './notices.ts';
import type { Peaks } from './peaks.ts';
import type { Listening } from './run.ts';

/** A short hop: live, answers should come soon. */
export const LIVE_HOP = 0.5;

/** The latest seconds of live sound that are seen, unless a person zooms. */
export const LIVE_SPAN = 60;

/** Sound that still comes. */
export interface LiveSound {
  readonly name: string;
  readonly facts: AudioFacts;
  readonly peaks: Peaks;
  /** Seconds heard so far. */
  readonly seconds: number;
  /** No sound is taken; it goes on when the person wants it to. */
  readonly isPaused: boolean;
  /**
   * Has a model hear it to its end. Resolves with the result, or undefined where parts were left out;
   * `onSegments` is told whether there is something to show for the first time.
   */
  hear(
    listening: Listening,
    tagger: Tagger,
    onSegments: (isFirst: boolean) => void,
  ): Promise<TaggedFile | undefined>;
  /** What was heard so far, to be played and saved. */
  recording(): File;
  /** Ends it: from here on it is an ordinary song. */
  stop(): void;
}

export interface LiveEvents {
  /** There is more sound. */
  onGrow(live: LiveSound): void;
  /** It is paused, or goes on. */
  onPause(live: LiveSound): void;
  /** It has ended; the file holds all of it. */
  onEnd(live: LiveSound, file: File): void;
}

export class LiveDoor {
  private readonly button = find<HTMLButtonElement>('#listen');

  /** `onLive` is given what begins to listen, once a person has allowed it. */
  constructor(private readonly onLive: (begin: (events: LiveEvents) => LiveSound) => void) {
    const items = this.items();
    new Menu(this.button, say`Listen live`, () => [{ heading: '', items }]);
    find('#listen-now').addEventListener('click', () => void this.open('microphone'));
  }

  /** Where a browser shares nothing, it is not offered. */
  private items(): MenuItem[] {
    const microphone = {
      label: say`Microphone`,
      detail: say`What is heard never leaves this device.`,
      onChoose: () => void this.open('microphone'),
    };
    const shared = {
      label: say`A tab, or the system`,
      detail: say`The sound of what you share.`,
      onChoose: () => void this.open('shared'),
    };
    return 'getDisplayMedia' in (navigator.mediaDevices ?? {}) ? [microphone, shared] : [microphone];
  }

  private async open(source: Source): Promise<void> {
    clearNotices('intake');
    clearNotices('live');
    if (this.button.getAttribute('aria-busy') === 'true') return; // the person is being asked
    this.button.setAttribute('aria-busy', 'true');
    try {
      const { openSession } = await import('../live/session.ts').catch(() => {
        throw new TaggramError(
          'load',
          say`Listening live could not be loaded. Check the connection and try again.`,
        );
      });
      this.onLive(await openSession(source));
    } catch (error) {
      complain('intake', error);
    } finally {
      this.button.removeAttribute('aria-busy');
    }
  }
}
