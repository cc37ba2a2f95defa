/** The page that measures how fast this device tags. */
import { find, make } from '../page/dom.ts';
import { sentence } from '../page/sentences.ts';
import { DEFAULT_MODEL, HAS_SIMD, MODELS } from '../taggram.ts';
import { timeAll, waysOf, type Timing, type Way } from './measure.ts';
import { cellsOf, describeDevice, toMarkdown } from './report.ts';

const ALL = 'all';

const MOST_WORKERS = 8;

const cores = navigator.hardwareConcurrency || 1; // some browsers don't tell
const device = describeDevice(navigator.userAgent, cores);
const form = find<HTMLFormElement>('#form');
const choice = find<HTMLSelectElement>('#model');
const button = find<HTMLButtonElement>('#measure');
const copy = find<HTMLButtonElement>('#copy');
const bar = find<HTMLProgressElement>('#done');
const rows = find('#rows');
let timings: Timing[] = [];

for (const name of [...MODELS.map((model) => model.name), ALL])
  choice.append(new Option(name, name, name === DEFAULT_MODEL, name === DEFAULT_MODEL));

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void measure();
});
copy.addEventListener('click', () => void copyResult());

async function measure(): Promise<void> {
  const models = choice.value === ALL ? MODELS.map(({ name }) => name) : [choice.value];
  const ways = models.flatMap((model) => waysOf(model, Math.min(cores, MOST_WORKERS), HAS_SIMD));
  begin();
  try {
    for await (const timing of timeAll(ways, tellOf)) {
      timings.push(timing);
      rows.append(rowOf(timing));
      bar.value = timings.length / ways.length;
    }
    tell(ending(ways.length - timings.length));
  } catch (error) {
    tell(sentence(error));
  } finally {
    bar.hidden = true;
    button.disabled = choice.disabled = false;
    copy.disabled = timings.length === 0;
  }
}

function begin(): void {
  timings = [];
  rows.replaceChildren();
  find('#device').textContent = device;
  find('#result').hidden = false;
  bar.value = 0;
  bar.hidden = false;
  button.disabled = choice.disabled = copy.disabled = true;
}

function rowOf(timing: Timing): HTMLTableRowElement {
  const row = make('tr');
  cellsOf(timing).forEach((text, column) => {
    const cell = make(column === 0 ? 'th' : 'td', column > 1 ? 'number' : '', text);
    if (column === 0) cell.scope = 'row';
    row.append(cell);
  });
  return row;
}

async function copyResult(): Promise<void> {
  try {
    await navigator.clipboard.writeText(toMarkdown(device, timings));
    tell('Copied.');
  } catch {
    tell('The browser did not allow copying. Select the table and copy it yourself.');
  }
}

function ending(leftOut: number): string {
  const without = HAS_SIMD ? '' : ' This browser has no WebAssembly SIMD.';
  return leftOut === 0 ? `Done.${without}` : `Done within a minute; ${leftOut} rows are left out.${without}`;
}

function tellOf({ model, engine, workers }: Way): void {
  tell(`Measuring ${model}, ${engine === 'simd' ? 'SIMD' : 'plain code'}, ${workersOf(workers)}`);
}

function workersOf(count: number): string {
  return count === 1 ? 'one worker' : `${count} workers`;
}

function tell(text: string): void {
  find('#status').textContent = text;
}
