/** Ten hours at a hop of half a second in the page's own taggram, waveform and overview, moved from frame to frame. */
import { find } from '../../../web/page/dom.ts';
import { Overview } from '../../../web/page/overview.ts';
import { scoreScale } from '../../../web/page/palette.ts';
import { Peaks } from '../../../web/page/peaks.ts';
import { Scores } from '../../../web/page/raster.ts';
import { layOut } from '../../../web/page/rows.ts';
import { TaggramView } from '../../../web/page/view.ts';
import { Viewport } from '../../../web/page/viewport.ts';

const HOURS = 10;
const HOP = 0.5;
const LENGTH = 3;
const SEGMENTS = (HOURS * 3600) / HOP;
const TAGS = 50;
/** Low enough to be quickly made; peaks are as many at any rate. */
const SAMPLE_RATE = 200;
const FRAMES = 120;
/** A frame goes on by this part of what is seen. */
const STEP = 0.004;

/** Milliseconds, a number a frame. */
export interface Frames {
  /** From one frame to the next. */
  apart: number[];
  /** Of the page's thread, from the frame's first script to its being painted. */
  work: number[];
}

export interface Panning {
  segments: number;
  /** Moves the taggram while this many seconds of it are seen. */
  pan(span: number): Promise<Frames>;
}

declare global {
  var panning: Panning;
}

let state = 1;
/** The same numbers on each run, from 0 to 1. */
function chance(): number {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return (state >>> 8) / 2 ** 24;
}

const tags = Array.from({ length: TAGS }, (_, tag) => `tag ${tag}`);
const viewport = new Viewport();
const overview = new Overview(find('#overview'), viewport);
const view = new TaggramView(find('.taggram'), viewport, {
  onChoose: () => {},
  onCell: () => {},
  onToggle: () => {},
  onMark: () => {},
});
const duration = HOURS * 3600;
const scores = new Scores(TAGS, HOP);
for (let i = 0; i < SEGMENTS; i++) {
  const segment = { start: i * HOP, end: i * HOP + LENGTH, silent: chance() < 0.01, padded: false };
  scores.add(
    segment,
    Float32Array.from(tags, () => chance() ** 4),
  );
}
const peaks = new Peaks(SAMPLE_RATE);
for (let hour = 0; hour < HOURS; hour++)
  peaks.add([Float32Array.from({ length: 3600 * SAMPLE_RATE }, () => 2 * chance() - 1)]);
viewport.begin(duration);
view.begin('a long song', tags, duration, HOP);
view.setPeaks(peaks);
view.show(scores);
view.setRows(layOut(tags, null, { sort: 'score', filter: '' }), tags);
overview.show({ scores, scale: scoreScale('light'), order: tags.map((_, tag) => tag) });

/** Resolves with the frame's time once it has been painted. */
function frame(): Promise<{ start: number; work: number }> {
  return new Promise((done) => {
    requestAnimationFrame((start) => {
      const { port1, port2 } = new MessageChannel();
      const begun = performance.now();
      port1.onmessage = () => done({ start, work: performance.now() - begun });
      port2.postMessage(null);
    });
  });
}

async function pan(span: number): Promise<Frames> {
  viewport.show({ from: 0, to: span });
  await frame();
  const frames: { start: number; work: number }[] = [];
  while (frames.length <= FRAMES) {
    viewport.pan(STEP);
    frames.push(await frame());
  }
  return {
    apart: frames.slice(1).map(({ start }, i) => start - frames[i]!.start),
    work: frames.slice(1).map(({ work }) => work),
  };
}

globalThis.panning = { segments: SEGMENTS, pan };
