/** Models that are kept on this device: those are there without a network. */
import { say } from '../page/language.ts';
import { modelAddress } from '../bundled.ts';
import type { MenuItem, MenuSection } from '../page/menu.ts';
import { bytes } from '../page/format.ts';
import { clearNotices, notify } from '../page/notices.ts';
import { sentence } from '../page/sentences.ts';
import { DEFAULT_MODEL, MODELS, TaggramError, type BundledModel } from '../taggram.ts';
import { persist } from './persistence.ts';
import { isWhole, MODEL_KEPT, modelsCacheName } from './shared.ts';

/** The default one is a part of the page, and stays. */
const OTHERS = MODELS.filter(({ name }) => name !== DEFAULT_MODEL);

export class KeptModels {
  private readonly names = new Set<string>();
  /** Private windows and plain http keep nothing. */
  private readonly isPossible = 'serviceWorker' in navigator && 'caches' in window;

  /** `onChange` is told when there are others, or none. */
  constructor(private readonly onChange: () => void) {
    if (!this.isPossible) return;
    void this.look();
    navigator.serviceWorker.addEventListener('message', ({ data }) => {
      if (data === MODEL_KEPT) void this.look();
    });
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  /** What those take that don't come with the page. */
  get bytes(): number {
    return total(OTHERS.filter(({ name }) => this.has(name)));
  }

  /** For a menu of models: what keeps all of them, and what forgets them. */
  get section(): MenuSection[] {
    if (!this.isPossible) return [];
    void this.look();
    const items: MenuItem[] = [];
    if (this.missing.length > 0)
      items.push({
        label: say`Make all available offline`,
        aside: bytes(total(this.missing)),
        detail: say`Keeps the models on this device.`,
        onChoose: () => void this.keepAll(),
      });
    if (this.bytes > 0)
      items.push({
        label: say`Forget models kept offline`,
        aside: bytes(this.bytes),
        detail: say`${DEFAULT_MODEL} comes with the page, and stays.`,
        onChoose: () => void this.forget(),
      });
    return items.length > 0 ? [{ heading: '', items }] : [];
  }

  /** They are loaded again when they are wanted. */
  async forget(): Promise<void> {
    await caches.delete(modelsCacheName()).catch(() => undefined); // storage may be forbidden
    clearNotices('offline');
    notify('offline', 'info', say`The models are forgotten. Each is loaded again when it is next chosen.`);
    await this.look();
  }

  private get missing(): BundledModel[] {
    return OTHERS.filter(({ name }) => !this.has(name));
  }

  private async look(): Promise<void> {
    const before = this.bytes;
    for (const { name } of MODELS) {
      const response = await caches.match(modelAddress(name)).catch(() => undefined); // storage may be forbidden
      if (response) this.names.add(name);
      else this.names.delete(name);
    }
    if (this.bytes !== before) this.onChange();
  }

  private async keepAll(): Promise<void> {
    clearNotices('offline');
    const coming = notify('offline', 'info', say`Loading the models.`);
    try {
      const cache = await caches.open(modelsCacheName());
      for (const model of this.missing) await keep(cache, model);
      notify('offline', 'info', say`All models are on this device now.`);
      await persist().catch(() => undefined); // they are kept all the same, for as long as there is room
    } catch (error) {
      notify('offline', 'error', whyNot(error));
    } finally {
      coming.remove();
      void this.look();
    }
  }
}

/** One that comes damaged is asked for once more, past whatever kept it. */
async function keep(cache: Cache, { name, integrity }: BundledModel): Promise<void> {
  const address = String(modelAddress(name));
  for (const mode of ['default', 'reload'] as const) {
    const response = await fetch(address, { cache: mode });
    if (!response.ok) throw new Error(`${address} can't be had`);
    if (await isWhole(response.clone(), integrity)) return cache.put(address, response);
  }
  throw new TaggramError('bad-model', say`The model ${name} arrived damaged, twice. Try again later.`);
}

function whyNot(error: unknown): string {
  if (error instanceof TaggramError) return sentence(error);
  if (error instanceof DOMException && error.name === 'QuotaExceededError')
    return say`There is no room left on this device to keep the models. Make some, and try again.`;
  return say`The models could not be loaded. Check your connection, and try again.`;
}

function total(models: readonly BundledModel[]): number {
  return models.reduce((sum, model) => sum + model.bytes, 0);
}
