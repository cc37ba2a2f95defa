/** What becomes of decoding that is cancelled, or gets nowhere. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askDecoder, prepareHeaderWorker } from '../../../web/decode/ask.ts';
import { open, readHeader } from '../../../web/decode/decode.ts';
import { UNKNOWN } from '../../../web/decode/facts.ts';
import { decodeFile } from '../../../web/recording.ts';
import { FakeWorker } from '../support/fake-worker.ts';

const FILE = new Blob(['song']);
const QUESTION = { kind: 'piece', file: FILE, name: 'song' } as const;

beforeEach(() => vi.stubGlobal('Worker', FakeWorker));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  FakeWorker.made = [];
});

/** The worker of this number, once it has been asked. */
async function asked(index: number): Promise<FakeWorker> {
  await vi.waitFor(() => expect(FakeWorker.made[index]?.asked).toHaveLength(1));
  return FakeWorker.made[index]!;
}

describe('the decoding worker', () => {
  it('is stopped when it has answered', async () => {
    const planes = askDecoder(QUESTION);
    FakeWorker.made[0]!.say({ kind: 'answer', answer: 'planes' });
    expect(await planes).toBe('planes');
    expect(FakeWorker.made[0]!.terminated).toBe(true);
  });

  it('is not started when it is cancelled before', async () => {
    const signal = AbortSignal.abort();
    await expect(askDecoder(QUESTION, signal)).rejects.toBe(signal.reason);
    expect(FakeWorker.made).toEqual([]);
  });

  it('is stopped when it is cancelled', async () => {
    const abort = new AbortController();
    const planes = askDecoder(QUESTION, abort.signal);
    abort.abort();
    await expect(planes).rejects.toBe(abort.signal.reason);
    expect(FakeWorker.made[0]!.terminated).toBe(true);
  });

  it('is stopped when it makes no progress', async () => {
    vi.useFakeTimers();
    const planes = askDecoder(QUESTION);
    vi.advanceTimersByTime(4000);
    FakeWorker.made[0]!.say({ kind: 'progress' });
    vi.advanceTimersByTime(4000);
    expect(FakeWorker.made[0]!.terminated).toBe(false);
    vi.advanceTimersByTime(1000);
    await expect(planes).rejects.toThrowError(/no progress/);
    expect(FakeWorker.made[0]!.terminated).toBe(true);
  });

  it('that fails at a header leaves the file to the browser', async () => {
    const facts = readHeader(FILE, 'song');
    (await asked(0)).say({ kind: 'error', message: 'RangeError of a library' });
    expect(await facts).toEqual(UNKNOWN);
  });

  it('is asked for a header only when the small one does not know the kind of file', async () => {
    const facts = readHeader(FILE, 'song');
    (await asked(0)).say({ kind: 'answer', answer: undefined });
    await asked(1);
    expect(FakeWorker.made.map(({ asked }) => asked)).toMatchObject([
      [{ kind: 'commonFacts' }],
      [{ kind: 'facts' }],
    ]);
    FakeWorker.made[1]!.say({ kind: 'answer', answer: 'facts' });
    expect(await facts).toBe('facts');
  });

  it('may be started before it is asked', async () => {
    prepareHeaderWorker();
    const facts = readHeader(FILE, 'song');
    (await asked(0)).say({ kind: 'answer', answer: 'facts' });
    expect(await facts).toBe('facts');
    expect(FakeWorker.made).toHaveLength(1);
  });

  it('that could not be started before it is asked is started anew', async () => {
    prepareHeaderWorker();
    FakeWorker.made[0]!.onerror!();
    const facts = readHeader(FILE, 'song');
    (await asked(1)).say({ kind: 'answer', answer: 'facts' });
    expect(await facts).toBe('facts');
  });

  it('that knows what is wrong is heard', async () => {
    const facts = readHeader(FILE, 'song');
    (await asked(0)).say({ kind: 'error', code: 'empty', message: 'song is empty.' });
    await expect(facts).rejects.toMatchObject({ name: 'TaggramError', code: 'empty' });
  });

  it('that may not be started is told of', async () => {
    vi.stubGlobal('Worker', function refuse() {
      throw new DOMException('from another origin', 'SecurityError');
    });
    await expect(readHeader(FILE, 'song')).rejects.toMatchObject({ name: 'TaggramError', code: 'load' });
  });
});

describe('decoding', () => {
  it('does not begin when it is cancelled before', async () => {
    const signal = AbortSignal.abort();
    const onProgress = vi.fn();
    await expect(decodeFile(FILE, { signal, onProgress })).rejects.toBe(signal.reason);
    expect(onProgress).not.toHaveBeenCalled();
  });

  it.each(['before', 'while'])(
    'is not waited for when it is cancelled %s the browser decodes',
    async (when) => {
      let begin = () => {};
      const begun = new Promise<void>((resolve) => (begin = resolve));
      const endless = vi.fn(() => {
        begin();
        return new Promise(() => {});
      });
      vi.stubGlobal(
        'OfflineAudioContext',
        class {
          decodeAudioData = endless;
        },
      );
      const abort = new AbortController();
      if (when === 'before') abort.abort();
      const decoded = open(FILE, 'song', UNKNOWN, abort.signal);
      if (when === 'while') await begun;
      abort.abort();
      await expect(decoded).rejects.toBe(abort.signal.reason);
      expect(endless).toHaveBeenCalledTimes(when === 'while' ? 1 : 0);
    },
  );
});
