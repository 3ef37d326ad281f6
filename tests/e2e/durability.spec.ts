import type { Locator, Page } from '@playwright/test';
import { Cafe } from './cafe.ts';
import { chapters, expect, expectGoodLooks, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 180_000 });

/** Statements of the chapter, by enough of their text to know them by. */
const ASK = {
  sold: 'select what from payments where id > 20;',
  states: 'select application_name, state, sync_priority, sync_state',
  lags: 'select application_name, write_lag, flush_lag, replay_lag',
  belief: 'as heard_nothing_for',
  who: 'as has_it',
  cocoas: 'select count(*) from payments where',
  clicks: 'select count(*) from clicks;',
  menu: 'select what from payments order by id;',
} as const;

const FIRST = 'FIRST 1 (standby1, standby2)';
const FIRST_2 = 'FIRST 2 (standby1, standby2, standby3)';
const ANY = 'ANY 1 (standby1, standby2)';
const ANY_2 = 'ANY 2 (standby1, standby2, standby3)';

const WAITS = 'waiting · IPC · SyncRep';

class Durability extends Cafe {
  constructor(page: Page, figure: 'durability' | 'branches' | 'power') {
    super(page, chapters.durability, figure);
  }

  async ask(sql: string, node = 'primary', n = 0): Promise<Locator> {
    const step = this.step(sql, node).nth(n);
    await step.getByRole('button', { name: /^Run/ }).click();
    return step.locator('.step-answer');
  }

  async press(name: string | RegExp): Promise<void> {
    await this.experiment('.do').getByRole('button', { name }).first().click();
  }

  async expectButton(name: string | RegExp): Promise<void> {
    await expect(this.experiment('.do').getByRole('button', { name }).first()).toBeVisible();
  }

  table(session: string): Locator {
    return this.page.locator('.step.measure').filter({ hasText: `primary, session ${session}` });
  }

  /** Measures once more; the answers of the new column by the label of their rows. */
  async measure(session: string): Promise<Readonly<Record<string, string>>> {
    const table = this.table(session);
    const columns = await table.locator('thead th').count();
    const first = (await table.locator('thead th').first().innerText()) === 'not measured yet';
    const button = table.getByRole('button', { name: /^Measure/ });
    await button.click();
    await expect(table.locator('thead th')).toHaveCount(first ? 1 : Math.min(4, columns + 1));
    await expect(button).toBeEnabled({ timeout: 60_000 });
    const cells = await table
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => [
          row.querySelector('th')?.textContent ?? '',
          row.querySelector('td:last-child')?.textContent ?? '',
        ]),
      );
    return Object.fromEntries(cells);
  }

  heading(session: string): Locator {
    return this.table(session).locator('thead th').last();
  }

  async speed(label: string): Promise<void> {
    await this.figure.getByLabel('speed').selectOption({ label });
  }
}

test('two servers, two histories', async ({ page }) => {
  const cafe = new Durability(page, 'durability');
  await cafe.start();
  const outcome = await cafe.predict(/What do the primary and standby2 show/, [
    /^The primary both/,
  ]);
  await cafe.press('Freeze standby1’s walreceiver');
  await expect(await cafe.ask("'lemonade'")).toContainText(WAITS);
  await page.waitForTimeout(300);
  await cafe.press('Cut the cable primary – standby2');
  await expect(await cafe.ask("'crumble'")).toContainText('answered in 500 µs');
  await expect(await cafe.ask(ASK.sold)).toContainText(/crumble\s*\n\(1 row\)/);
  await expect(await cafe.ask(ASK.sold, 'standby2')).toContainText(/lemonade\s*\n\(1 row\)/);
  await expect(outcome).toContainText(
    'The cluster says: The primary the crumble, standby2 the lemonade.',
  );
  await cafe.press('Mend the cable primary – standby2');
  await cafe.press('Thaw standby1’s walreceiver');
  await expect(cafe.step("'lemonade'")).toContainText('INSERT 0 1');
  await expect(await cafe.ask(ASK.sold, 'standby2')).toContainText(/\(2 rows\)/);
});

test('who does not wait, a level that is none, and being seen', async ({ page }) => {
  const cafe = new Durability(page, 'durability');
  await cafe.start();
  await cafe.press('Freeze standby1’s walreceiver');
  await expect(
    await cafe.ask('synchronous_commit = on; insert into payments values (14'),
  ).toContainText(WAITS);
  await expect(await cafe.ask('select sum(amount)')).toContainText('answered in 100 µs');
  await expect(await cafe.ask('champagne')).toContainText(/UPDATE 0\s*answered in 100 µs/);
  const refusal = await cafe.ask('synchronous_commit = quorum');
  await expect(refusal).toContainText(
    'ERROR:  22023: invalid value for parameter "synchronous_commit": "quorum"',
  );
  await expect(refusal).toContainText(
    'HINT:  Available values: local, remote_write, remote_apply, on, off.',
  );
  await cafe.press('Thaw standby1’s walreceiver');
  await cafe.press('Freeze standby1’s startup');
  await expect(await cafe.ask('values (16')).toContainText('answered in 10.9 ms');
  await expect(await cafe.ask('values (17')).toContainText(WAITS);
  await cafe.press('Thaw standby1’s startup');
  await expect(cafe.step('values (17')).toContainText('INSERT 0 1');
});

test('what a level costs, on a good day, with a slow disk, on a long cable', async ({ page }) => {
  const cafe = new Durability(page, 'branches');
  await cafe.start();
  const price = await cafe.predict(/How long does one insert take/, [/^5.9 ms/]);
  expect(await cafe.measure('meter')).toEqual({
    off: '100 µs',
    local: '500 µs',
    remote_write: '10.5 ms',
    on: '10.9 ms',
    remote_apply: '10.9 ms',
  });
  await expect(cafe.heading('meter')).toHaveText('as built');
  await expect(price).toContainText('The cluster says: 10.9 ms.');

  const slower = await cafe.predict(/Which levels become slower/, [/^on$/, /^remote_apply$/]);
  await expect(slower).toContainText('Kept: on, remote_apply');
  await cafe.press('Let an fsync on standby1 take 20 ms');
  const slow = await cafe.measure('meter');
  expect([slow.local, slow.remote_write, slow.on]).toEqual(['500 µs', '10.5 ms', '30.5 ms']);
  await expect(cafe.heading('meter')).toHaveText('fsync on standby1 20 ms');
  await expect(slower).toContainText('As you said: on, remote_apply.');
  await expect(await cafe.ask("'muffin'")).toContainText('answered in 30.5 ms');
  await expect(await cafe.ask(ASK.lags)).toContainText(
    /standby1\s*\| 00:00:00.01 \s*\| 00:00:00.03 /,
  );

  await cafe.press('Let an fsync on standby1 take 400 µs again');
  await cafe.press('Make the cable primary – standby1 80 ms long');
  const long = await cafe.measure('meter');
  expect([long.remote_write, long.on]).toEqual(['160.5 ms', '160.9 ms']);
  await expect(cafe.heading('meter')).toHaveText('cable primary – standby1 80 ms');
  await cafe.expectToFit();
});

test('a list is an order, and a name that nobody bears is waited for', async ({ page }) => {
  const cafe = new Durability(page, 'branches');
  await cafe.start();
  const outcome = await cafe.predict(/With the plain list/, [/^Both/]);
  const states: readonly (readonly [string, readonly string[]])[] = [
    ['standby1, standby2', ['1 | sync', '2 | potential', '0 | async']],
    ['FIRST 2 (standby1, standby2)', ['1 | sync', '2 | sync', '0 | async']],
    [ANY, ['1 | quorum', '1 | quorum', '0 | async']],
    ['*', ['1 | sync', '1 | potential', '1 | potential']],
  ];
  for (const [names, expected] of states) {
    await cafe.names(names);
    const answer = await cafe.ask(ASK.states);
    const rows = expected.map(
      (state, i) =>
        `standby${i + 1}\\s*\\|\\s*streaming\\s*\\|\\s*${state.replace(' | ', '\\s*\\|\\s*')}`,
    );
    await expect(answer).toContainText(new RegExp(rows.join('[\\s\\S]*')));
  }
  await expect(outcome).toContainText(
    'The cluster says: standby1; standby2 only if standby1 is gone.',
  );
  await cafe.names('standby9');
  await expect(await cafe.ask("'scone'")).toContainText(WAITS);
  await cafe.names('standby1');
  await expect(cafe.step("'scone'")).toContainText('INSERT 0 1');
});

test('ANY k waits for the k-th fastest, FIRST k for the slowest of the first k', async ({
  page,
}) => {
  const cafe = new Durability(page, 'branches');
  await cafe.start();
  await cafe.press('Make the cable primary – standby2 20 ms long');
  await cafe.press('Make the cable primary – standby3 80 ms long');
  const outcome = await cafe.predict(/ANY 2 of the three/, [/^40.9 ms/]);
  expect(await cafe.measure('quorum')).toEqual({
    'ANY 1 (standby1, standby2, standby3)': '10.9 ms',
    [ANY_2]: '40.9 ms',
    'ANY 3 (standby1, standby2, standby3)': '160.9 ms',
    [FIRST_2]: '40.9 ms',
    'FIRST 1 (standby3, standby1)': '160.9 ms',
  });
  await expect(outcome).toContainText('As you said: 40.9 ms.');
});

test('a standby stopped, frozen, cut off: three columns', async ({ page }) => {
  const cafe = new Durability(page, 'branches');
  await cafe.start();
  const outcome = await cafe.predict(/standby1’s walreceiver is frozen, and the names/, [/^Yes/]);
  const all = {
    standby1: '10.9 ms',
    [FIRST]: '10.9 ms',
    [FIRST_2]: '10.9 ms',
    [ANY]: '10.9 ms',
    [ANY_2]: '10.9 ms',
  };
  const none = 'no answer';
  expect(await cafe.measure('losing')).toEqual(all);
  await cafe.press('Freeze standby1’s walreceiver');
  expect(await cafe.measure('losing')).toEqual({
    ...all,
    standby1: none,
    [FIRST]: none,
    [FIRST_2]: none,
  });
  await expect(outcome).toContainText(
    'The cluster says: No, not before the connection is given up.',
  );
  await cafe.press('Thaw standby1’s walreceiver');
  await cafe.press('Cut the cable primary – standby1');
  expect(await cafe.measure('losing')).toEqual({
    ...all,
    standby1: none,
    [FIRST]: none,
    [FIRST_2]: none,
  });
  await expect(cafe.heading('losing')).toHaveText('cable primary – standby1 cut');
  await cafe.press('Mend the cable primary – standby1');
  await cafe.press('Kill PostgreSQL on standby1');
  await cafe.expectButton('Start standby1');
  expect(await cafe.measure('losing')).toEqual({ ...all, standby1: none });
  await expect(cafe.heading('losing')).toHaveText('standby1 down');
});

test('how long a cut is believed in', async ({ page }) => {
  const cafe = new Durability(page, 'branches');
  await cafe.start();
  await cafe.names(FIRST);
  await cafe.press('Cut the cable primary – standby1');
  const wafer = await cafe.ask("'wafer'");
  await expect(wafer).toContainText(WAITS);
  await expect(await cafe.ask(ASK.states, 'primary', 1)).toContainText(/standby1\s*\| streaming/);
  await expect(await cafe.ask(ASK.belief, 'standby1')).toContainText(/ streaming \| 00:00:/);
  await cafe.press('Clock at 10 ×');
  await expect(wafer).toContainText(/INSERT 0 1[\s\S]*answered in 60\.\d s/, { timeout: 60_000 });
  await expect(await cafe.ask(ASK.states, 'primary', 1)).toContainText(
    /standby2\s*\| streaming \|\s*2 \| sync\s*\n.*standby3.*\n\(2 rows\)/,
  );
});

test('a quorum does not say who has it', async ({ page }) => {
  const cafe = new Durability(page, 'branches');
  await cafe.start();
  await cafe.names(ANY);
  await cafe.press('Freeze standby1’s walreceiver');
  await expect(await cafe.ask("'waffle'")).toContainText('answered in 10.9 ms');
  await expect(await cafe.ask(ASK.who)).toContainText(
    /standby1\s*\| quorum\s*\| f\s*\n\s*standby2\s*\| quorum\s*\| t/,
  );
});

test('off answers before anything is on disk', async ({ page }) => {
  const cafe = new Durability(page, 'power');
  await cafe.start();
  const outcome = await cafe.predict(/How many of the 301 clicks/, [/^All/]);
  for (const sql of ['alter system set wal_writer_delay', 'select pg_reload_conf();']) {
    await expect(await cafe.ask(sql)).toContainText('answered in');
  }
  await expect(await cafe.ask('synchronous_commit = off; insert into clicks')).toContainText(
    'answered in 100 µs',
  );
  await expect(await cafe.ask('for i in 1..300')).toContainText('answered in 100 µs');
  await expect(await cafe.ask(ASK.clicks)).toContainText(/ 301 /);
  await cafe.press('Kill PostgreSQL on primary');
  await cafe.press('Start primary');
  await cafe.expectButton('Kill PostgreSQL on primary');
  const left = await cafe.ask(ASK.clicks, 'primary', 1);
  await expect(left).toContainText('(1 row)');
  expect(Number(/(\d+)\s*\n\(1 row\)/.exec(await left.innerText())?.[1])).toBeLessThan(301);
  await expect(outcome).toContainText(
    'The cluster says: Those that the walwriter had brought to disk.',
  );
});

test('written survives a killed process, not a power cut', async ({ page }) => {
  const cafe = new Durability(page, 'power');
  await cafe.start();
  await cafe.press('Let an fsync on standby1 take 60.0 s');
  await expect(await cafe.ask("'espresso'")).toContainText('answered in 10.5 ms');
  const outcome = await cafe.predict(/Is the espresso on standby1/, [/^No/]);
  await cafe.press('Cut the power of primary');
  await cafe.press('Kill PostgreSQL on standby1');
  await cafe.press('Start standby1');
  await cafe.expectButton('Kill PostgreSQL on standby1');
  await expect(await cafe.ask(ASK.menu, 'standby1')).toContainText(/espresso\s*\n\(1 row\)/);
  await expect(outcome).toContainText('The cluster says: Yes.');

  await cafe.press('Start primary');
  await cafe.press('Let an fsync on standby1 take 400 µs again');
  await expect(cafe.figure.getByRole('region', { name: 'Node standby1' })).toContainText('sync', {
    timeout: 30_000,
  });
  await cafe.speed('10 ×');
  await page.waitForTimeout(1_000);
  await cafe.speed('as on the wall');
  await cafe.press('Let an fsync on standby1 take 60.0 s');
  await expect(await cafe.ask("'mocha'")).toContainText('answered in 10.5 ms');
  await cafe.press('Cut the power of primary');
  await cafe.press('Cut the power of standby1');
  await cafe.press('Start standby1');
  await cafe.expectButton('Kill PostgreSQL on standby1');
  await expect(await cafe.ask(ASK.menu, 'standby1', 1)).toContainText(/espresso\s*\n\(1 row\)/);
});

test('remote_apply: seen on whom it asked, stalled by whom it asks', async ({ page }) => {
  const cafe = new Durability(page, 'branches');
  await cafe.start();
  const outcome = await cafe.predict(/Session a sells a cocoa/, [/^Every reader/]);
  await cafe.names(ANY);
  await expect(await cafe.ask('pg_wal_replay_pause', 'standby2')).toContainText('(1 row)');
  await expect(await cafe.ask("'cocoa'")).toContainText('answered in 10.9 ms');
  await expect(await cafe.ask(ASK.cocoas, 'standby1')).toContainText(/ 1 \n\(1 row\)/);
  await expect(await cafe.ask(ASK.cocoas, 'standby2')).toContainText(/ 0 \n\(1 row\)/);
  await expect(outcome).toContainText('The cluster says: Readers of the primary and of standby1.');
  await cafe.names('standby2');
  await expect(await cafe.ask("'cocoa, safe'")).toContainText('answered in 10.9 ms');
  const seen = await cafe.ask("'cocoa, seen'");
  await expect(seen).toContainText(WAITS);
  await expect(await cafe.ask('pg_wal_replay_resume', 'standby2')).toContainText('(1 row)');
  await expect(seen).toContainText('INSERT 0 1');
});

test('a level for each sale', async ({ page }) => {
  const cafe = new Durability(page, 'branches');
  await cafe.start();
  await expect(await cafe.ask("'a click'")).toContainText(/COMMIT\s*answered in 100 µs/);
  await expect(await cafe.ask("'dinner'")).toContainText(/COMMIT\s*answered in 10.9 ms/);
  const outside = cafe.step('set local synchronous_commit = off;').last();
  await outside.getByRole('button', { name: /^Run/ }).click();
  await expect(outside).toContainText(
    'WARNING:  25P01: SET LOCAL can only be used in transaction blocks',
  );
});

test('with everything measured it is accessible and fits, on each device in each theme', async ({
  page,
}) => {
  const cafe = new Durability(page, 'branches');
  await cafe.start();
  await cafe.measure('meter');
  await cafe.names('standby1, standby2');
  await expect(await cafe.ask(ASK.states)).toContainText('potential');
  await expectGoodLooks(page);
});
