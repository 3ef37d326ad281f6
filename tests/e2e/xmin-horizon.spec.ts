import type { Locator, Page } from '@playwright/test';
import { Cafe } from './cafe.ts';
import { chapters, expect, expectGoodLooks, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 240_000 });

/** Chapter 5 as a reader does it: statements by where they are sent and a piece of their text; many stand there more than once. */
class Horizon extends Cafe {
  constructor(page: Page) {
    super(page, chapters.horizon, 'horizon');
  }

  statement(place: string, sql: string, n = 0): Locator {
    return this.experiment()
      .filter({ has: this.page.locator('.place', { hasText: new RegExp(`^${place}$`) }) })
      .filter({ has: this.page.locator('code', { hasText: sql }) })
      .nth(n);
  }

  async send(place: string, sql: string, n = 0): Promise<Locator> {
    const step = this.statement(place, sql, n);
    await step.getByRole('button', { name: /^Run/ }).click();
    return step;
  }

  async ask(place: string, sql: string, n = 0): Promise<Locator> {
    const step = await this.send(place, sql, n);
    await expect(step).not.toHaveAttribute('data-state', /unsent|running/);
    return step.locator('.step-answer');
  }
}

const REPORT = 'pg_sleep(90)';

test('a report is swept away, and another one kept by feedback', async ({ page }) => {
  const cafe = new Horizon(page);
  await cafe.start();
  await cafe.send('standby1, session c', REPORT);
  await cafe.ask('primary, session a', 'id <= 2000');
  await cafe.ask('primary, session a', 'vacuum orders;');
  await cafe.ask('primary, session b', "'pie'");
  await expect(await cafe.ask('standby1, session d', "backend_type = 'startup'")).toContainText(
    'RecoveryConflictSnapshot',
  );
  await expect(await cafe.ask('standby1, session d', 'count(*) from menu')).toContainText(' 3');
  await expect(cafe.statement('standby1, session c', REPORT)).toContainText(
    'canceling statement due to conflict with recovery',
    { timeout: 60_000 },
  );
  await expect(await cafe.ask('standby1, session d', 'count(*) from menu', 1)).toContainText(' 4');

  await cafe.ask('standby1, session d', 'hot_standby_feedback = on');
  await cafe.ask('standby1, session d', 'pg_reload_conf()');
  await cafe.ask('standby1, session c', 'begin isolation level', 1);
  await page.waitForTimeout(2_500);
  await expect(await cafe.ask('primary, session b', 'from pg_stat_replication;')).toContainText(
    'standby1',
  );
  await cafe.ask('primary, session a', 'id <= 4000');
  await expect(await cafe.ask('primary, session a', 'vacuum (verbose)')).toContainText(
    'dead but not yet removable',
  );
});

test('has no violation and fits, on each device in each theme', async ({ page }) => {
  const cafe = new Horizon(page);
  await cafe.start();
  await cafe.ask('primary, session a', 'id <= 2000');
  await expectGoodLooks(page);
});
