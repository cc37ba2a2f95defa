/**
 * The page in a person's language. English stands where it is said, in index.html and in say`...`; each other language is
 * one file in web/languages, which tells for every English sentence its own. {0}, {1} ... are what is filled in, <0>...</0>
 * what a sentence of index.html has inside: links, buttons.
 */

import { remembered } from './memory.ts';

type Words = Readonly<Record<string, string>>;

const FILES = import.meta.glob<Words>('../languages/*.json', { import: 'default' });
const CODE = /([\w-]+)\.json$/;
/** Under which the chosen one is remembered. */
export const LANGUAGE_KEY = 'taggram-language';
/** Characters by which a sentence of the library is known. */
const LEAST_KNOWN = 12;
const ATTRIBUTES = ['aria-label', 'title', 'placeholder'];

/** By their codes. */
export const LANGUAGES: readonly string[] = ['en', ...Object.keys(FILES).map((path) => CODE.exec(path)![1]!)];

/** What was chosen, or else what the browser asks for. */
export const language = chosen();

const words: Words = await wordsOf(language);

const POINT = new Intl.NumberFormat(language).formatToParts(0.5)[1]!.value;

/** A sentence of the page in the person's language, its numbers and names filled in. */
export function say(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  const english = parts.reduce((sentence, part, index) => `${sentence}{${index - 1}}${part}`);
  return filled(words[english] ?? english, values);
}

/** A sentence of the library, or a number in it, which speaks English, in the person's language where that is known. */
export function translated(sentence: string): string {
  if (/^\d+\.\d+$/.test(sentence)) return sentence.replace('.', POINT);
  const found = Object.keys(words)
    .filter((english) => literal(english) >= LEAST_KNOWN || english === sentence)
    .sort((a, b) => literal(b) - literal(a));
  for (const english of found) {
    const values = valuesIn(sentence, english);
    if (values) return filled(words[english]!, values.map(translated));
  }
  return sentence;
}

/** 0.5 -> "0.5" or "0,5" */
export function decimal(value: number, digits: number): string {
  return value.toFixed(digits).replace('.', POINT);
}

/** Its own name, as "Deutsch". */
export function nameOf(code: string): string {
  return new Intl.DisplayNames(code, { type: 'language' }).of(code) ?? code;
}

/** Puts all of index.html into the person's language. */
export function translatePage(): void {
  if (language === 'en') return;
  document.documentElement.lang = language;
  document.title = translated(document.title);
  translate(document.body);
}

/** An element that says something is one sentence, with what is inside of it; others are looked into. */
function translate(element: Element): void {
  if (element.matches('svg, script, [translate="no"]')) return;
  for (const name of ATTRIBUTES) {
    const text = element.getAttribute(name);
    if (text) element.setAttribute(name, words[text] ?? text);
  }
  const isSentence = [...element.childNodes].some(
    (node) => node.nodeType === Node.TEXT_NODE && node.nodeValue!.trim(),
  );
  if (!isSentence) return [...element.children].forEach(translate);
  const inside: Element[] = [];
  const other = words[sentenceOf(element, inside).replace(/\s+/g, ' ').trim()];
  if (other !== undefined) rewrite(element, other, inside);
}

/** Its words, with numbers for the elements in it, which are added to `inside`. */
function sentenceOf(element: Element, inside: Element[]): string {
  return Array.from(element.childNodes, (node) => {
    if (!(node instanceof Element)) return node.nodeValue!;
    const number = inside.push(node) - 1;
    return `<${number}>${isFixed(node) ? '' : sentenceOf(node, inside)}</${number}>`;
  }).join('');
}

/** What says nothing, or the same in every language. */
function isFixed(element: Element): boolean {
  return element.matches('[translate="no"]') || !element.textContent.trim();
}

function rewrite(element: Element, sentence: string, inside: readonly Element[]): void {
  const open = [element];
  element.replaceChildren();
  for (const token of sentence.split(/(<\/?\d+>)/)) {
    const tag = /^<(\/?)(\d+)>$/.exec(token);
    const last = open[open.length - 1]!;
    if (!tag) last.append(token);
    else if (tag[1]) open.pop();
    else {
      const next = inside[Number(tag[2])]!;
      if (!isFixed(next)) next.replaceChildren();
      last.append(next);
      open.push(next);
    }
  }
}

/** Characters of a sentence that are not filled in. */
function literal(english: string): number {
  return english.replace(/\{\d+\}/g, '').length;
}

function filled(sentence: string, values: readonly (string | number)[]): string {
  return sentence.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]));
}

/** What is filled into an English sentence; undefined where this is not the one. */
function valuesIn(sentence: string, english: string): string[] | undefined {
  const pattern = english.replace(/[.*+?^$()[\]|\\]/g, '\\$&').replace(/\{\d+\}/g, '(.+?)');
  return new RegExp(`^${pattern}$`, 's').exec(sentence)?.slice(1);
}

function chosen(): string {
  const wanted = [remembered(LANGUAGE_KEY), ...(globalThis.navigator?.languages ?? [])];
  const codes = wanted.map((code) =>
    LANGUAGES.find((known) => code === known || code?.startsWith(`${known}-`)),
  );
  return codes.find((code) => code !== undefined) ?? 'en';
}

/** English where the file can't be had. */
async function wordsOf(code: string): Promise<Words> {
  const file = FILES[`../languages/${code}.json`];
  return file ? await file().catch(() => ({})) : {};
}
