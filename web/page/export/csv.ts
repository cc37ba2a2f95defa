/** CSV (RFC 4180, lines ended by \n): a header, then one line a segment. */
import type { TaggedFile } from '../../taggram.ts';
import { significant } from './digits.ts';

const FACTS = ['file', 'model', 'version', 'hop', 'length', 'start', 'end', 'silent', 'padded'];

export function* toCsv(result: TaggedFile): Generator<string> {
  const { file, model, version, hop, length, tags, segments, taggram } = result;
  yield line([...FACTS, ...tags.map(quoted)]);
  for (const [index, { start, end, silent, padded }] of segments.entries())
    yield line([
      quoted(file),
      quoted(model),
      version,
      hop.toFixed(3),
      length.toFixed(3),
      start.toFixed(3),
      end.toFixed(3),
      Number(silent),
      Number(padded),
      ...taggram[index]!.map(significant),
    ]);
}

function line(fields: readonly (string | number)[]): string {
  return `${fields.join(',')}
`;
}

function quoted(text: string): string {
  return /[,"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
