/** Answers on their way: a few are asked for ahead, so that an engine need not wait while the page draws. */
export class Ahead {
  private readonly answers: Promise<void>[] = [];

  constructor(private readonly most: number) {}

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
