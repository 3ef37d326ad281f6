import { devices, expect, expectAccessible, test, themes } from './page.ts';

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

for (const { device, viewport } of devices) {
  for (const theme of themes) {
    test(`it is accessible and fits: ${theme} ${device}`, async ({ page }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: theme });
      await page.goto('glossary/');
      await expectAccessible(page);
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      expect(over).toBeLessThanOrEqual(0);
    });
  }
}
