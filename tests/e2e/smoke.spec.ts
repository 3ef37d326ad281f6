import { chapters, expect, expectGoodLooks, firstChapter, test } from './page.ts';

test.describe.configure({ mode: 'parallel' });

const pages = [
  { name: 'the home page', path: '' },
  { name: 'chapter 0', path: chapters.primer },
  { name: 'chapter 2', path: chapters.streaming },
  { name: 'chapter 3', path: chapters.durability },
];

for (const { name, path } of pages)
  test(`${name} is whole, accessible and fits, on each device in each theme`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectGoodLooks(page);
  });

test('the home page leads to the first chapter', async ({ page }) => {
  await page.goto('');
  await page.locator('.call a').click();
  await expect(page).toHaveURL(new RegExp(`/some/wiki/path/${firstChapter}$`));
});

test('chapters lead to each other', async ({ page }) => {
  await page.goto(chapters.streaming);
  const links = page.getByRole('navigation', { name: 'Chapters before and after' });
  await links.getByRole('link', { name: /^Chapter 3/ }).click();
  await expect(page).toHaveURL(new RegExp(`${chapters.durability}$`));
  await links.getByRole('link', { name: /^Chapter 2/ }).click();
  await expect(page).toHaveURL(new RegExp(`${chapters.streaming}$`));
});

test('a theme once chosen is kept', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('');
  const toggle = page.getByRole('button', { name: 'Dark' });
  const ground = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await expect(toggle).toHaveAttribute('aria-pressed', 'false');
  await toggle.click();
  await page.goto(firstChapter);
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');
  expect(await ground()).not.toBe(light);
});

test('the keyboard reaches the text first', async ({ page }) => {
  await page.goto(firstChapter);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the text' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  for (const { name, path } of pages) {
    test(`${name} reads`, async ({ page }) => {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect((await page.locator('main p').allInnerTexts()).join(' ').length).toBeGreaterThan(400);
      await expect(page.getByRole('button', { name: 'Dark' })).toBeHidden();
    });
  }
});

test('every page carries the policy', async ({ page }) => {
  for (const { path } of pages) {
    await page.goto(path);
    const policy = await page
      .locator('meta[http-equiv="content-security-policy" i]')
      .getAttribute('content');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:/);
  }
});
