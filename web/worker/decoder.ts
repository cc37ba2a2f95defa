/** The decoding worker: takes one file of any kind apart and answers one question about it. */
import { answerWith, tell } from './answering.ts';
import { UNKNOWN } from '../decode/facts.ts';
import { FORMATS } from '../decode/formats.ts';
import { readHeader } from '../decode/header.ts';
import { decodeByPacket } from '../decode/packets.ts';

/** Progress is told at most this often. */
const EVERY_MS = 200;

answerWith(async ({ kind, file, name }) =>
  kind === 'pcm' ? decodeByPacket(file, tellProgress) : ((await readHeader(file, name, FORMATS)) ?? UNKNOWN),
);

let toldAt = 0;

function tellProgress(): void {
  const now = performance.now();
  if (now - toldAt < EVERY_MS) return;
  toldAt = now;
  tell({ kind: 'progress' });
}
