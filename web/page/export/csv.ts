/** CSV (RFC 4180, lines ended by \n): a header, then one line a segment. */
import type { TaggedFile } from '../../taggram.ts';
import { significant } from './digits.ts';

export function* toCsv(result: TaggedFile): Generator<string> {
  const { file, model, version, hop, tags, segments, taggram } = result;
  yield line(['file', 'model', 'version', 'hop', 'start', 'end', 'silent', 'padded', ...tags.map(quoted)]);
  for (const [index, { start, end, silent, padded }] of segments.entries())
    yield line([
      quoted(file),
      quoted(model),
      version,
      hop.toFixed(3),
      start.toFixed(3),
      end.toFixed(3),
      Number(silent),
      Number(padded),
      ...taggram[index]!.map(significant),
    ]);
}

function line(fields: readonly (string | number)[]): string {
  return `${fields.join(',')}\n`;
}

function quoted(text: string): string {
  return /[,"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
