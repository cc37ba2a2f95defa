/** A run's figures for the terminal. */
import { clock } from '../../../web/page/format.ts';
import type { Comparison, LongSong, PageFigures, Result, Stages, Timing } from '../measured.ts';
import { SEGMENT_FRAMES } from '../page/contender.ts';
import type { Summary } from '../statistics.ts';

const SEGMENT_SECONDS = SEGMENT_FRAMES * 0.016;

const NAME_WIDTH = 54;
const FIGURE_WIDTH = 12;

/** How many times as long; nearness to 1 counts. */
export function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 2 ? 2 : 1)} ×`;
}

/** Milliseconds with three significant digits, at most two behind the point. */
export function milliseconds(value: number): string {
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

export function table(result: Result): string {
  const { machine, versions, rounds } = result;
  const parts = [
    `${machine.processor}, ${machine.cores} cores, load ${machine.load.toFixed(1)} at the start; ${rounds} rounds`,
    ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
    '',
    ...comparisonLines(result.comparisons),
    ...result.stages.flatMap(stageLines),
    ...(result.page ? pageLines(result.page) : []),
    ...memoryLines(result.memory ?? []),
  ];
  return `${parts.join('\n')}\n`;
}

// ---- Comparisons ----

function comparisonLines(comparisons: Comparison[]): string[] {
  if (comparisons.length === 0) return [];
  const head = line('', 'median', 'quartiles', 'least', 'ratio', 'of least', 'score diff.');
  return [
    "One thread; milliseconds of the processor a segment (3 s); times Taggram's",
    ...comparisons.flatMap((comparison) => [
      '',
      titleOf(comparison) + head.slice(titleOf(comparison).length),
      line('  Taggram', ...figures(comparison.ours)),
      ...comparison.peers.map((peer) =>
        line(
          `  ${peer.runtime}, ${peer.form} graph`,
          ...figures(peer),
          times(peer.ratio),
          times(peer.leastRatio),
          peer.difference.toExponential(0),
        ),
      ),
    ]),
    '',
  ];
}

function titleOf({ model, place, from, hop }: Comparison): string {
  const where = place === 'web' ? 'WebAssembly' : 'native';
  return `${model}, ${where}, from ${from}${hop === SEGMENT_FRAMES ? '' : `, hop ${hop} frames`}`;
}

function figures({ cpu }: Timing): string[] {
  return [milliseconds(cpu.median), range(cpu), milliseconds(cpu.least)];
}

function range({ low, high }: Summary): string {
  return `${milliseconds(low)}..${milliseconds(high)}`;
}

function line(name: string, ...columns: string[]): string {
  return (name.padEnd(NAME_WIDTH) + columns.map((text) => text.padStart(FIGURE_WIDTH)).join('')).trimEnd();
}

// ---- Kinds of work ----

function stageLines({ model, web, native, arithmetic }: Stages): string[] {
  const works = [...new Set([...Object.keys(web), ...Object.keys(native)])];
  const time = (stages: Record<string, number>, work: string) =>
    stages[work] === undefined ? '' : milliseconds(stages[work]);
  const millions = (form: 'full' | 'pruned', work: string) =>
    arithmetic[form][work] === undefined ? '' : (arithmetic[form][work] / 1e6).toFixed(1);
  const sum = (parts: Record<string, number>) => Object.values(parts).reduce((all, part) => all + part, 0);
  return [
    line(`${model}, from PCM at 44.1 kHz`, 'WebAssembly', 'native', 'MMAC full', 'pruned'),
    ...works.map((work) =>
      line(
        `  ${work}`,
        time(web, work),
        time(native, work),
        millions('full', work),
        millions('pruned', work),
      ),
    ),
    line(
      '  all',
      milliseconds(sum(web)),
      milliseconds(sum(native)),
      (sum(arithmetic.full) / 1e6).toFixed(1),
      (sum(arithmetic.pruned) / 1e6).toFixed(1),
    ),
    '',
  ];
}

// ---- The page ----

function pageLines({ song, firstVisit, opening, panning }: PageFigures): string[] {
  const timed = (name: string, summary: Summary, ...more: string[]) =>
    line(name, milliseconds(summary.median), range(summary), milliseconds(summary.least), ...more);
  const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);
  return [
    line('The page, ms by the wall clock', 'median', 'quartiles', 'least', 'ratio'),
    timed(`  mp3 of ${song.seconds.toFixed(0)} s: chosen to tagged`, song.tagged, times(song.ratio)),
    timed('  decoded alone, as the page does', song.decoded),
    timed('  decodeAudioData alone', song.browserDecoded),
    line('  of that, a segment', milliseconds((song.browserDecoded.median * SEGMENT_SECONDS) / song.seconds)),
    timed('  page opened to example tagged', opening.tagged),
    timed('  of which decoding', opening.decoding),
    timed('  besides decoding', opening.besides),
    '',
    line(
      `${panning.segments} segments moved, ms of the page's thread a frame`,
      'median',
      'quartiles',
      'longest',
      'apart',
    ),
    ...panning.views.map(({ ratio, span, apart, work, longest }) =>
      line(
        `  ${clock(span)} in view, ${1920 * ratio} pixels wide`,
        milliseconds(work.median),
        range(work),
        milliseconds(longest),
        milliseconds(apart.median),
      ),
    ),
    '',
    line('First visit, kB over the wire'),
    ...firstVisit.files.map(({ name, bytes, gzipped }) =>
      line(`  ${name}`, kilobytes(bytes), gzipped ? 'gzip' : ''),
    ),
    line('  all but the example audio', kilobytes(firstVisit.total)),
  ];
}

// ---- Songs of hours ----

function memoryLines(songs: LongSong[]): string[] {
  if (songs.length === 0) return [];
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  return [
    '',
    line("The page's process at most, MB", 'own', 'and share', 'resident', 'seconds'),
    ...songs.map(({ kind, hours, bytes, milliseconds, most }) =>
      line(
        `  ${kind} of ${clock(3600 * hours)}, ${megabytes(bytes)} MB`,
        ...[most.own, most.proportional, most.resident].map(megabytes),
        (milliseconds / 1000).toFixed(0),
      ),
    ),
  ];
}
