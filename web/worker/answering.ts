/** The workers' side of web/decode/ask.ts. */
import { TaggramError } from '../errors.ts';
import { buffersOf } from '../transfer.ts';
import type { Answers, Question, Told } from '../decode/ask.ts';

declare const self: DedicatedWorkerGlobalScope;

export function answerWith(answer: (question: Question) => Promise<Answers[Question['kind']]>): void {
  self.onmessage = async ({ data: question }: MessageEvent<Question>) => {
    try {
      const answered = await answer(question);
      const planes = Array.isArray(answered) ? answered : [];
      tell({ kind: 'answer', answer: answered }, buffersOf(planes));
    } catch (error) {
      const code = error instanceof TaggramError ? error.code : undefined;
      tell({ kind: 'error', ...(code && { code }), message: String((error as Error).message) });
    }
  };
}

export function tell(told: Told, transfer: Transferable[] = []): void {
  self.postMessage(told, transfer);
}
