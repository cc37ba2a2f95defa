/**
 * A window goes on with its code when another has brought a new version. What it has not loaded yet comes from the host
 * if that still has it; parts of two versions are never mixed.
 */

let outdated = false;

/** Whether this window's version was replaced. */
export const isOutdated = () => outdated;

/** Another window has brought a new version. */
export function outdate(): void {
  outdated = true;
}
