import type { Locator, Page } from '@playwright/test';
import { Cafe } from './cafe.ts';
import { chapters, expect, expectAccessible, test } from './page.ts';

test.describe.configure({ timeout: 240_000 });

/** Chapter 7 as a reader does it. */
class Backup extends Cafe {
  constructor(page: Page) {
    super(page, chapters.backup, 'backup');
  }

  async ask(place: string, sql: string): Promise<Locator> {
    const step = this.experiment()
      .filter({ has: this.page.locator('.place', { hasText: new RegExp(`^${place}$`) }) })
      .filter({ has: this.page.locator('code', { hasText: sql }) });
    await step.getByRole('button', { name: /^Run/ }).click();
    await expect(step).not.toHaveAttribute('data-state', /unsent|running/);
    return step.locator('.step-answer');
  }

  /** The n-th form of a restore in the prose. */
  restore(n: number): Locator {
    return this.page.locator('.restore').nth(n);
  }

  async start7(n: number): Promise<Locator> {
    const form = this.restore(n);
    await form.getByRole('button', { name: /^Restore and start/ }).click();
    return form.locator('.server-log');
  }
}

test('a table comes back from a backup and an archive', async ({ page }) => {
  const cafe = new Backup(page);
  await cafe.start();
  await cafe.ask('primary, session a', 'drop table specials');
  await expect(await cafe.ask('standby1, session c', 'from specials')).toContainText(
    'does not exist',
  );
  await page.getByRole('button', { name: /Take the base backup “nightly”/ }).click();
  await expect(await cafe.ask('primary, session b', 'last_archived_wal')).toContainText('0000');
  await cafe.ask('primary, session b', 'pg_backup_start');
  await expect(await cafe.ask('primary, session b', 'labelfile')).toContainText('LABEL: by hand');
  for (const sql of ['ginger cake', 'pg_create_restore_point', 'two teas'])
    await cafe.ask('primary, session a', sql);
  await cafe.ask('primary, session i', 'drop table recipes');
  await cafe.ask('primary, session a', 'from memory');

  // The archive ends before the target; then it does not.
  await expect(await cafe.start7(0)).toContainText('recovery ended before configured');
  await cafe.ask('primary, session b', 'pg_switch_wal');
  await expect(await cafe.ask('primary, session j', 'last_archived_wal')).toContainText('0000');
  await expect(await cafe.start7(0)).toContainText('pausing at the end of recovery');
  await expect(
    await cafe.ask('restored, session d', 'pg_get_wal_replay_pause_state'),
  ).toContainText('paused');
  await expect(await cafe.ask('restored, session d', 'from recipes')).toContainText('41');
  await cafe.ask('restored, session d', 'pg_wal_replay_resume');
  await expect(cafe.restore(0).locator('.server-log')).toContainText('selected new timeline ID: 2');
  await expect(await cafe.ask('restored, session e', 'soup')).toContainText('INSERT 0 1');

  await page.getByRole('button', { name: /pg_dump -t recipes on restored/ }).click();
  await expect(await cafe.ask('primary, session b', 'as recipes')).toContainText('42');
  await expect(await cafe.start7(2)).toContainText('multiple recovery targets specified');

  // A backup that rots: nobody is told, but for whoever reads that page, or verifies it.
  await page.getByRole('button', { name: /Take the base backup “tonight”/ }).click();
  await expect(await cafe.ask('primary, session b', 'pg_relation_filepath')).toContainText('base/');
  await page.getByRole('button', { name: /^One bit of/ }).click();
  const rotten = cafe.restore(4);
  await rotten.getByRole('button', { name: /^Restore and start/ }).click();
  await expect(rotten.locator('.server-log')).toContainText('pausing at the end of recovery');
  await expect(await cafe.ask('restored, session n', 'from suppliers')).toContainText(
    'invalid page in block 0',
  );
  const verify = page.getByRole('button', { name: /^pg_verifybackup -w/ });
  await verify.click();
  await expect(page.locator('.verified')).toContainText('checksum mismatch for file');
  await page.getByLabel('the backup', { exact: true }).fill('nightly');
  await verify.click();
  await expect(page.locator('.verified')).toContainText('backup successfully verified');
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wide).toBe(0);
});
