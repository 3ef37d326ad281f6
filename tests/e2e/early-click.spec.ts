import { chapters, expect, test } from './page.ts';

test('a click on a figure that is not alive yet is not lost, and nothing stands there twice', async ({
  page,
}) => {
  let letScriptsCome = () => {};
  const scriptsMayCome = new Promise<void>((resolve) => {
    letScriptsCome = resolve;
  });
  await page.route('**/assets/*.js', async (route) => {
    await scriptsMayCome;
    await route.continue();
  });
  await page.goto(chapters.streaming, { waitUntil: 'commit' });
  const figures = page.locator('section.figure');
  await page.getByRole('button', { name: 'Start the cluster' }).first().click();
  const steps = await page.locator('fieldset:not(section.figure *), .step').count();
  const there = await figures.count();
  letScriptsCome();
  await expect(figures.first()).toHaveAttribute('data-phase', 'running', { timeout: 60_000 });
  await expect(page.locator('astro-island[ssr]')).toHaveCount(0);
  expect(await figures.count()).toBe(there);
  expect(await page.locator('fieldset:not(section.figure *), .step').count()).toBe(steps);
});
