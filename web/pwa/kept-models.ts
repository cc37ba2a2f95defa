/** Models that are kept on this device: those are there without a network. */
import { say } from '../page/language.ts';
import { modelAddress } from '../bundled.ts';
import type { MenuSection } from '../page/menu.ts';
import { bytes } from '../page/format.ts';
import { notify } from '../page/notices.ts';
import { DEFAULT_MODEL, MODELS } from '../taggram.ts';
import { modelsCacheName } from './shared.ts';

const NOT_LOADED = say`The models could not be loaded. Check your connection, and try again.`;
const NO_ROOM = say`There is no room left on this device to keep the models. Make some, and try again.`;

export class KeptModels {
  private readonly names = new Set<string>();
  /** Private windows and plain http keep nothing. */
  private readonly isPossible = 'serviceWorker' in navigator && 'caches' in window;

  constructor() {
    if (this.isPossible) void this.look();
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  /** For a menu of models: what keeps all of them, unless they are. */
  get section(): MenuSection[] {
    if (!this.isPossible) return [];
    void this.look();
    if (this.missing.length === 0) return [];
    const size = this.missing.reduce((sum, model) => sum + model.bytes, 0);
    return [
      {
        heading: '',
        items: [
          {
            label: say`Make all available offline`,
            aside: bytes(size),
            detail: say`Keeps the models on this device.`,
            onChoose: () => void this.keepAll(),
          },
        ],
      },
    ];
  }

  private get missing() {
    return MODELS.filter(({ name }) => name !== DEFAULT_MODEL && !this.has(name)); // that one comes with the page
  }

  private async look(): Promise<void> {
    for (const { name } of MODELS) {
      const response = await caches.match(modelAddress(name)).catch(() => undefined); // storage may be forbidden
      if (response) this.names.add(name);
      else this.names.delete(name);
    }
  }

  private async keepAll(): Promise<void> {
    const coming = notify('offline', 'info', say`Loading the models.`);
    try {
      const cache = await caches.open(modelsCacheName());
      await cache.addAll(this.missing.map(({ name }) => String(modelAddress(name))));
      notify('offline', 'info', say`All models are on this device now.`);
    } catch (error) {
      const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
      notify('offline', 'error', isFull ? NO_ROOM : NOT_LOADED);
    } finally {
      coming.remove();
      void this.look();
    }
  }
}
