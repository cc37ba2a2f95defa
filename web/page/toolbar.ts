/** The controls above the taggram. They report what is wanted and show what is chosen. */
import { framesToSeconds, MODELS, type BundledModel } from '../taggram.ts';
import { hopsOf, modelNamed, type Choice } from './choice.ts';
import { find, make } from './dom.ts';
import { bytes } from './format.ts';
import { Menu, type MenuItem } from './menu.ts';
import type { Sort } from './rows.ts';

export interface ToolbarEvents {
  onModel(name: string): void;
  onOther(name: string | null): void;
  onHop(frames: number): void;
  onSort(sort: Sort): void;
  onFilter(filter: string): void;
  onDifference(shown: boolean): void;
}

export class Toolbar {
  private readonly model = find<HTMLButtonElement>('#model');
  private readonly other = find<HTMLButtonElement>('#compare');
  private readonly hop = find<HTMLSelectElement>('#hop');
  private readonly sort = find<HTMLSelectElement>('#sort');
  private readonly filter = find<HTMLInputElement>('#filter');
  private readonly difference = find<HTMLButtonElement>('#difference');

  constructor(
    private readonly choice: Choice,
    private readonly isLoaded: (model: string) => boolean,
    private readonly events: ToolbarEvents,
  ) {
    new Menu(this.model, 'Model', () => [{ heading: '', items: this.models() }]);
    new Menu(this.other, 'Compare with', () => [{ heading: '', items: this.others() }]);
    this.hop.addEventListener('change', () => events.onHop(Number(this.hop.value)));
    this.sort.addEventListener('change', () => events.onSort(this.sort.value as Sort));
    this.filter.addEventListener('input', () => events.onFilter(this.filter.value));
    this.difference.addEventListener('click', () => events.onDifference(!choice.difference));
    this.show();
  }

  /** Shows what is chosen. */
  show(): void {
    const { model, other, hopFrames, sort, difference } = this.choice;
    find('.field-value', this.model).textContent = model;
    find('.field-value', this.other).textContent = other ?? 'nothing';
    this.hop.replaceChildren(...hopsOf(modelNamed(model)!).map((frames) => hopOption(frames, hopFrames)));
    this.sort.value = sort;
    this.difference.hidden = other === null;
    this.difference.setAttribute('aria-pressed', String(difference));
  }

  /** Says how many rows the filter leaves. */
  tellCount([shown, all]: [number, number]): void {
    find('#filter-count').textContent = shown < all ? `${shown} of ${all} tags` : '';
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
      label: 'Nothing',
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

  private item({ name, dataset, bytes: size }: BundledModel) {
    const loaded = this.isLoaded(name);
    return {
      label: name,
      aside: loaded ? 'loaded' : `${bytes(size)} to load`,
      detail: `Trained on ${dataset}.`,
    };
  }
}

function hopOption(frames: number, chosen: number): HTMLOptionElement {
  const option = make('option', '', `${framesToSeconds(frames)} s`);
  option.value = String(frames);
  option.selected = frames === chosen;
  return option;
}
