/** CSV (RFC 4180, lines ended by \n): a header, then one line a segment. */
import type { TaggedFile } from '../../taggram.ts';
import { significant } from './digits.ts';

export function toCsv({ file, model, version, hop, tags, segments, taggram }: TaggedFile): string {
  const header = ['file', 'model', 'version', 'hop', 'start', 'end', 'silent', 'padded', ...tags.map(quoted)];
  const lines = segments.map(({ start, end, silent, padded }, index) => [
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
  return [header, ...lines].map((line) => `${line.join(',')}\n`).join('');
}

function quoted(text: string): string {
  return /[,"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
