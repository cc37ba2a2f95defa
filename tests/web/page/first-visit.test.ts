/** What comes over the wire until someone who has never been here sees a taggram. */
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { weighFirstVisit } from '../../bench/site/first-visit.ts';
import { builtPage } from '../support/built.ts';
import { launch } from '../support/chromium.ts';
import { serve } from '../support/server.ts';

const MOST_BYTES = 720e3;

it('is less than 720 kB, the default model included and the example not', async () => {
  const folder = dirname(builtPage());
  const [browser, site] = await Promise.all([launch(), serve(folder)]);
  try {
    const { total, files } = await weighFirstVisit(browser, site.address, folder);
    console.log(`${total} bytes in ${files.length} files`);
    expect(files.map(({ name }) => name).filter((name) => name.endsWith('.gguf'))).toHaveLength(1);
    expect(files.map(({ name }) => name).filter((name) => /header|decoder/.test(name))).toEqual([]); // an mp3 wants none
    expect(total).toBeLessThan(MOST_BYTES);
  } finally {
    await browser.close();
    site.close();
  }
});
