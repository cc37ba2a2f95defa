/** The controls above the taggram. They report what is wanted and show what is chosen. */
import { say, translated } from './language.ts';
import type { KeptModels } from '../pwa/kept-models.ts';
import { framesToSeconds, MODELS, type BundledModel } from '../taggram.ts';
import { FRONT_ENDS, hopsOf, listsOf, modelNamed, type Choice } from './choice.ts';
import { find, make } from './dom.ts';
import { bytes, number } from './format.ts';
import { Menu, type MenuItem, type MenuSection } from './menu.ts';
import type { Sort } from './rows.ts';

export interface ToolbarEvents {
  onModel(name: string): void;
  onOther(name: string | null): void;
  onPair(model: string, other: string): void;
  onList(list: string | null): void;
  onHop(frames: number): void;
  onSort(sort: Sort): void;
  onFilter(filter: string): void;
  onDifference(shown: boolean): void;
}

export class Toolbar {
  private readonly model = find<HTMLButtonElement>('#model');
  private readonly other = find<HTMLButtonElement>('#compare');
  private readonly list = find<HTMLSelectElement>('#list');
  private readonly hop = find<HTMLSelectElement>('#hop');
  private readonly sort = find<HTMLSelectElement>('#sort');
  private readonly filter = find<HTMLInputElement>('#filter');
  private readonly difference = find<HTMLButtonElement>('#difference');

  constructor(
    private readonly choice: Choice,
    private readonly isLoaded: (model: string) => boolean,
    private readonly kept: KeptModels,
    private readonly events: ToolbarEvents,
  ) {
    new Menu(this.model, say`Model`, () => [{ heading: '', items: this.models() }, ...this.kept.section]);
    new Menu(this.other, say`Compare with`, () => [{ heading: '', items: this.others() }, ...this.pairs()]);
    this.list.addEventListener('change', () => events.onList(this.list.value || null));
    this.hop.addEventListener('change', () => events.onHop(Number(this.hop.value)));
    this.sort.addEventListener('change', () => events.onSort(this.sort.value as Sort));
    this.filter.addEventListener('input', () => events.onFilter(this.filter.value));
    this.difference.addEventListener('click', () => events.onDifference(!choice.difference));
    this.show();
  }

  /** Shows what is chosen. */
  show(): void {
    const { model, other, list, hopFrames, sort, difference } = this.choice;
    const lists = listsOf([model, other]);
    find('.field-value', this.model).textContent = model;
    find('.field-value', this.other).textContent = other ?? say`nothing`;
    this.list.parentElement!.hidden = lists.length === 0;
    this.list.replaceChildren(
      ...lists.map((name) => option(name, name, name === list)),
      option('', say`both`, list === null || !lists.includes(list)),
    );
    this.hop.replaceChildren(
      ...hopsOf(modelNamed(model)!).map((frames) =>
        option(String(frames), `${number(framesToSeconds(frames))} s`, frames === hopFrames),
      ),
    );
    this.sort.value = sort;
    this.difference.hidden = other === null;
    this.difference.setAttribute('aria-pressed', String(difference));
  }

  /** Says how many rows the filter leaves. */
  tellCount([shown, all]: [number, number]): void {
    find('#filter-count').textContent = shown < all ? say`${shown} of ${all} tags` : '';
  }

  private models(): MenuItem[] {
    return MODELS.map((model) => ({
      ...this.item(model),
      checked: model.name === this.choice.model,
      onChoose: () => this.events.onModel(model.name),
    }));
  }

  private others(): MenuItem[] {
    const nothing = {
      label: say`Nothing`,
      checked: this.choice.other === null,
      onChoose: () => this.events.onOther(null),
    };
    const others = MODELS.filter(({ name }) => name !== this.choice.model).map((model) => ({
      ...this.item(model),
      checked: model.name === this.choice.other,
      onChoose: () => this.events.onOther(model.name),
    }));
    return [nothing, ...others];
  }

  private pairs(): MenuSection[] {
    if (!FRONT_ENDS) return [];
    const [waveform, spectrogram] = FRONT_ENDS;
    const pair = {
      label: say`Waveform against spectrogram`,
      detail: say`The paper’s two front-ends, on one back-end.`,
      onChoose: () => this.events.onPair(waveform.name, spectrogram.name),
    };
    return [{ heading: '', items: [pair] }];
  }

  private item({ name, dataset, bytes: size }: BundledModel) {
    const place = this.isLoaded(name) ? say`loaded` : this.kept.has(name) ? say`on this device` : undefined;
    return {
      label: name,
      aside: place ?? say`${bytes(size)} to load`,
      detail: say`Trained on ${translated(dataset)}.`,
    };
  }
}

function option(value: string, text: string, isChosen: boolean): HTMLOptionElement {
  const made = make('option', '', text);
  made.value = value;
  made.selected = isChosen;
  return made;
}
