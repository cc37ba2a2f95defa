/** What axe finds on a page against WCAG 2.2 AA. */
import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Visit } from './browser.ts';
import { inRepository } from './built.ts';

const AXE = readFileSync(inRepository('node_modules/axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

declare const axe: { run(options: object): Promise<AxeResults> };

/** What is wrong, and where, once the page is at rest. */
export async function findings(visit: Visit): Promise<string[]> {
  const { page } = visit;
  await page.evaluate(AXE);
  await visit.still();
  const { violations } = await page.evaluate((values) => axe.run({ runOnly: { type: 'tag', values } }), TAGS);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message).join('; ');
      return `${id} (${help}): ${html} ${why}`;
    }),
  );
}
