/** Which tags have a row, in which order, and how far down: sorted, grouped, filtered. Pure. */
import { rankTags } from '../taggram.ts';
import { GROUPS, groupOf, wordFor } from './groups.ts';

export const SORTS = ['score', 'name', 'group'] as const;
export type Sort = (typeof SORTS)[number];

export const ROW_HEIGHT = 17;
export const HEADING_HEIGHT = 26;

/** On tall screens fifty rows take about this part of them. */
const ROWS_PART = 0.65 / 50;
const MOST_ROW_HEIGHT = 28;

/** In a window of this height, in pixels. */
export function rowHeightIn(windowHeight: number): number {
  return Math.min(MOST_ROW_HEIGHT, Math.max(ROW_HEIGHT, Math.floor(windowHeight * ROWS_PART)));
}

/** How much larger than usual the words beside rows of this height are: as --small in style.css has it. */
export function wordScale(rowHeight: number): number {
  return 1 + (rowHeight - ROW_HEIGHT) * 0.025;
}

export interface Heading {
  text: string;
  /** Pixels from the top of the grid. */
  top: number;
}

export interface Rows {
  /** Tags that are shown, from top to bottom. */
  order: readonly number[];
  /** tops[tag]: pixels from the top of the grid; undefined for tags that are filtered out. */
  tops: readonly (number | undefined)[];
  headings: readonly Heading[];
  rowHeight: number;
  height: number;
}

/**
 * `strengths` is what "score" sorts by: null while nothing is known, then the model's order stands for it. The names may
 * be of several lists, in equal parts: each has a heading then, unless rows are grouped otherwise.
 */
export function layOut(
  names: readonly string[],
  strengths: ArrayLike<number> | null,
  { sort, filter, rowHeight = ROW_HEIGHT }: { sort: Sort; filter: string; rowHeight?: number },
  lists: readonly string[] = [],
): Rows {
  const ranked = strengths ? rankTags(strengths) : names.map((_, tag) => tag);
  const shown = ranked.filter((tag) => matches(names[tag]!, filter));
  if (sort === 'name')
    shown.sort((a, b) => names[a]!.localeCompare(names[b]!, 'en', { sensitivity: 'base' }));
  if (sort === 'group') return grouped(shown, names, rowHeight, GROUPS, (tag) => groupOf(names[tag]!));
  if (lists.length < 2) return stacked(names, shown, rowHeight);
  return grouped(
    shown,
    names,
    rowHeight,
    lists,
    (tag) => lists[Math.floor((tag * lists.length) / names.length)]!,
  );
}

/** Fewer letters than this begin the names of too many groups. */
const GROUP_LETTERS = 3;

/** By a part of the tag's name, or by the beginning of its group's. */
export function matches(tag: string, filter: string): boolean {
  const wanted = filter.trim().toLowerCase();
  const isGroup = wanted.length >= GROUP_LETTERS && wordFor(groupOf(tag)).toLowerCase().startsWith(wanted);
  return isGroup || tag.toLowerCase().includes(wanted);
}

function stacked(names: readonly string[], order: readonly number[], rowHeight: number): Rows {
  const tops = new Array<number | undefined>(names.length).fill(undefined);
  order.forEach((tag, row) => (tops[tag] = row * rowHeight));
  return { order, tops, headings: [], rowHeight, height: order.length * rowHeight };
}

function grouped<G extends string>(
  ranked: readonly number[],
  names: readonly string[],
  rowHeight: number,
  groups: readonly G[],
  groupOfTag: (tag: number) => G,
): Rows {
  const tops = new Array<number | undefined>(names.length).fill(undefined);
  const headings: Heading[] = [];
  const order: number[] = [];
  let top = 0;
  for (const group of groups) {
    const members = ranked.filter((tag) => groupOfTag(tag) === group);
    if (members.length === 0) continue;
    headings.push({ text: wordFor(group), top });
    top += HEADING_HEIGHT * wordScale(rowHeight);
    for (const tag of members) {
      tops[tag] = top;
      order.push(tag);
      top += rowHeight;
    }
  }
  return { order, tops, headings, rowHeight, height: top };
}
