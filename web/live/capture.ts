/** Sound of the microphone, or of what is shared, as it is: no cleaning, no conversion, nothing played. */
import { TaggramError } from '../taggram.ts';
import {
  ENDED,
  inability,
  INTERRUPTED,
  MUTED,
  NOT_STARTED,
  rateChanged,
  refusalOf,
  WITHOUT_SOUND,
} from './words.ts';
import type { Source } from './words.ts';
import workletAddress from './worklet.ts?worker&url';

/** Seconds that come at a time. */
const BLOCK_SECONDS = 0.1;

const MOST_CHANNELS = 2;

/** A browser that hasn't begun to hear after so long doesn't. */
const START_MS = 5000;

/** What calls need and music suffers from. */
const AS_IT_IS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

export interface CaptureEvents {
  /** planes[channel][sample], the receiver's own. */
  onBlock(planes: Float32Array[]): void;
  /** It goes on, but a person should know this; null when it is no longer so. */
  onWord(text: string | null): void;
  /** The system has suspended it. */
  onInterrupt(text: string): void;
  /** No more will come. */
  onEnd(text: string): void;
}

export class Capture {
  readonly sampleRate: number;
  private isPaused = false;
  /** Held here: while it is suspended, a browser throws away what nobody holds. */
  private nodes: AudioNode[] = [];
  /** The device's own rate when it was last looked at. */
  private deviceRate: number | undefined;
  private readonly onDevices = () => this.compareRate();

  private constructor(
    private readonly source: Source,
    private readonly stream: MediaStream,
    private readonly context: AudioContext,
    readonly channels: number,
    private readonly events: CaptureEvents,
  ) {
    this.sampleRate = context.sampleRate;
    this.deviceRate = this.track.getSettings().sampleRate;
    this.listen();
  }

  /** Asks the person; rejects with what they should know where there is nothing to hear. */
  static async open(source: Source, events: CaptureEvents): Promise<Capture> {
    const unable = inability(source, navigator, isSecureContext);
    if (unable) throw new TaggramError('unreadable', unable);
    const stream = await ask(source).catch((error: unknown) => {
      throw refusalOf(source, error);
    });
    let capture: Capture | undefined;
    try {
      const [track] = stream.getAudioTracks();
      if (!track) throw new TaggramError('unreadable', WITHOUT_SOUND);
      for (const picture of stream.getVideoTracks()) picture.stop();
      const { sampleRate, channelCount = 1 } = track.getSettings();
      const context = contextAt(sampleRate);
      const channels = Math.min(MOST_CHANNELS, channelCount);
      capture = new Capture(source, stream, context, channels, events);
      await capture.connect();
      return capture;
    } catch (error) {
      capture?.close();
      for (const track of stream.getTracks()) track.stop();
      throw refusalOf(source, error);
    }
  }

  async pause(): Promise<void> {
    this.isPaused = true;
    await this.context.suspend();
  }

  async resume(): Promise<void> {
    this.isPaused = false;
    await started(this.context);
  }

  /** Lets go of the device. What came since the last block is lost. */
  close(): void {
    navigator.mediaDevices.removeEventListener('devicechange', this.onDevices);
    for (const track of this.stream.getTracks()) track.stop();
    this.context.onstatechange = null;
    for (const node of this.nodes) node.disconnect();
    void this.context.close();
  }

  private get track(): MediaStreamTrack {
    return this.stream.getAudioTracks()[0]!;
  }

  private async connect(): Promise<void> {
    const { context, channels, stream } = this;
    await context.audioWorklet.addModule(workletAddress);
    const collector = new AudioWorkletNode(context, 'collector', {
      channelCount: channels,
      channelCountMode: 'explicit', // so that blocks have as many planes when the device changes
      processorOptions: { blockLength: Math.round(BLOCK_SECONDS * this.sampleRate) },
    });
    collector.port.onmessage = ({ data }: MessageEvent<Float32Array[]>) => this.events.onBlock(data);
    const from = context.createMediaStreamSource(stream);
    this.nodes = [from, collector];
    from.connect(collector);
    collector.connect(context.destination); // its output is silence: browsers run only what is connected
    await started(context);
  }

  private listen(): void {
    const { track, context, source, events } = this;
    track.addEventListener('ended', () => events.onEnd(ENDED[source]));
    track.addEventListener('mute', () => events.onWord(MUTED[source]));
    track.addEventListener('unmute', () => events.onWord(null));
    navigator.mediaDevices.addEventListener('devicechange', this.onDevices);
    context.onstatechange = () => {
      const isRunning = context.state === 'running' || context.state === 'closed';
      if (!isRunning && !this.isPaused) events.onInterrupt(INTERRUPTED);
    };
  }

  private compareRate(): void {
    const { sampleRate } = this.track.getSettings();
    if (sampleRate === undefined || sampleRate === this.deviceRate) return;
    if (this.deviceRate !== undefined) this.events.onWord(rateChanged(this.deviceRate, sampleRate));
    this.deviceRate = sampleRate;
  }
}

function ask(source: Source): Promise<MediaStream> {
  const { mediaDevices } = navigator;
  if (source === 'microphone') return mediaDevices.getUserMedia({ audio: AS_IT_IS });
  // Without a picture browsers share nothing.
  const options = { video: true, audio: AS_IT_IS, systemAudio: 'include', selfBrowserSurface: 'exclude' };
  return mediaDevices.getDisplayMedia(options);
}

/** Where there is no device to play on, or a click has to come first, some browsers wait for one without a word. */
async function started(context: AudioContext): Promise<void> {
  let timer: ReturnType<typeof setTimeout>;
  const waited = new Promise((resolve) => (timer = setTimeout(resolve, START_MS)));
  const isStarted = await Promise.race([
    context.resume().then(() => true),
    waited.then(() => context.state === 'running'),
  ]).finally(() => clearTimeout(timer));
  if (!isStarted) throw new TaggramError('unreadable', NOT_STARTED);
}

/** At the device's own rate, where the browser tells it and takes it. */
function contextAt(sampleRate: number | undefined): AudioContext {
  try {
    return new AudioContext(sampleRate === undefined ? {} : { sampleRate });
  } catch {
    return new AudioContext();
  }
}
