/** Finds what index.html promises; a missing element is a bug and says so. */
export function find<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`index.html has no ${selector}`);
  return found;
}

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  text = '',
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

export const prefersDark = matchMedia('(prefers-color-scheme: dark)');
export const prefersStillness = matchMedia('(prefers-reduced-motion: reduce)');

/** What the page's style sheet calls by these names, for what is painted. */
export function styleOf(name: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function theme(): 'light' | 'dark' {
  return prefersDark.matches ? 'dark' : 'light';
}
