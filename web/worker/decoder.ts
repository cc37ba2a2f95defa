/** The decoding worker: takes one file of any kind apart: tells its header, or one piece after another. */
import { answerWith, tell } from './answering.ts';
import { UNKNOWN } from '../decode/facts.ts';
import { FORMATS } from '../decode/formats.ts';
import { readHeader } from '../decode/header.ts';
import { kindOf } from '../decode/kinds.ts';
import { decodeByPacket } from '../decode/packets.ts';
import { aiffFacts } from '../decode/slices/aiff.ts';

/** Progress is told at most this often. */
const EVERY_MS = 200;

let pieces: AsyncGenerator<Float32Array[], void> | undefined;

answerWith(async ({ kind, file, name }) => {
  if (kind !== 'piece')
    return (
      (await readHeader(file, name, FORMATS)) ??
      (await aiffFacts(file)) ??
      (await kindOf(file, name)) ??
      UNKNOWN
    );
  pieces ??= decodeByPacket(file, tellProgress);
  return (await pieces.next()).value ?? undefined;
});

let toldAt = 0;

function tellProgress(): void {
  const now = performance.now();
  if (now - toldAt < EVERY_MS) return;
  toldAt = now;
  tell({ kind: 'progress' });
}
