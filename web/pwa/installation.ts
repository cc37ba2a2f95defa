/** Brings the service worker, which keeps the page at hand without a network, and offers new versions. */
import { offerReload } from '../page/complaints.ts';
import { say } from '../page/language.ts';
import { notify } from '../page/notices.ts';
import { outdate } from './outdated.ts';
import { persist } from './persistence.ts';
import { SERVICE_WORKER, TAKE_OVER } from './shared.ts';

const REPLACED = say`Another window has brought a new version of Taggram. Load this page again when you are done here.`;
const READY = say`A new version of Taggram is here, for the next visit or for now.`;

export class Installation {
  private hasBegun = false;
  /** A person wants the new version in this page. */
  private isAccepted = false;

  /** A first visit is left alone until `begin`; later ones look for a new version once the page is at rest. */
  constructor() {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    addEventListener('appinstalled', () => {
      this.begin();
      persist().catch(() => undefined); // it works all the same, for as long as there is room
    });
    if (navigator.serviceWorker.controller) addEventListener('load', () => this.begin());
  }

  begin(): void {
    if (this.hasBegun || !import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    this.hasBegun = true;
    // Without it the page works all the same, as long as there is a network.
    this.install().catch(() => undefined);
  }

  private async install(): Promise<void> {
    const { serviceWorker } = navigator;
    let isControlled = serviceWorker.controller !== null;
    serviceWorker.addEventListener('controllerchange', () => {
      if (isControlled) this.replaced();
      isControlled = true;
    });
    const registration = await serviceWorker.register(SERVICE_WORKER);
    const offer = () => serviceWorker.controller && registration.waiting && this.offer(registration);
    registration.addEventListener('updatefound', () =>
      registration.installing?.addEventListener('statechange', offer),
    );
    offer();
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') registration.update().catch(() => undefined); // no network
    });
  }

  private offer(registration: ServiceWorkerRegistration): void {
    notify('version', 'info', READY, {
      label: say`Use it now`,
      onChoose: () => {
        this.isAccepted = true;
        if (registration.waiting) registration.waiting.postMessage(TAKE_OVER);
        else location.reload();
      },
    });
  }

  private replaced(): void {
    if (this.isAccepted) return location.reload();
    outdate();
    offerReload('info', REPLACED);
  }
}
