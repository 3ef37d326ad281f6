import type { Locator, Page } from '@playwright/test';
import { Cafe } from './cafe.ts';
import { chapters, expect, expectGoodLooks, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 240_000 });

/** Chapter 6 as a reader does it: every statement by where it is sent, and enough of its text to know it by. */
class Slots extends Cafe {
  constructor(page: Page, figure: 'slots' | 'archive') {
    super(page, chapters.slots, figure);
  }

  async ask(place: string, sql: string): Promise<Locator> {
    const step = this.experiment()
      .filter({ has: this.page.locator('.place', { hasText: new RegExp(`^${place}$`) }) })
      .filter({ has: this.page.locator('code', { hasText: sql }) });
    await step.getByRole('button', { name: /^Run/ }).click();
    await expect(step).not.toHaveAttribute('data-state', /unsent|running/);
    return step.locator('.step-answer');
  }

  /** Presses the n-th button of a name. */
  async press(name: RegExp, n = 0): Promise<void> {
    await this.experiment('.do').getByRole('button', { name }).nth(n).click();
  }

  card(node: string): Locator {
    return this.figure.locator(`.node[data-node=${node}]`);
  }
}

const FILES = 'from pg_ls_waldir()';
const HEALTH = 'safe_wal_size, invalidation_reason';
const SLOTS = 'restart_lsn, wal_status from pg_replication_slots';
const RUSH = 'insert into orders';
const RECEIVER = 'from pg_stat_wal_receiver';
const RELOAD = 'select pg_reload_conf()';
const ORDERS = 'select count(*) from orders';

test('who keeps what a standby has missed', async ({ page }) => {
  const cafe = new Slots(page, 'slots');
  await cafe.start();

  // Nobody.
  await cafe.ask('primary, session b', FILES);
  await cafe.press(/PostgreSQL on standby2/);
  await cafe.ask('primary, session a', RUSH);
  await cafe.ask('primary, session a', 'checkpoint;');
  await expect(await cafe.ask('primary, session e', FILES)).toContainText(
    '00000001000000000000001',
  );
  await cafe.press(/standby2/);
  await expect(cafe.card('standby2')).toContainText('has already been removed');
  await expect(await cafe.ask('standby2, session d', RECEIVER)).toContainText('(0 rows)');
  await expect(await cafe.ask('standby2, session d', ORDERS)).toContainText(' 0');
  await expect(await cafe.ask('primary, session b', ORDERS)).toContainText('4000');

  // A slot.
  await cafe.ask('primary, session b', "physical_replication_slot('terrace')");
  await cafe.ask('primary, session b', SLOTS);
  await cafe.ask('primary, session b', "'kitchen', immediately_reserve");
  await expect(await cafe.ask('primary, session e', SLOTS)).toContainText('reserved');
  await expect(cafe.card('primary')).toContainText('slot terrace');
  await expect(cafe.card('primary')).toContainText('inactive, keeps nothing');
  await cafe.ask('standby1, session c', 'primary_slot_name');
  await cafe.ask('standby1, session c', RELOAD);
  await expect(cafe.card('primary')).toContainText(/slot kitchen\s*active/);
  await expect(await cafe.ask('primary, session b', 'as at_its_flush')).toContainText('standby1');
  await cafe.ask('primary, session b', "pg_drop_replication_slot('terrace')");
  await expect(
    await cafe.ask('primary, session b', "pg_drop_replication_slot('kitchen')"),
  ).toContainText('is active for PID');

  // What it costs.
  await cafe.press(/PostgreSQL on standby1/);
  await cafe.ask('primary, session f', RUSH);
  await cafe.ask('primary, session g', RUSH);
  await cafe.ask('primary, session f', 'checkpoint;');
  await expect(await cafe.ask('primary, session f', HEALTH)).toContainText(
    /kitchen .* f .* 8\d\d\d kB/,
  );
  await expect(await cafe.ask('primary, session f', FILES)).toContainText('10 MB');
  await cafe.ask('primary, session b', 'as for_so_long');
  await cafe.press(/standby1/, 0);
  await expect(cafe.card('standby1')).toHaveAttribute('data-status', 'up');
  await expect(await cafe.ask('standby1, session k', ORDERS)).toContainText('12000');
  await cafe.ask('primary, session g', 'checkpoint;');
  await expect(await cafe.ask('primary, session g', FILES)).toContainText('1024 kB');

  // A limit.
  await cafe.ask('primary, session b', 'max_slot_wal_keep_size');
  await cafe.ask('primary, session b', RELOAD);
  await cafe.press(/PostgreSQL on standby1/);
  await cafe.ask('primary, session h', RUSH);
  await cafe.ask('primary, session i', RUSH);
  await expect(await cafe.ask('primary, session h', HEALTH)).toContainText(/unreserved .* -\d+/);
  await cafe.ask('primary, session h', 'checkpoint;');
  await expect(await cafe.ask('primary, session i', HEALTH)).toContainText(/lost .* wal_removed/);
  await cafe.press(/standby1/, 0);
  await expect(cafe.card('standby1')).toContainText('can no longer access replication slot');
  await expect(await cafe.ask('standby1, session l', RECEIVER)).toContainText('(0 rows)');

  // A limit of time.
  await cafe.ask('primary, session j', "pg_drop_replication_slot('kitchen')");
  await cafe.ask('primary, session j', "'garden'");
  await cafe.ask('primary, session j', 'idle_replication_slot_timeout');
  await cafe.ask('primary, session j', RELOAD);
  await cafe.press(/Clock at 10/);
  await page.waitForTimeout(2_000);
  await cafe.ask('primary, session j', 'checkpoint;');
  await expect(await cafe.ask('primary, session j', HEALTH)).toContainText('idle_timeout');

  // Everything anew.
  await cafe.ask('primary, session m', "physical_replication_slot('kitchen')");
  await cafe.press(/New base backup of standby1/);
  await expect(cafe.card('standby1')).toContainText(/starting|base/);
  await expect(cafe.card('primary')).toContainText(/slot kitchen\s*active/);
  await expect(await cafe.ask('standby1, session m', ORDERS)).toContainText('20000');
});

test('the cellar', async ({ page }) => {
  const cafe = new Slots(page, 'archive');
  await cafe.start();
  await cafe.press(/PostgreSQL on standby1/);
  await cafe.ask('primary, session a', RUSH);
  await cafe.ask('primary, session e', RUSH);
  await cafe.ask('primary, session e', 'checkpoint;');
  await expect(await cafe.ask('primary, session e', FILES)).toContainText('1024 kB');
  await expect(await cafe.ask('primary, session e', 'archived_count')).toContainText(' 8');
  await cafe.press(/standby1/);
  await expect(cafe.card('standby1')).toContainText('has already been removed');
  await expect(await cafe.ask('standby1, session d', RECEIVER)).toContainText('(0 rows)');
  await cafe.ask('standby1, session d', 'restore_command');
  await cafe.ask('standby1, session d', RELOAD);
  await expect(cafe.card('standby1')).not.toContainText('has already been removed');
  await expect(await cafe.ask('standby1, session d', ORDERS)).toContainText('8000');
  await expect(await cafe.ask('standby1, session e', RECEIVER)).toContainText('streaming');

  await cafe.ask('primary, session b', '/archiv/');
  await cafe.ask('primary, session b', RELOAD);
  await cafe.ask('primary, session f', RUSH);
  await cafe.ask('primary, session f', 'checkpoint;');
  await expect(await cafe.ask('primary, session f', FILES)).toContainText(/ [56] /);
  await expect(cafe.card('primary')).toContainText('fails at');
  await cafe.ask('primary, session f', 'archived_count');
  await cafe.ask('primary, session g', 'test ! -f');
  await cafe.ask('primary, session g', RELOAD);
  await expect(cafe.card('primary')).not.toContainText('fails at');
  await expect(await cafe.ask('primary, session g', 'archived_count')).toContainText(' 3 ');
});

test('has no violation and fits, on each device in each theme', async ({ page }) => {
  const cafe = new Slots(page, 'slots');
  await cafe.start();
  await cafe.ask('primary, session b', "physical_replication_slot('terrace')");
  await cafe.press(/PostgreSQL on standby1/);
  await expect(cafe.card('primary')).toContainText('slot terrace');
  await expectGoodLooks(page);
});
