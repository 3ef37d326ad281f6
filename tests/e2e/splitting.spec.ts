import type { Locator, Page } from '@playwright/test';
import { Cafe } from './cafe.ts';
import { chapters, expect, expectAccessible, expectGoodLooks, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 240_000 });

class Splitting extends Cafe {
  constructor(page: Page, figure: 'containers' | 'mountain') {
    super(page, chapters.splitting, figure);
  }

  /** Runs the n-th step with this text, and gives its answer. */
  async ask(sql: string, n = 0): Promise<Locator> {
    const step = this.experiment().filter({ hasText: sql }).nth(n);
    await step.getByRole('button', { name: /^Run/ }).click();
    const answer = step.locator('.step-answer');
    await expect(answer).toContainText(/answered in/, { timeout: 60_000 });
    return answer;
  }
}

test('plans show what becomes of each partition', async ({ page }) => {
  const cafe = new Splitting(page, 'containers');
  await cafe.start();
  const planned = await cafe.ask("where delivery_time >= '2025-01-01'");
  await planned.getByRole('button', { name: 'Show as a tree' }).click();
  await expect(planned.locator('.plan-partitions')).toContainText(
    'supply_deliveries_2023, supply_deliveries_2024, supply_deliveries_2026 are not in the plan: left out when the query was planned.',
  );
  await expect(planned.locator('[data-fate="absent"]')).toHaveCount(3);
  const removed = await cafe.ask("now() - interval '30 days'");
  await removed.getByRole('button', { name: 'Show as a tree' }).click();
  await expect(removed.locator('.plan-partitions')).toContainText('removed when execution began');
  const never = await cafe.ask('select max(delivery_time) from complaints');
  await never.getByRole('button', { name: 'Show as a tree' }).click();
  await expect(never.locator('[data-fate="never executed"]')).toHaveCount(3);
  await expect(never.getByRole('list', { name: 'The plan as a tree' })).toContainText(
    'never executed',
  );
  await expectGoodLooks(page);
});

test('two renames lose sight of every row, and the dock is refused', async ({ page }) => {
  const cafe = new Splitting(page, 'mountain');
  await cafe.start();
  await cafe.ask('create table supply_deliveries_2024 partition of');
  await cafe.ask('rename to supply_deliveries_old;\nalter table deliveries_by_year');
  await expect(await cafe.ask('select count(*) from supply_deliveries;')).toContainText('0');
  await expect(await cafe.ask('select count(*) from heavy_deliveries;')).toContainText('654');
  await expect(await cafe.ask('confrelid::regclass')).toContainText('supply_deliveries_old');
});

test('a copy under a lock holds the dock up, and the table of stalls says so', async ({ page }) => {
  const cafe = new Splitting(page, 'mountain');
  await cafe.start();
  await cafe.ask('create table supply_deliveries_2027 partition of');
  await cafe.ask('lock table supply_deliveries in share mode;');
  const stalls = page.locator('.stalls-place').first();
  await expect(stalls.locator('tr[data-over="true"]')).toContainText('lock table');
  await expectAccessible(page);
});

test('the way that works loses nothing, gives no number twice, and holds nobody up for long', async ({
  page,
}) => {
  const cafe = new Splitting(page, 'mountain');
  await cafe.start();
  await cafe.ask('create table supply_deliveries_2027 partition of');
  await cafe.ask('create trigger mirror');
  for (const from of [0, 700, 1400, 2100, 2800]) await cafe.ask(`where id > ${from} and`);
  await expect(await cafe.ask('filter (where p.id is null) as missing')).toContainText(/\b0 \|/);
  await cafe.ask('add constraint complaints_delivery');
  await expect(await cafe.ask("set local lock_timeout = '300ms'")).toContainText('COMMIT');
  await expect(await cafe.ask('as moved_on')).toContainText(/0 \|\s+0 \| t/);
  await expect(page.locator('.stalls-place').first().locator('tr[data-over="true"]')).toHaveCount(
    0,
  );
});
