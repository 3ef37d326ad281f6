import type { Locator, Page } from '@playwright/test';
import { Cafe } from './cafe.ts';
import { chapters, expect, expectGoodLooks, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 180_000 });

class Reading extends Cafe {
  constructor(page: Page) {
    super(page, chapters.reading, 'menus');
  }

  /** Runs the first such step of the page. */
  async ask(sql: string, node = 'primary'): Promise<Locator> {
    const step = this.step(sql, node).first();
    await step.getByRole('button', { name: /^Run/ }).click();
    return step.locator('.step-answer');
  }

  async press(name: string | RegExp): Promise<void> {
    await this.experiment('.do').getByRole('button', { name }).first().click();
  }
}

const FREEZE = 'standby2’s startup';
const of = (guest: string) => `select what from orders where guest = '${guest}';`;

test('a stale read, then a token, and positions that sort otherwise as text', async ({ page }) => {
  const cafe = new Reading(page);
  await cafe.start();
  const compared = await cafe.predict(/read from standby2/, [/No row, at once/]);
  await cafe.press(FREEZE);
  await expect(await cafe.ask("('Ada', 'tea')")).toContainText('INSERT 0 1');
  // Asked in the same instant as the INSERT, a standby has not heard of it.
  await expect(async () => {
    await expect(await cafe.ask(of('Ada'), 'standby1')).toContainText('tea', { timeout: 3_000 });
  }).toPass();
  await expect(await cafe.ask(of('Ada'), 'standby2')).toContainText('(0 rows)');
  await expect(compared).toContainText('As you said');
  const token = await cafe.ask('as token;');
  await expect(token).toContainText(/0\/[0-9A-F]+/);
  const replayed = await cafe.ask('as replayed;', 'standby2');
  await expect(replayed).toContainText(/0\/[0-9A-F]+/);
  const position = async (answer: Locator) =>
    Number.parseInt(/0\/([0-9A-F]+)/.exec((await answer.textContent()) ?? '')?.[1] ?? '', 16);
  expect(await position(replayed)).toBeLessThan(await position(token));
  await cafe.press(FREEZE);
  await expect(async () => {
    await expect(await cafe.ask(of('Ada'), 'standby2')).toContainText('tea', { timeout: 3_000 });
  }).toPass();
  await expect(await cafe.ask('as as_text', 'standby2')).toContainText(/t\s*\|\s*f/);
  await expect(await cafe.ask('as after_commit;')).toContainText('COMMIT');
});

test('guests come and go, and what they get is told as curves and as figures', async ({ page }) => {
  const cafe = new Reading(page);
  await cafe.start();
  await cafe.figure.getByRole('tab', { name: 'What clients get' }).click();
  const panel = cafe.figure.locator('.panels');
  const row = panel.getByRole('row', { name: /3 × guest at primary/ });
  await expect(row).toContainText('–');
  await cafe.press('Let the guests in');
  await expect(row).toContainText(/\d ms|µs/, { timeout: 40_000 });
  await expect(panel.getByLabel(/clients guest at primary/)).toHaveValue('1');
  await panel.getByLabel(/clients guest at primary/).selectOption('are away');
  await expect(
    cafe.experiment('.do').getByRole('button', { name: 'Let the guests in' }).first(),
  ).toBeVisible();
});

test('remote_apply makes the writer wait, and one standby may lead another', async ({ page }) => {
  const cafe = new Reading(page);
  await cafe.start();
  await cafe.names('standby2');
  await cafe.press(/300 ms long/);
  await expect(await cafe.ask("('Eve', 'pie')")).toContainText(/answered in 60\d.* ms/);
  await expect(await cafe.ask(of('Eve'), 'standby2')).toContainText('pie');
  await cafe.names('');
  await cafe.press(/5 ms again/);
  await expect(await cafe.ask('reset synchronous_commit;')).toContainText('RESET');
  await cafe.press(FREEZE);
  await expect(await cafe.ask("('Fay', 'cake')")).toContainText('INSERT 0 1');
  await expect(await cafe.ask('as on_the_board', 'standby1')).toContainText(/\b2\b/);
  await expect(await cafe.ask('as on_the_board', 'standby2')).toContainText(/\b1\b/);
});

test('what is refused, and what succeeds and should not be asked', async ({ page }) => {
  const cafe = new Reading(page);
  await cafe.start();
  for (const [sql, words] of [
    ["select nextval('tickets');", '25006'],
    ['create temp table report', '25006'],
    ['for update;', '25006'],
    ["select visit('Gus');", 'cannot execute INSERT in a read-only transaction'],
    ['isolation level serializable', '0A000'],
    ['select * from baskets;', '0A000'],
  ] as const)
    await expect(await cafe.ask(sql, 'standby1')).toContainText(words);
  await expect(await cafe.ask('select roll();', 'standby1')).toContainText('(1 row)');
  await expect(await cafe.ask('pg_try_advisory_xact_lock(42)')).toContainText('t');
  await expect(await cafe.ask('pg_try_advisory_xact_lock(42)', 'standby1')).toContainText('t');
  await expect(await cafe.ask('commit;')).toContainText('COMMIT');
  await expect(await cafe.ask('select last_value', 'primary')).toContainText('2');
  await expect(await cafe.ask('select last_value', 'standby1')).toContainText('33');
});

test('it is accessible and fits, on each device in each theme', async ({ page }) => {
  const cafe = new Reading(page);
  await cafe.start();
  await cafe.figure.getByRole('tab', { name: 'What clients get' }).click();
  const panel = cafe.figure.locator('.panels');
  await cafe.press('Let the guests in');
  await expect(panel.getByRole('row', { name: /3 × guest/ })).toContainText(/\d ms|µs/, {
    timeout: 40_000,
  });
  await expectGoodLooks(page);
});
