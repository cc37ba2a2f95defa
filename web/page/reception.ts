/** Takes what is brought to the page, file after file, until one can be tagged. */
import { inspectFile } from '../taggram.ts';
import { find } from './dom.ts';
import { fetchExample } from './example.ts';
import { listenForFiles, type Intake } from './intake.ts';
import { clearNotices, notify, patiently, Troubles } from './notices.ts';
import { Run } from './run.ts';
import { isOurs, ofFolders, sentence } from './sentences.ts';

export class Reception {
  /** Counts what is brought to the page. */
  private intakes = 0;
  /** The latest intake of which a song has been begun: what came earlier yields to it, however slow it was to read. */
  private begun = 0;

  /** `tag` rejects if the song can't be tagged, and resolves when it has something to show or gives way to another. */
  constructor(private readonly tag: (run: Run) => Promise<void>) {
    listenForFiles((intake) => this.receive(intake));
    const example = find<HTMLButtonElement>('[data-action="example"]');
    example.addEventListener('click', () => void this.takeExample(example));
  }

  private receive({ files, folders }: Intake): void {
    clearNotices('intake');
    if (folders.length > 0) notify('intake', 'error', ofFolders(folders));
    if (files.length > 0) void this.tagFirst(++this.intakes, files);
  }

  private async takeExample(button: HTMLButtonElement): Promise<void> {
    const intake = ++this.intakes;
    clearNotices('intake');
    button.disabled = true;
    try {
      const example = await patiently('Loading the example.', fetchExample());
      void this.tagFirst(intake, [example]);
    } catch (error) {
      notify('intake', 'error', sentence(error));
    } finally {
      button.disabled = false;
    }
  }

  /** Tags the first of these files that can be tagged, and tells what is wrong with those before it. */
  private async tagFirst(intake: number, files: readonly File[]): Promise<void> {
    const troubles = new Troubles();
    for (const [index, file] of files.entries()) {
      try {
        const facts = await patiently(`Looking into ${file.name}.`, inspectFile(file));
        if (intake < this.begun) return;
        this.begun = intake;
        const others = files.slice(index + 1).map(({ name }) => name);
        return await this.tag(new Run(file, facts, others));
      } catch (error) {
        if (isOurs(error)) return void notify('intake', 'error', sentence(error)); // no other file would fare better
        troubles.add(file.name, sentence(error));
      }
    }
  }
}
