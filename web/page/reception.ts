/** Takes what is brought to the page into the list, and shows the first song of it that can be tagged. */
import { say } from './language.ts';
import { listenForLaunches } from '../pwa/launches.ts';
import { complain } from './complaints.ts';
import { fetchExample } from './example.ts';
import { listenForFiles, type Intake } from './intake.ts';
import { clearNotices, notify, patiently, Troubles } from './notices.ts';
import type { Item, Queue } from './queue/queue.ts';
import { isOurs, noAudioIn, sentence } from './sentences.ts';

export class Reception {
  /** Counts what is brought to the page. */
  private intakes = 0;
  /** The latest intake of which a song has been shown: what came earlier yields to it, however slow it was to read. */
  private begun = 0;

  /** `open` rejects if the song can't be tagged, and resolves when it has something to show or gives way to another. */
  constructor(
    private readonly queue: Queue,
    private readonly open: (item: Item) => Promise<void>,
  ) {
    listenForFiles((intake) => this.receive(intake));
    for (const button of document.querySelectorAll<HTMLButtonElement>('[data-example]'))
      button.addEventListener('click', () => void this.takeExample(button));
    listenForLaunches((files) => this.receive({ files, silent: [] }));
  }

  private receive({ files, silent }: Intake): void {
    clearNotices('intake');
    if (silent.length > 0) notify('intake', 'error', noAudioIn(silent));
    if (files.length > 0) void this.showFirst(++this.intakes, files);
  }

  private async takeExample(button: HTMLButtonElement): Promise<void> {
    const intake = ++this.intakes;
    clearNotices('intake');
    button.disabled = true;
    try {
      const example = await patiently(say`Loading the example.`, fetchExample(button.dataset['example']));
      void this.showFirst(intake, [example]);
    } catch (error) {
      complain('intake', error);
    } finally {
      button.disabled = false;
    }
  }

  /** Shows the first of these files that can be tagged, and tells what is wrong with those before it. */
  private async showFirst(intake: number, files: readonly File[]): Promise<void> {
    const troubles = new Troubles();
    for (const item of this.queue.add(files)) {
      try {
        await patiently(say`Looking into ${item.name}.`, item.inspect());
        if (intake < this.begun) break;
        this.begun = intake;
        await this.open(item);
        break;
      } catch (error) {
        if (isOurs(error)) {
          complain('intake', error);
          break; // no other file would fare better
        }
        this.queue.fail(item, error);
        troubles.add(item.name, sentence(error));
      }
    }
    this.queue.next();
  }
}
