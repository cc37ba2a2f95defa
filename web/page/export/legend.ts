/** Where a picture's legend has the colour scale with its ends, and the words for the other grounds. */
import { say } from '../language.ts';
import { GROUND_WORDS, type Grounds, type ScaleWords } from '../grounds.ts';

export interface Legend {
  bar: { x: number; width: number };
  words: { text: string; x: number; line: number }[];
  lines: number;
}

const BAR = 140;
/** Between the parts of the scale, and between items. */
const GAP = 7;
const APART = 18;

/** How a picture shows them, where that needs words. */
const LOOKS: Record<keyof Grounds, string> = { silent: say`hatched: `, padded: '', unheard: say`blank: ` };

/** Nothing is wider than `width`; `measure` tells how wide words are. */
export function layOutLegend(
  { name, from, to }: ScaleWords,
  seen: Grounds,
  width: number,
  measure: (text: string) => number,
): Legend {
  const start = Math.ceil(measure(name) + GAP);
  const besides = start + Math.ceil(measure(from) + GAP);
  const end = besides + BAR + GAP + measure(to);
  const fits = end <= width;
  const bar = fits ? { x: besides, width: BAR } : { x: start, width: width - start };
  const words = [
    { text: name, x: 0, line: 0 },
    { text: from, x: start, line: fits ? 0 : 1 }, // beside the bar, or below its ends
    { text: to, x: fits ? end - measure(to) : width - measure(to), line: fits ? 0 : 1 },
  ];
  let [x, line] = fits ? [end + APART, 0] : [0, 2];
  for (const ground of Object.keys(GROUND_WORDS) as (keyof Grounds)[]) {
    if (!seen[ground]) continue;
    const text = LOOKS[ground] + GROUND_WORDS[ground];
    if (x > 0 && x + measure(text) > width) [x, line] = [0, line + 1];
    words.push({ text, x, line });
    x += measure(text) + APART;
  }
  return { bar, words, lines: Math.max(...words.map((each) => each.line)) + 1 };
}
