import type { Locator, Page } from '@playwright/test';
import { Cafe } from './cafe.ts';
import { chapters, expect, expectAccessible, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 240_000 });

/** Chapter 8 as a reader does it. */
class Kitchen extends Cafe {
  constructor(page: Page, figure: 'failover' | 'choosing' | 'fates') {
    super(page, chapters.failover, figure);
  }

  /** The n-th statement of that text for a place; sent again where its session had died with the server. */
  async ask(place: string, sql: string, n = 0): Promise<Locator> {
    const step = this.experiment()
      .filter({ has: this.page.locator('.place', { hasText: new RegExp(`^${place}$`) }) })
      .filter({ has: this.page.locator('code', { hasText: sql }) })
      .nth(n);
    const run = step.getByRole('button', { name: /^Run/ });
    await run.click();
    await expect(step).not.toHaveAttribute('data-state', /unsent|running/);
    return step.locator('.step-answer');
  }

  async press(name: string | RegExp, n = 0): Promise<void> {
    await this.experiment().getByRole('button', { name }).nth(n).click();
  }

  card(node: string): Locator {
    return this.figure.locator(`.node[data-node=${node}]`);
  }
}

const MENU = 'select id, what from payments';

test('a promotion, two primaries, and the old one comes back', async ({ page }) => {
  const kitchen = new Kitchen(page, 'failover');
  await kitchen.start();
  await kitchen.ask('primary, session a', 'tea');
  await kitchen.press(/cable primary – standby1/);
  await kitchen.press(/cable primary – standby2/);
  await kitchen.ask('primary, session a', 'cake');
  await kitchen.press('Cut the power of primary');
  await expect(kitchen.card('primary')).toHaveAttribute('data-status', 'down');
  await kitchen.press(/cable primary – standby1/);
  await kitchen.press(/cable primary – standby2/);
  await expect(await kitchen.ask('standby1, session c', 'soup')).toContainText('read-only');
  await kitchen.press('Promote standby1');
  await expect(kitchen.card('standby1')).toHaveAttribute('data-role', 'primary');
  await expect(page.getByLabel('Server log of standby1').first()).toContainText(
    'selected new timeline ID: 2',
  );
  await expect(await kitchen.ask('standby1, session c', 'soup', 1)).toContainText('INSERT 0 1');
  await expect(await kitchen.ask('standby1, session c', '00000002.history')).toContainText(
    'no recovery target specified',
  );
  await expect(await kitchen.ask('standby1, session c', 'pg_get_wal_records_info')).toContainText(
    '2026-01-05',
  );
  await kitchen.press('Let standby2 follow standby1');
  await expect(page.getByLabel('Server log of standby2').first()).toContainText(
    'new target timeline is 2',
  );
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await kitchen.expectToFit();
});

test('the one that has received most has most', async ({ page }) => {
  const kitchen = new Kitchen(page, 'choosing');
  await kitchen.start();
  await kitchen.ask('standby2, session d', 'pg_wal_replay_pause');
  await kitchen.ask('primary, session a', 'bun');
  await kitchen.press(/standby1’s walreceiver/);
  await kitchen.ask('primary, session a', 'cake');
  await kitchen.press('Cut the power of primary');
  await expect(await kitchen.ask('standby2, session d', 'pg_last_wal_receive_lsn')).toContainText(
    '| 0',
  );
  await kitchen.press('Promote standby2');
  await expect(kitchen.card('standby2')).toHaveAttribute('data-role', 'primary');
  await expect(await kitchen.ask('standby2, session d', 'select count')).toContainText('8');
});

test('four payments and their fates', async ({ page }) => {
  const kitchen = new Kitchen(page, 'fates');
  await kitchen.start();
  await kitchen.ask('primary, session b', 'prepare transaction');
  await kitchen.ask('primary, session a', 'open');
  await kitchen.press(/standby2’s walreceiver/);
  const doubt = kitchen.step('in doubt', 'primary, session e');
  await doubt.getByRole('button', { name: /^Run/ }).click();
  await expect(doubt).toHaveAttribute('data-state', 'running');
  // A cable that is cut in the same instant would keep the record on the primary.
  await expect(async () => {
    const answer = await kitchen.ask('standby1, session c', MENU);
    await expect(answer).toContainText('in doubt', { timeout: 1_000 });
  }).toPass();
  await kitchen.press(/cable primary – standby1/);
  await expect(await kitchen.ask('primary, session f', 'told')).toContainText('INSERT 0 1');
  await kitchen.press('Cut the power of primary');
  await kitchen.press('Promote standby1');
  await expect(kitchen.card('standby1')).toHaveAttribute('data-role', 'primary');
  await expect(await kitchen.ask('standby1, session c', MENU)).toContainText('in doubt');
  await expect(await kitchen.ask('standby1, session c', 'in doubt')).toContainText('23505');
  await kitchen.ask('standby1, session c', 'commit prepared');
  await expect(await kitchen.ask('standby1, session c', MENU, 1)).toContainText('prepared');
});
