/** Files come in pieces, about a segment each: writing a long song leaves the page its turns between them. */

/** Work for so long, then a turn for all else: a twentieth of a second would be felt. */
const WORK_MS = 10;

/** The file that the pieces make. */
export async function collected(pieces: Iterable<string>, type: string): Promise<Blob> {
  const parts: Blob[] = [];
  let latest: string[] = [];
  let since = performance.now();
  for (const piece of pieces) {
    latest.push(piece);
    if (performance.now() - since < WORK_MS) continue;
    parts.push(new Blob(latest));
    latest = [];
    await turn();
    since = performance.now();
  }
  return new Blob([...parts, ...latest], { type });
}

/** Items with what stands between them. */
export function* separated(items: Iterable<string>, separator: string): Generator<string> {
  let before = '';
  for (const item of items) {
    yield before + item;
    before = separator;
  }
}

/** All else that waits has its turn. Timers would do, but hidden pages have few of them. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
