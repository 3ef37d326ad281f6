import type { Locator } from '@playwright/test';
import { Cafe } from './cafe.ts';
import { chapters, expect, expectGoodLooks, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 180_000 });

class Log extends Cafe {
  /** Runs the n-th step in the prose whose text this is. */
  async ask(sql: string, n = 0): Promise<Locator> {
    const step = this.step(sql).nth(n);
    await step.getByRole('button', { name: /^Run/ }).click();
    return step.locator('.step-answer');
  }

  async press(name: string | RegExp, n = 0): Promise<void> {
    await this.experiment('.do').getByRole('button', { name }).nth(n).click();
  }
}

const PAGE = 'from page_header';
const FOUND = 'as found_at';
/** An answer of one row that says 0. */
const NOT_FOUND = /-\s+0\s/;
const LSN = /[0-9A-F]+\/[0-9A-F]{5,8}/;
const MENU = 'select what from payments';

test('a row is in the log before it is in its file, and comes back from there', async ({
  page,
}) => {
  const cafe = new Log(page, chapters.log, 'log');
  await cafe.start();
  await cafe.ask("set_config('my.start'");
  await expect(await cafe.ask("values ('tea', 4.20)")).toContainText('INSERT 0 1');
  const records = await cafe.ask('start_lsn, resource_manager');
  for (const record of ['INSERT', 'INSERT_LEAF', 'COMMIT'])
    await expect(records).toContainText(record);
  await expect(await cafe.ask(FOUND)).toContainText(NOT_FOUND);
  const shown = await cafe.ask(PAGE);
  await expect(shown).toContainText(LSN);
  const [before = ''] = LSN.exec(await shown.innerText()) ?? [];
  await cafe.press(/^Kill PostgreSQL/);
  await cafe.press(/^Start primary/);
  await expect(cafe.step(PAGE).nth(1).getByRole('button')).toBeEnabled();
  await expect(cafe.experiment('.do').getByRole('button', { name: /^Kill/ }).first()).toBeVisible();
  await expect(await cafe.ask(PAGE, 1)).toContainText(before);
  await expect(await cafe.ask(FOUND, 1)).not.toContainText(NOT_FOUND);
});

test('a power cut in the middle of a commit, and one after an answer at off', async ({ page }) => {
  const cafe = new Log(page, chapters.log, 'log');
  await cafe.start();
  await cafe.press(/fsync/, 0);
  await cafe.ask("values ('soup', 4.20)");
  await expect(cafe.step("values ('soup', 4.20)")).toHaveAttribute('data-state', 'running');
  await cafe.press(/^Cut the power/, 0);
  await cafe.press(/^Start primary/, 0);
  await expect(
    cafe
      .experiment('.do')
      .getByRole('button', { name: /^Cut the power/ })
      .first(),
  ).toBeVisible();
  await expect(await cafe.ask(MENU, 0)).not.toContainText('soup');
  await expect(await cafe.ask("values ('pie', 4.20)")).toContainText('INSERT 0 1');
  await cafe.press(/^Cut the power/, 0);
  await cafe.press(/^Start primary/, 0);
  await expect(
    cafe
      .experiment('.do')
      .getByRole('button', { name: /^Cut the power/ })
      .first(),
  ).toBeVisible();
  await expect(await cafe.ask(MENU, 1)).not.toContainText('pie');
});

test('the chapter is readable and accessible, on each device in each theme', async ({ page }) => {
  const cafe = new Log(page, chapters.log, 'log');
  await cafe.open();
  await expect(
    page.getByRole('img', { name: 'Compute and storage together and apart' }),
  ).toBeVisible();
  await expectGoodLooks(page);
});
