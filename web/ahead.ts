/** Answers asked for at a time, so that an engine need not wait while the page draws; more would slow cancelling down. */
const MOST = 3;

/** Answers on their way from one engine. */
export class Ahead {
  private readonly answers: Promise<void>[] = [];

  constructor(private readonly most = MOST) {}

  /** Adds an answer; resolves when there is room for another. Rejects with the first that failed. */
  async add(answer: Promise<void>): Promise<void> {
    answer.catch(() => {}); // seen when its turn comes, unless an earlier one fails
    if (this.answers.push(answer) === this.most) await this.answers.shift();
  }

  /** Resolves when all are here. */
  async all(): Promise<void> {
    while (this.answers.length > 0) await this.answers.shift();
  }
}
