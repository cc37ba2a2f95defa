/** A sentence on how far the two models that are shown agree. */
import { decimal, say } from './language.ts';
import { Agreement, STRONGEST } from './agreement.ts';
import { find } from './dom.ts';
import { clock, plain } from './format.ts';
import type { Scores } from './raster.ts';

type Pair = [first: () => Scores, second: () => Scores];

export class AgreementNote {
  private readonly root = find('#agreement');
  private readonly moment = find('#agreement-moment');
  private agreement: Agreement | undefined;
  /** Where the two are furthest apart, in seconds. */
  private furthest = 0;

  constructor(onSeek: (seconds: number) => void) {
    this.moment.addEventListener('click', () => onSeek(this.furthest));
  }

  /** Of these two from here on, or of none. */
  begin(pair: Pair | null): void {
    this.agreement = pair ? new Agreement(...pair) : undefined;
    this.refresh();
  }

  refresh(): void {
    const { agreement } = this;
    agreement?.update();
    this.root.hidden = !agreement?.counted;
    if (!agreement?.counted) return;
    const { common, correlation, furthest } = agreement;
    const related = Number.isNaN(correlation)
      ? ''
      : say`, and their scores correlate at ${plain(correlation)}`;
    this.furthest = furthest!.start;
    find('#agreement-words').textContent =
      say`The two agree on ${decimal(common, 1)} of the ${STRONGEST} strongest tags of a segment, on average${related}.`;
    this.moment.textContent = clock(this.furthest);
  }
}
