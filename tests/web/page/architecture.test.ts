/** How the networks work: their figures, and the walk through them. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NETWORKS } from '../../../web/page/architecture/networks.ts';
import { MODELS } from '../../../web/taggram.ts';
import { IN_FIREFOX, Site, type Visit } from '../support/browser.ts';

let site: Site;
let visit: Visit;
let page: Page;

beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site?.close());

describe('the networks', () => {
  it('are known of all bundled models', () => {
    for (const { architecture } of MODELS) expect(Object.keys(NETWORKS)).toContain(architecture);
  });

  it('have the shapes that the trained ones have', () => {
    const sizes = (name: string) => NETWORKS[name]!.steps.map(({ size }) => size);
    expect(sizes('waveform').slice(1, 9)).toEqual([
      ...['15,957 × 64', '5,318 × 64', '1,772 × 64', '590 × 128', '196 × 128', '64 × 128', '20 × 256'],
      '14 × 512',
    ]);
    expect(sizes('spectrogram').slice(3, 7)).toEqual(['187 × 464', '181 × 512', '181 × 512', '90 × 512']);
  });
});

describe('in the page', () => {
  afterEach(async () => {
    expect(visit.unexpected()).toEqual([]);
    await visit.close();
  });

  async function open(reducedMotion: 'reduce' | 'no-preference'): Promise<void> {
    visit = await site.visit({ reducedMotion });
    page = visit.page;
    await page.click('[data-action="architecture"]');
    await page.locator('.architecture[open]').waitFor();
  }

  const lit = () => page.locator('.network .lit .step-name').allTextContents();

  it('are loaded when they are asked for, the chosen model’s first', async () => {
    const asked: string[] = [];
    visit = await site.visit({}, async (opened) => opened.on('request', (one) => asked.push(one.url())));
    page = visit.page;
    await page.waitForLoadState('networkidle');
    const before = asked.length;
    expect(asked.some((url) => url.includes('dialog'))).toBe(false);
    await page.click('[data-action="architecture"]');
    await page.locator('.architecture[open]').waitFor();
    expect(asked.slice(before).some((url) => url.includes('dialog'))).toBe(true);
    expect(await page.getByRole('combobox', { name: 'Network' }).inputValue()).toBe('musicnn');
    await page.getByText('MTT_musicnn: trained on MagnaTagATune').waitFor();
  });

  it('are drawn with a title and a description', async () => {
    await open('reduce');
    await page.getByRole('combobox', { name: 'Network' }).selectOption('waveform');
    await page.getByRole('img', { name: 'Waveform, from samples to tags' }).waitFor();
    expect(await page.locator('.network desc').textContent()).toContain('Layer 7 of 7, 20 × 256; Back-end');
  });

  it('light up step by step: by keys, and where they are pointed at', async () => {
    await open('reduce');
    expect(await lit()).toEqual(['Samples']);
    const slider = page.getByRole('slider', { name: 'Step' });
    await slider.press('ArrowRight');
    expect(await lit()).toEqual(['Log-mel spectrogram']);
    expect(await slider.getAttribute('aria-valuetext')).toBe('2 of 11: Log-mel spectrogram');
    await page.locator('.network .step', { hasText: 'Mid-end' }).hover();
    expect(await lit()).toEqual(['Mid-end, first layer']);
    expect(await page.locator('.network .passed').count()).toBe(4);
    await page.getByText('64 filters that hear seven moments of all features.').waitFor();
  });

  // Nobody who comes with Firefox wants motion, so there is no such button.
  it.skipIf(IN_FIREFOX)('play by themselves, to the end', async () => {
    visit = await site.visit({ reducedMotion: 'no-preference' }, (opened) => opened.clock.install());
    page = visit.page;
    await page.click('[data-action="architecture"]');
    await page.getByRole('button', { name: 'Play', exact: true }).last().click();
    expect(await lit()).toEqual(['Log-mel spectrogram']);
    await page.clock.runFor(60_000);
    expect(await lit()).toEqual(['Tags']);
    await page.getByRole('slider', { name: 'Step' }).press('ArrowLeft');
    await page.locator('.walk .button').click();
    await page.clock.runFor(60_000);
    expect(await lit()).toEqual(['Tags']);
  });

  it('are scrolled to where the data is', async () => {
    visit = await site.visit({ reducedMotion: 'reduce', viewport: { width: 360, height: 640 } });
    page = visit.page;
    await page.click('[data-action="architecture"]');
    await page.getByRole('slider', { name: 'Step' }).press('End');
    const bottom = (selector: string) =>
      page.locator(selector).evaluate((element) => element.getBoundingClientRect().bottom);
    expect(await lit()).toEqual(['Tags']);
    expect(await bottom('.network .lit .step-name')).toBeGreaterThan(await bottom('.walk'));
    expect(await bottom('.network .lit .step-name')).toBeLessThan(640);
  });

  it('stand still for those who want no motion', async () => {
    await open('reduce');
    const next = page.getByRole('button', { name: 'Next step' });
    await next.click();
    await next.click();
    expect(await lit()).toEqual(['Timbre and rhythm']);
  });
});
