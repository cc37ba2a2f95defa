import { expect, it } from 'vitest';
import { Site } from '../support/browser.ts';

it('examples of other kinds are there, and sound like them', async () => {
  const site = await Site.open();
  try {
    const visit = await site.visit();
    for (const [words, file, tag] of [
      ['a rock song', 'ufoai-david03.mp3', 'rock'],
      ['a techno track', 'naev-zalek1.mp3', 'techno'],
    ] as const) {
      await visit.page.reload();
      await visit.page.getByRole('button', { name: words }).click();
      await visit.tagged(file);
      expect((await visit.result()).top[0]!.tag).toBe(tag);
    }
    expect(visit.unexpected()).toEqual([]);
  } finally {
    await site.close();
  }
});
