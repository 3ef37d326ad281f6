import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import {
  chapters,
  expect,
  expectAccessible,
  expectGoodLooks,
  hydrated,
  keepOnDevice,
  test,
} from './page.ts';

test.describe.configure({ mode: 'parallel' });

/** Noon on the n-th day after a learner missed her first question. */
const day = (n: number): Date => new Date(2026, 10, 2 + n, 12);

const question = (page: Page) => page.locator('form[data-item="r1-who-writes"]');
const standing = (page: Page) => page.locator('.review .standing');

async function answer(page: Page, label: 'walreceiver' | 'startup process'): Promise<void> {
  await question(page).getByLabel(label).check();
  await question(page).getByRole('button', { name: 'Check' }).click();
}

/** Misses a question of chapter 2 on day 0. */
async function miss(page: Page): Promise<void> {
  await page.clock.setFixedTime(day(0));
  await page.goto(chapters.streaming);
  await hydrated(page);
  await answer(page, 'walreceiver');
  await expect(question(page).locator('.verdict')).toContainText('It comes back a day later.');
}

/** Opens the page of what is due, on that day. */
async function comeBack(page: Page, n: number): Promise<void> {
  await page.clock.setFixedTime(day(n));
  await page.goto('review/');
  await hydrated(page);
}

test('what was missed comes back after 1, 4 and 14 days, and then no more', async ({ page }) => {
  await miss(page);
  await comeBack(page, 0);
  await expect(standing(page)).toHaveText('Nothing is due today. Tomorrow 1.');
  await page.goto('');
  await expect(page.getByRole('heading', { name: 'Come back to' })).toBeHidden();

  // The home page leads there on the next day, and so does “Your work”.
  await page.clock.setFixedTime(day(1));
  await page.goto('progress/');
  await hydrated(page);
  await expect(page.getByRole('region', { name: 'Come back to' })).toContainText(
    '1 question that you missed is to be answered today.',
  );
  await page.goto('');
  await expect(page.getByRole('heading', { name: 'Come back to' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: '1 question that you missed' }).click();
  await hydrated(page);
  await expect(standing(page)).toHaveText('1 question to answer today.');

  // By keyboard alone; the reasons come with the verdict.
  await question(page).getByRole('radio', { name: 'startup process' }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(question(page).locator('.verdict')).toBeFocused();
  await expect(question(page).locator('.verdict')).toHaveText('Right. It comes back in 4 days.');
  await expect(question(page)).toContainText('Right: startup process.');
  await expect(standing(page)).toHaveText('That was all for today. In 4 days 1.');
  await expectAccessible(page);

  await comeBack(page, 5);
  await answer(page, 'startup process');
  await expect(question(page).locator('.verdict')).toHaveText('Right. It comes back in 14 days.');
  await comeBack(page, 18);
  await expect(standing(page)).toHaveText('Nothing is due today. Tomorrow 1.');
  await comeBack(page, 19);
  await answer(page, 'startup process');
  await expect(question(page).locator('.verdict')).toContainText('it does not come back.');
  await comeBack(page, 60);
  await expect(standing(page)).toContainText('There is nothing to come back to.');
});

test('a wrong answer puts it back to one day', async ({ page }) => {
  await miss(page);
  await comeBack(page, 1);
  await answer(page, 'startup process');
  await comeBack(page, 5);
  await answer(page, 'walreceiver');
  await expect(question(page).locator('.verdict')).toHaveText('Not quite. It comes back tomorrow.');
  await expect(question(page)).toContainText('Wrong: walreceiver.');
  await comeBack(page, 6);
  await expect(standing(page)).toHaveText('1 question to answer today.');
});

test('the right answer at once, in the chapter, does not spare the next day', async ({ page }) => {
  await miss(page);
  await question(page).getByRole('button', { name: 'Answer again' }).click();
  await answer(page, 'startup process');
  await comeBack(page, 1);
  await expect(standing(page)).toHaveText('1 question to answer today.');
});

test('it travels to another browser with the rest of the work', async ({ page, browser }, info) => {
  await miss(page);
  await page.goto('progress/');
  await hydrated(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export everything' }).click();
  const path = info.outputPath('progress.json');
  await (await download).saveAs(path);
  expect(readFileSync(path, 'utf8')).toContain('r1-who-writes');

  const context = await browser.newContext();
  const theirs = await context.newPage();
  await theirs.clock.setFixedTime(day(1));
  await theirs.goto('progress/');
  await hydrated(theirs);
  await theirs.getByLabel('Import a file').setInputFiles(path);
  await theirs.getByRole('button', { name: /^Take over/ }).click();
  await theirs.getByRole('link', { name: '1 question that you missed' }).click();
  await hydrated(theirs);
  await expect(question(theirs)).toBeVisible();
  await context.close();
});

test('a question that the course no longer has is dropped with a word', async ({ page }) => {
  await miss(page);
  await keepOnDevice(page, 'quiz', 'r9-of-an-older-edition', [
    { at: day(0).toISOString(), chosen: ['x'], right: false },
  ]);
  await comeBack(page, 1);
  await expect(page.locator('.review form')).toHaveCount(1);
  await expect(page.locator('.review .gone')).toContainText('no longer in the course');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Forget it' }).click();
  await expect(page.locator('.review .gone')).toHaveCount(0);
  await expect(question(page)).toBeVisible();
});

test('reads well on each device in each theme', async ({ page }) => {
  await miss(page);
  await comeBack(page, 1);
  await expect(question(page)).toBeVisible();
  await expectGoodLooks(page);
});
