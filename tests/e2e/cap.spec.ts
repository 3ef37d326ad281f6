import type { Locator } from '@playwright/test';
import { Cafe } from './cafe.ts';
import { chapters, devices, expect, expectAccessible, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 240_000 });

/** Chapter 11 as a reader does it. */
class Cap extends Cafe {
  async ask(place: string, sql: string): Promise<Locator> {
    const step = this.experiment()
      .filter({ has: this.page.locator('.place', { hasText: new RegExp(`^${place}$`) }) })
      .filter({ has: this.page.locator('code', { hasText: sql }) })
      .first();
    await step.getByRole('button', { name: /^Run/ }).click();
    await expect(step).not.toHaveAttribute('data-state', /unsent/);
    return step.locator('.step-answer');
  }

  async press(name: RegExp, n = 0): Promise<void> {
    await this.experiment('.do').getByRole('button', { name }).nth(n).click();
  }
}

test('a stale read, a refused write, and a change that one board shows before the primary', async ({
  page,
}) => {
  const cafe = new Cap(page, chapters.cap, 'cap');
  await cafe.start();
  await expect(await cafe.ask('primary, session a', 'price = 5')).toContainText('UPDATE 1');
  await cafe.press(/cable|cut/i);
  await expect(await cafe.ask('primary, session a', 'price = 7')).toContainText('UPDATE 1');
  await expect(await cafe.ask('standby3, session d', 'select price')).toContainText('5');
  await expect(await cafe.ask('standby3, session d', 'price = 9')).toContainText(
    'cannot execute UPDATE in a read-only transaction',
  );
  await cafe.press(/cable|cut/i, 1);
  await cafe.ask('primary, session b', 'FIRST 2');
  await cafe.ask('primary, session b', 'pg_reload_conf');
  await cafe.press(/startup/);
  await cafe.ask('primary, session a', 'price = 11');
  await expect(await cafe.ask('standby1, session c', 'first_look')).toContainText('11');
  await expect(await cafe.ask('primary, session b', 'second_look')).toContainText('7');
});

test('the matrix is predicted, measured, told, and its run opened; the page is fit for all', async ({
  page,
}) => {
  await page.goto(chapters.cap);
  const matrix = page.locator('.matrix');
  await expect(page.locator('astro-island[ssr]')).toHaveCount(0);
  await matrix.getByRole('button', { name: 'Predict, and measure' }).click();
  await matrix.getByLabel(/^two of three have replayed, Both burn/).check();
  await matrix.getByRole('button', { name: 'fairly sure' }).click();
  await matrix.getByRole('button', { name: 'Measure all five' }).click();
  await expect(matrix.getByRole('status')).toHaveText('All 5 are done.', { timeout: 200_000 });
  const row = (name: RegExp) => matrix.getByRole('row', { name });
  await expect(row(/^asynchronous/)).toContainText(/\d+ lost/);
  await expect(row(/^two of three/)).toContainText('nothing lost');
  await expect(row(/^two of three/)).toContainText('as you said');
  await expect(row(/^two of three/)).toContainText('one register');
  await expect(row(/^all three/)).toContainText('0 of 1 in time');
  await row(/^all three/)
    .getByRole('button', { name: 'no', exact: true })
    .click();
  await expect(matrix.getByRole('region', { name: 'all three have replayed: no' })).toContainText(
    'is newer',
  );
  await expectAccessible(page);

  await page.setViewportSize(devices[1].viewport);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
    devices[1].viewport.width,
  );
  await matrix.getByRole('button', { name: /^Open this run at/ }).click();
  const figure = page.getByRole('region', { name: 'A price, and four servers that know it' });
  await expect(figure).toHaveAttribute('data-phase', 'running', { timeout: 120_000 });
});
