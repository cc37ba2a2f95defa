/** How the networks work: a figure of each, with the models that are of its kind. Loaded when it is asked for. */
import { say, translated } from '../language.ts';
import { MODELS } from '../../taggram.ts';
import { make } from '../dom.ts';
import './architecture.css';
import { NETWORKS, type Network } from './networks.ts';
import { Walk } from './walk.ts';

class ArchitectureDialog {
  private readonly dialog = make('dialog', 'architecture');
  private readonly choice = make('select');
  private readonly body = make('div', 'architecture-body');
  private walk: Walk | undefined;

  constructor() {
    this.dialog.setAttribute('aria-labelledby', 'architecture-title');
    const head = make('form', 'dialog-head');
    head.method = 'dialog';
    const title = make('h2', '', say`How it works`);
    title.id = 'architecture-title';
    head.append(title, make('button', 'button', say`Close`));
    this.dialog.append(head, this.chooser(), this.body);
    this.dialog.addEventListener('close', () => this.walk?.rest());
    document.body.append(this.dialog);
  }

  open(architecture: string): void {
    this.choice.value = architecture;
    this.show(architecture);
    this.dialog.showModal();
  }

  private chooser(): HTMLElement {
    const field = make('label', 'field');
    field.append(make('span', 'field-name', say`Network`), ' ', this.choice);
    for (const [architecture, { title }] of Object.entries(NETWORKS)) {
      const option = make('option', '', title);
      option.value = architecture;
      this.choice.append(option);
    }
    this.choice.addEventListener('change', () => this.show(this.choice.value));
    return field;
  }

  private show(architecture: string): void {
    const network = NETWORKS[architecture]!;
    this.walk?.rest();
    this.walk = new Walk(network);
    const words = make('div', 'architecture-words');
    words.append(make('p', '', network.summary), this.walk.controls, ...facts(architecture, network));
    this.body.replaceChildren(words, this.walk.figure.element);
  }
}

/** What the bundled models of this kind tell of themselves. */
function facts(architecture: string, { title }: Network): HTMLElement[] {
  const models = MODELS.filter((model) => model.architecture === architecture);
  if (models.length === 0) return [make('p', 'note', say`No ${title} model is bundled with this page yet.`)];
  return models.map(({ name, dataset, publishedScores }) => {
    const about = make('p', 'note');
    about.append(
      make('strong', '', name),
      say`: trained on ${translated(dataset)}. ${translated(publishedScores)}`,
    );
    return about;
  });
}

let dialog: ArchitectureDialog | undefined;

export function showArchitecture(architecture: string): void {
  dialog ??= new ArchitectureDialog();
  dialog.open(architecture);
}
