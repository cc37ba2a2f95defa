/** Capture, in a browser that is made up. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Capture, type CaptureEvents } from '../../../web/live/capture.ts';

const EVENTS: CaptureEvents = { onBlock() {}, onWord() {}, onInterrupt() {}, onEnd() {} };
const SILENT = /^The browser’s audio doesn’t start/;

class Track extends EventTarget {
  readyState = 'live';
  getSettings = () => ({ sampleRate: 48000, channelCount: 1 });
  stop(): void {
    this.readyState = 'ended';
  }
}

/** An AudioContext that starts as a test wants. */
class Context {
  static last: Context;
  static resume: (context: Context) => Promise<void>;
  static sourceError: Error | undefined;
  state: AudioContextState = 'suspended';
  readonly sampleRate = 48000;
  readonly audioWorklet = { addModule: async () => {} };

  constructor() {
    Context.last = this;
  }

  resume(): Promise<void> {
    return Context.resume(this);
  }

  async suspend(): Promise<void> {
    this.state = 'suspended';
  }

  async close(): Promise<void> {
    this.state = 'closed';
  }

  createMediaStreamSource(): Pick<Node, 'connect' | 'disconnect'> {
    if (Context.sourceError) throw Context.sourceError;
    return { connect() {}, disconnect() {} };
  }
}

class Node {
  port = {};
  connect(): void {}
  disconnect(): void {}
}

const never = () => new Promise<void>(() => {});
const atOnce = async (context: Context) => void (context.state = 'running');

let track: Track;

beforeEach(() => {
  vi.useFakeTimers();
  track = new Track();
  const stream = {
    getTracks: () => [track],
    getAudioTracks: () => [track],
    getVideoTracks: () => [],
  };
  const mediaDevices = Object.assign(new EventTarget(), { getUserMedia: async () => stream });
  vi.stubGlobal('navigator', { mediaDevices });
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('AudioContext', Context);
  vi.stubGlobal('AudioWorkletNode', Node);
  Context.resume = atOnce;
  Context.sourceError = undefined;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** What it comes to, after as long as it is waited for. */
async function settled(promise: Promise<unknown>): Promise<unknown> {
  const outcome = promise.then(
    (value) => value,
    (error: Error) => error.message,
  );
  await vi.advanceTimersByTimeAsync(5000);
  return outcome;
}

it('begins where audio starts', async () => {
  expect(await settled(Capture.open('microphone', EVENTS))).toBeInstanceOf(Capture);
  expect(track.readyState).toBe('live');
});

it('says that audio doesn’t start, and lets the device go', async () => {
  Context.resume = never; // as where there is no device to play on, or no click came before
  expect(await settled(Capture.open('microphone', EVENTS))).toMatch(SILENT);
  expect(track.readyState).toBe('ended');
  expect(Context.last.state).toBe('closed');
});

it('begins where audio runs without an answer', async () => {
  Context.resume = (context) => {
    context.state = 'running';
    return never();
  };
  expect(await settled(Capture.open('microphone', EVENTS))).toBeInstanceOf(Capture);
});

it('says after a pause that audio doesn’t start again, and can be resumed later', async () => {
  const capture = (await settled(Capture.open('microphone', EVENTS))) as Capture;
  await capture.pause();
  Context.resume = never;
  expect(await settled(capture.resume())).toMatch(SILENT);
  expect(track.readyState).toBe('live');
  Context.resume = atOnce;
  expect(await settled(capture.resume())).toBeUndefined();
});

it('says in words what the browser refuses once the microphone is allowed', async () => {
  Context.sourceError = new DOMException('Connecting contexts of different rates', 'NotSupportedError');
  expect(await settled(Capture.open('microphone', EVENTS))).toMatch(
    /^This browser can’t take the microphone/,
  );
  expect(track.readyState).toBe('ended');
  expect(Context.last.state).toBe('closed');
});
