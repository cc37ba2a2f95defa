/** Live sound on the page: captured, kept, heard by the chosen models, paused and stopped by the person. */
import { decimal, say } from '../page/language.ts';
import type { Listening } from '../page/run.ts';
import type { LiveEvents, LiveSound } from '../page/live.ts';
import { announce, clearNotices, notify } from '../page/notices.ts';
import { Peaks } from '../page/peaks.ts';
import { sentence } from '../page/sentences.ts';
import { taggedFile, type RunFacts } from '../result.ts';
import { TaggramError, type AudioFacts, type TaggedFile, type Tagger } from '../taggram.ts';
import { LiveBar } from './bar.ts';
import { Capture, type CaptureEvents } from './capture.ts';
import { Ear } from './ear.ts';
import { Tape } from './tape.ts';
import { FULL, late, leftOut, TOO_SHORT, type Source } from './words.ts';

/** The longest recording, in seconds. */
const MOST_SECONDS = 2 * 3600;

const NAMES: Record<Source, string> = { microphone: say`Microphone`, shared: say`Shared sound` };

const TOP = 3;

/** Asks for the sound; what it resolves with begins to listen. */
export async function openSession(source: Source): Promise<(events: LiveEvents) => LiveSound> {
  const waiting: Float32Array[][] = [];
  let session: Session | undefined;
  let ended: string | undefined;
  const capture = await Capture.open(source, {
    onBlock: (planes) => (session ? session.take(planes) : waiting.push(planes)),
    onWord: (text) => tellWord(text),
    onInterrupt: (text) => session?.interrupt(text),
    onEnd: (text) => (session ? session.endBy(text) : (ended = text)),
  });
  return (events) => {
    session = new Session(source, capture, events);
    waiting.forEach((planes) => session!.take(planes));
    if (ended) session.endBy(ended);
    return session;
  };
}

function tellWord(text: Parameters<CaptureEvents['onWord']>[0]): void {
  clearNotices('live');
  if (text) notify('live', 'warning', text);
}

class Session implements LiveSound {
  readonly name: string;
  readonly facts: AudioFacts;
  readonly peaks: Peaks;
  private readonly tape: Tape;
  private readonly bar: LiveBar;
  private state: 'running' | 'paused' | 'over' = 'running';

  constructor(
    source: Source,
    private readonly capture: Capture,
    private readonly events: LiveEvents,
  ) {
    const { sampleRate, channels } = capture;
    this.name = `${NAMES[source]} ${moment(new Date())}`;
    this.facts = {
      container: 'WAVE',
      codec: 'pcm-s16',
      sampleRate,
      channels,
      declaredSeconds: null,
      cut: false,
    };
    this.peaks = new Peaks(sampleRate);
    this.tape = new Tape(sampleRate, channels);
    this.bar = new LiveBar(
      () => this.toggle(),
      () => this.stop(),
    );
    announce(say`Listening. Nothing that is heard leaves this device.`);
  }

  get seconds(): number {
    return this.tape.seconds;
  }

  get isPaused(): boolean {
    return this.state === 'paused';
  }

  async hear(
    listening: Listening,
    tagger: Tagger,
    onSegments: (isFirst: boolean) => void,
  ): Promise<TaggedFile | undefined> {
    const { model, hopFrames, hop, length, signal } = listening;
    listening.stage = { text: latency(length, hop), fraction: null };
    let leftOut = 0;
    listening.soFar = () => this.resultOf(listening, tagger, leftOut);
    const ear = new Ear(
      this.tape,
      tagger,
      { segmentFrames: model.segmentFrames, hopFrames, signal },
      {
        onAnswers: (latest) => onSegments(listening.take(latest, this.seconds)),
        onLeftOut: (seconds, isLate) => this.tellLeftOut(model.name, (leftOut = seconds), isLate),
      },
    );
    const parts = await ear.hear().catch((error: unknown) => {
      const isShort = error instanceof TaggramError && error.code === 'too-short';
      throw isShort ? new TaggramError('too-short', TOO_SHORT) : error;
    });
    listening.soFar = undefined;
    return parts && taggedFile(tagger.model, this.runFacts(listening), parts);
  }

  take(planes: Float32Array[]): void {
    if (this.state !== 'running') return; // some may be on its way yet
    this.tape.add(planes);
    this.peaks.add(planes);
    this.bar.tell(this.seconds);
    this.events.onGrow(this);
    if (this.seconds >= MOST_SECONDS) this.endBy(FULL);
  }

  recording(): File {
    return this.tape.file(this.name);
  }

  stop(): void {
    if (this.state === 'over') return;
    this.state = 'over';
    clearNotices('pause');
    this.capture.close();
    this.bar.remove();
    this.tape.end();
    this.events.onEnd(this, this.recording());
  }

  endBy(text: string): void {
    if (this.state === 'over') return;
    this.stop();
    tellWord(text);
  }

  interrupt(text: string): void {
    if (this.state !== 'running') return;
    this.pause();
    notify('pause', 'warning', text);
  }

  private toggle(): void {
    if (this.state === 'running') return this.pause();
    this.state = 'running';
    this.bar.showPaused(false);
    clearNotices('pause');
    this.capture.resume().catch((error: unknown) => this.interrupt(sentence(error)));
    this.events.onPause(this);
    announce(say`Listening again.`);
  }

  private pause(): void {
    this.state = 'paused';
    this.bar.showPaused(true);
    void this.capture.pause();
    this.events.onPause(this);
    announce(say`Paused. What was heard can be played and saved.`);
  }

  private runFacts({ model, hopFrames }: Listening, warnings: string[] = []): RunFacts {
    const { sampleRate } = this.tape;
    const { segmentFrames } = model;
    return { file: this.name, sampleRate, segmentFrames, hopFrames, top: TOP, warnings };
  }

  /** Undefined before its first segment. */
  private resultOf(listening: Listening, tagger: Tagger, leftOut: number): TaggedFile | undefined {
    const { song } = listening;
    if (!song) return undefined;
    const warnings = leftOut > 0 ? [`${leftOut} s are left out so far and count as silent`] : [];
    return taggedFile(tagger.model, this.runFacts(listening, warnings), [song.scored(this.seconds)]);
  }

  private tellLeftOut(model: string, seconds: number, isLate: boolean): void {
    if (this.state === 'over') return; // it is tagged in full right away
    if (isLate) notify('live', 'info', late(model));
    else tellWord(leftOut(model, seconds));
  }
}

function latency(length: number, hop: number): string {
  return say`Each answer is about the last ${decimal(length, 1)} seconds; a new one comes every ${decimal(hop, 1)} seconds.`;
}

/** "2026-11-23 15:04", by the clock on the wall. */
function moment(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  return `${date} ${two(now.getHours())}:${two(now.getMinutes())}`;
}
