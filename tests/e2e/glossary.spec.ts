import { expect, expectGoodLooks, test } from './page.ts';

test('every word leads to the section where it is met', async ({ page }) => {
  await page.goto('glossary/');
  const terms = page.locator('.glossary > div');
  const links = await terms
    .getByRole('link')
    .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
  expect(links.length).toBeGreaterThan(30);
  const missing: string[] = [];
  for (const chapter of new Set(links.map((href) => href.replace(/#.*/, '')))) {
    await page.goto(chapter);
    const ids = new Set(
      await page.locator('main [id]').evaluateAll((all) => all.map(({ id }) => id)),
    );
    const anchors = links.filter((href) => href.startsWith(`${chapter}#`));
    missing.push(
      ...anchors.filter((href) => !ids.has(decodeURIComponent(href.replace(/.*#/, '')))),
    );
  }
  expect(missing).toEqual([]);
});

test('it is accessible and fits, on each device in each theme', async ({ page }) => {
  await page.goto('glossary/');
  await expectGoodLooks(page);
});
