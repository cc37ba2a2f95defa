/** The page in browsers other than Chromium, by what the drivers of all of them can do. */
import type { TaggedFile } from '../../../web/taggram.ts';

/** What may go to a page and come back from it. */
export type Sent = string | number | boolean | null | Sent[] | { [key: string]: Sent };

/** One page of a browser. */
export interface Driven {
  goto(address: string): Promise<void>;
  /** Runs a function in the page. It goes there as text: it sees its arguments and the page, nothing else. */
  evaluate<A extends Sent[], R>(work: (...given: A) => R | Promise<R>, ...given: A): Promise<R>;
  /** Chooses a file in the page's file input. */
  choose(path: string): Promise<void>;
  close(): Promise<void>;
}

interface Download {
  name: string;
  base64: string;
}

type Keeping = Window & { kept: Promise<Download> };

/** In the page: what it saves next becomes no download, but is kept. */
export function keepNextDownload(): void {
  const { createObjectURL } = URL;
  const { click } = HTMLAnchorElement.prototype;
  const blobs = new Map<string, Blob>();
  (window as unknown as Keeping).kept = new Promise((resolve) => {
    URL.createObjectURL = (blob) => {
      const address = createObjectURL.call(URL, blob);
      blobs.set(address, blob as Blob);
      return address;
    };
    HTMLAnchorElement.prototype.click = function () {
      URL.createObjectURL = createObjectURL;
      HTMLAnchorElement.prototype.click = click;
      const reader = new FileReader();
      reader.onload = () => resolve({ name: this.download, base64: String(reader.result).split(',')[1]! });
      reader.readAsDataURL(blobs.get(this.href)!);
    };
  });
}

/** In the page: what was kept. */
export function keptDownload(): Promise<Download> {
  return (window as unknown as Keeping).kept;
}

/** What a person does on the page. */
export class Guest {
  constructor(readonly page: Driven) {}

  click(selector: string): Promise<void> {
    return this.page.evaluate((wanted) => document.querySelector<HTMLElement>(wanted)!.click(), selector);
  }

  text(selector: string): Promise<string> {
    return this.page.evaluate((wanted) => document.querySelector(wanted)!.textContent!, selector);
  }

  /** Chooses from the menu behind a button by the item's name. */
  async choose(button: string, name: string): Promise<void> {
    await this.click(button);
    await this.page.evaluate(
      (menu, label) => {
        const items = [...document.querySelectorAll<HTMLElement>(`${menu} .menu-item`)];
        items.find((item) => item.querySelector('.menu-label')!.textContent === label)!.click();
      },
      `${button}-menu`,
      name,
    );
  }

  async tagExample(): Promise<void> {
    await this.click('[data-action="example"]');
    await this.tagged('naev-introduction.mp3');
  }

  /** Waits until this file is tagged; throws what the page says if it can't be. */
  async tagged(name: string): Promise<void> {
    const trouble = await this.page.evaluate(async (wanted) => {
      for (;;) {
        const error = document.querySelector('.notice.error p');
        if (error) return error.textContent!;
        const isShown = document.querySelector('#song-title')!.textContent === wanted;
        if (isShown && !document.querySelector<HTMLButtonElement>('#export')!.disabled) return null;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }, name);
    if (trouble !== null) throw new Error(trouble);
  }

  /** Waits until so many seconds of live sound are heard. */
  heard(seconds: number): Promise<void> {
    return this.page.evaluate(async (least) => {
      for (;;) {
        const [minutes, rest] = document.querySelector('.live-time')!.textContent!.split(':').map(Number);
        if (60 * minutes! + rest! >= least) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }, seconds);
  }

  /** The result that the page saves as JSON, taken before it becomes a download. */
  async result(): Promise<TaggedFile> {
    await this.page.evaluate(keepNextDownload);
    await this.click('#export');
    await this.page.evaluate(() => {
      const items = [...document.querySelectorAll<HTMLElement>('#export-menu .menu-item')];
      items.find((item) => item.textContent!.startsWith('JSON'))!.click();
    });
    const { base64 } = await this.page.evaluate(keptDownload);
    return JSON.parse(Buffer.from(base64, 'base64').toString());
  }

  /** Waits until a service worker answers for the server. */
  controlled(): Promise<void> {
    return this.page.evaluate(async () => {
      while (!navigator.serviceWorker.controller) await new Promise((resolve) => setTimeout(resolve, 20));
    });
  }
}
