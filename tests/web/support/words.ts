/** What the page says in English: the sentences of its source. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vite';
import { inRepository } from './built.ts';

/** A node of the syntax tree, as far as it matters here. */
interface Node {
  type: string;
  name?: string;
  tag?: Node;
  quasi?: Node;
  quasis?: { value: { cooked: string } }[];
  value?: unknown;
  callee?: Node;
  arguments?: Node[];
}

const FOLDERS = ['web/page', 'web/live', 'web/pwa'];

function sources(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(inRepository(folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(inRepository(folder), name)),
  );
}

function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  else if (value && typeof value === 'object') {
    if ('type' in value) yield value as Node;
    for (const part of Object.values(value)) yield* nodesOf(part);
  }
}

function withNumbers({ quasis }: Node): string {
  return quasis!.map(({ value }, index) => (index > 0 ? `{${index - 1}}` : '') + value.cooked).join('');
}

function* nodesIn(folders: readonly string[]): Generator<Node> {
  for (const path of sources(folders)) yield* nodesOf(parseAst(readFileSync(path, 'utf8'), { lang: 'ts' }));
}

/** All that stands in say`...`. */
export function said(): Set<string> {
  const sentences = new Set<string>();
  for (const { type, tag, quasi } of nodesIn(FOLDERS))
    if (type === 'TaggedTemplateExpression' && tag!.name === 'say') sentences.add(withNumbers(quasi!));
  return sentences;
}

/** What is wrong with files and connections, in the library's words. */
export function complaints(): Set<string> {
  const found = new Set<string>();
  for (const { type, callee, arguments: given } of nodesIn(['web'])) {
    if (type !== 'NewExpression' || callee!.name !== 'TaggramError') continue;
    const [code, message] = given!;
    if (['bad-option', 'engine'].includes(code!.value as string)) continue; // of programs, not of people
    if (message?.type === 'TemplateLiteral') found.add(withNumbers(message));
    if (message?.type === 'Literal') found.add(message.value as string);
  }
  return found;
}

/** All texts of the library's and the page's source. */
export function texts(): Set<string> {
  const found = new Set<string>();
  for (const node of nodesIn(['web'])) {
    if (node.type === 'TemplateLiteral') found.add(withNumbers(node));
    if (node.type === 'Literal' && typeof node.value === 'string') found.add(node.value);
  }
  return found;
}
