/** The examples in the README. */
import { readFileSync } from 'node:fs';
import { inRepository } from './built.ts';

/** The indented blocks of the section of this title, without their indentation. */
export function readmeBlocks(title: string): string[] {
  const text = readFileSync(inRepository('README.md'), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`${title}\n`));
  if (!section) throw new Error(`README.md has no section "${title}"`);
  return (section.match(/(?:^ {4}.*\n|^\n(?= {4}))+/gm) ?? []).map((block) =>
    block.replace(/^ {4}/gm, '').trim(),
  );
}
