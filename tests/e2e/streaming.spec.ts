import type { Locator, Page } from '@playwright/test';
import { Cafe } from './cafe.ts';
import { chapters, expect, expectGoodLooks, hydrated, keptOnDevice, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 180_000 });

/** Statements of the chapter, by enough of their text to know them by. */
const ASK = {
  processes: 'select pid, backend_type, wait_event',
  count: 'select count(*) from orders;',
  evening: "repeat('tea ', 100)",
  matinee: "repeat('bun ', 100)",
  states: 'select application_name, state, sent_lsn, write_lsn, replay_lsn',
  begins: 'select receive_start_lsn',
  lagTimes: 'select application_name, write_lag, flush_lag, replay_lag',
  age: 'as delay,',
  guarded: 'end as delay;',
  rows: 'select application_name, state from pg_stat_replication order by 1;',
  beat: 'update heartbeat',
  beatAge: 'as heartbeat_age',
  sentOnly: 'pg_size_pretty(sent_lsn - replay_lsn)',
  wholeGap: 'pg_size_pretty(pg_current_wal_lsn() - replay_lsn)',
  twice: 'pg_size_pretty(sent_lsn - flush_lsn)',
  mended: 'with expected (name)',
} as const;

const order = (what: string) => `insert into orders (what) values ('${what}');`;

class Streaming extends Cafe {
  constructor(page: Page, figure: 'streaming' | 'cascade' = 'streaming') {
    super(page, chapters.streaming, figure);
  }

  /** Runs the first such step of the page; an answer to an earlier run of it is waited out by the caller's own check. */
  async ask(sql: string, node = 'primary'): Promise<Locator> {
    const step = this.step(sql, node).first();
    await step.getByRole('button', { name: /^Run/ }).click();
    return step.locator('.step-answer');
  }

  async done(sql: string, node = 'primary'): Promise<void> {
    await expect(await this.ask(sql, node)).toContainText('answered in');
  }

  /** Every button of a kind shows the same state, so the first of the page does. */
  act(name: string | RegExp): Locator {
    return this.experiment('.do').getByRole('button', { name }).first();
  }

  async press(name: string | RegExp): Promise<void> {
    await this.act(name).click();
  }

  /** How far a stage of standby1 is behind, as the prose shows it. */
  behind(stage: 'sent' | 'written' | 'flushed' | 'replayed'): Locator {
    return this.page
      .locator('.step.do .gauge', { hasText: 'WAL of standby1' })
      .first()
      .locator(`tr[data-stage=${stage}] .behind`);
  }

  async speed(label: string): Promise<void> {
    await this.figure.getByLabel('speed').selectOption({ label });
  }
}

const ROW = (name: string, ...cells: (string | RegExp)[]) =>
  new RegExp(
    [name, ...cells].map((c) => (typeof c === 'string' ? c : c.source)).join('\\s*\\|\\s*'),
  );

test('three processes, and the states of a connection', async ({ page }) => {
  const cafe = new Streaming(page);
  await cafe.start();
  const primary = await cafe.ask(ASK.processes);
  await expect(primary).toContainText(/walsender.*\n.*walsender.*\n\(2 rows\)/);
  const standby = await cafe.ask(ASK.processes, 'standby1');
  await expect(standby).toContainText('walreceiver');
  await expect(standby).toContainText('startup');

  await cafe.press('Make the cable primary – standby2 250 ms long');
  await cafe.press('Kill PostgreSQL on standby2');
  await expect(cafe.act('Start standby2')).toBeVisible();
  await cafe.done(ASK.evening);
  const outcome = await cafe.predict(/When does catchup become streaming/, [/has replayed all/]);
  await cafe.speed('1/10');
  await cafe.press('Start standby2');
  const seen = new Set<string>();
  let first = '';
  for (let i = 0; i < 150 && !seen.has('streaming'); i++) {
    const answer = await (await cafe.ask(ASK.states)).innerText();
    const [, state, sent, written] = /standby2\s*\|([^|]*)\|([^|]*)\|([^|]*)/.exec(answer) ?? [];
    if (state) seen.add(state.trim());
    if (state?.trim() === 'streaming') first = `${sent?.trim()} ${written?.trim()}`;
    await page.waitForTimeout(150);
  }
  expect([...seen]).toEqual(['startup', 'catchup', 'streaming']);
  const [sent = '', written = ''] = first.split(' ');
  expect(sent).toMatch(/^0\//);
  expect(sent).not.toBe(written);

  await cafe.speed('as on the wall');
  const begins = await cafe.ask(ASK.begins, 'standby2');
  await expect(begins).toContainText(/0\/[0-9A-F]+00000\s*\|.*\| 1MB/);
  await expect(outcome).toContainText('The cluster says: When the primary has sent all of it.');
});

test('four places for an order to be', async ({ page }) => {
  const cafe = new Streaming(page);
  await cafe.start();
  const outcome = await cafe.predict(/Someone orders cake/, [/^sent$/, /^written$/]);
  await cafe.press('Freeze standby1’s walreceiver');
  await cafe.done(order('cake'));
  await expect(cafe.behind('sent')).toHaveText('level');
  for (const stage of ['written', 'flushed', 'replayed'] as const) {
    await expect(cafe.behind(stage)).toHaveText(/^−\d+ B$/);
  }
  await expect(outcome).toContainText('The cluster says: sent.');
  await cafe.press('Thaw standby1’s walreceiver');
  await expect(cafe.behind('replayed')).toHaveText('level');

  await cafe.press('Let an fsync on standby1 take 5.0 s');
  await cafe.done(order('scone'));
  await expect(cafe.behind('written')).toHaveText('level');
  await expect(cafe.behind('flushed')).toHaveText(/^−\d+ B$/);
  await expect(cafe.behind('replayed')).toHaveText(/^−\d+ B$/);
  // A second one during the fsync is not even written.
  await cafe.done(order('scone'));
  await expect(cafe.behind('sent')).toHaveText('level');
  await expect(cafe.behind('written')).toHaveText(/^−\d+ B$/);
  await expect(cafe.behind('replayed')).toHaveText('level', { timeout: 20_000 });
  await cafe.press('Let an fsync on standby1 take 400 µs again');

  await cafe.press('Freeze standby1’s startup');
  await cafe.done(order('jam'));
  await expect(cafe.behind('flushed')).toHaveText('level');
  await expect(cafe.behind('replayed')).toHaveText(/^−\d+ B$/);
  await expect(await cafe.ask(ASK.count, 'standby1')).toContainText(/ 3 \n\(1 row\)/);
  await expect(await cafe.ask(ASK.count, 'standby2')).toContainText(/ 4 \n\(1 row\)/);

  // On a long cable the standby has what the primary does not know of yet.
  await cafe.speed('1/10');
  await cafe.press('Make the cable primary – standby1 250 ms long');
  await cafe.done(order('biscuit'));
  const gauge = page.locator('.step.do .positions', { hasText: 'WAL of standby1' }).first();
  const sent = await gauge.locator('tr[data-stage=sent] .lsn').innerText();
  await expect(cafe.behind('written')).toHaveText(/^−\d+ B$/);
  await expect(gauge.locator('.own')).toContainText(`received ${sent}`);
  await expect(cafe.behind('written')).toHaveText(/^−\d+ B$/);
  await expect(cafe.behind('flushed')).toHaveText('level');
});

test('lag in time: round trips, NULL, steps of ten seconds, and a clock that only runs', async ({
  page,
}) => {
  const cafe = new Streaming(page);
  await cafe.start();
  await cafe.done(order('tea, hot'));
  await page.waitForTimeout(500);
  const answer = await cafe.ask(ASK.lagTimes);
  await expect(answer).toContainText(
    ROW('standby2', '00:00:00.01 ', '00:00:00.0104 ', '00:00:00.01045'),
  );

  // Both servers idle: the books' delay grows, and the lag columns become NULL.
  const outcome = await cafe.predict(/What does the books’ query show/, [/^Zero/]);
  await cafe.speed('10 ×');
  await page.waitForTimeout(2_500);
  await expect(await cafe.ask(ASK.age, 'standby1')).toContainText(/00:00:[1-5]\d\.\d+ \| t/);
  await expect(outcome).toContainText('The cluster says: The time since the last order');
  await expect(await cafe.ask(ASK.lagTimes)).toContainText(ROW('standby2', 'NULL', 'NULL', 'NULL'));

  await cafe.press('Freeze standby1’s startup');
  await cafe.done(order('jam'));
  await page.waitForTimeout(1_500);
  await expect(await cafe.ask(ASK.lagTimes)).toContainText(
    ROW('standby1', '00:00:00.01 ', '00:00:00.0104 ', /00:00:[1-4]0\.0\d+/),
  );
});

test('the guard says zero, the heartbeat does not, and a killed standby has no row', async ({
  page,
}) => {
  const cafe = new Streaming(page);
  await cafe.start();
  await cafe.done(order('tea'));
  await cafe.press('Freeze standby1’s walreceiver');
  await cafe.done(order('soup'));
  const guard = await cafe.predict(/What does the guarded query say/, [/^The time since/]);
  await expect(await cafe.ask(ASK.guarded, 'standby1')).toContainText(/ 00:00:00\s*\n\(1 row\)/);
  await expect(guard).toContainText('The cluster says: Zero, for as long as it receives nothing.');
  await page.waitForTimeout(2_500);
  await cafe.done(ASK.beat);
  await page.waitForTimeout(300);
  // The frozen standby's newest beat is an earlier one: older by the wait above, however slow this machine is.
  const fresh = await ageInSeconds(await cafe.ask(ASK.beatAge, 'standby2'));
  const stale = await ageInSeconds(await cafe.ask(ASK.beatAge, 'standby1'));
  expect(stale - fresh).toBeGreaterThan(2);
  await cafe.press('Thaw standby1’s walreceiver');

  const vanished = await cafe.predict(/What does pg_stat_replication on the primary show/, [
    /^No row at all/,
  ]);
  await cafe.press('Kill PostgreSQL on standby2');
  await expect(await cafe.ask(ASK.rows)).toContainText(/standby1\s*\| streaming\s*\n\(1 row\)/);
  await expect(vanished).toContainText(
    'As you said: No row at all. You were fairly sure, and right.',
  );
  await expect(await cafe.ask(ASK.mended)).toContainText(ROW('standby2', 'gone'));
});

test('what a standby refuses, in PostgreSQL’s words', async ({ page }) => {
  const cafe = new Streaming(page);
  await cafe.start();
  await cafe.done(order('tea'));
  const outcome = await cafe.predict(/Which of these does standby1 refuse/, [/^INSERT/]);
  const said: readonly (readonly [string, string])[] = [
    ['tea at the back door', 'ERROR:  25006: cannot execute INSERT in a read-only transaction'],
    ['nextval', 'ERROR:  25006: cannot execute nextval() in a read-only transaction'],
    ['create temp', 'ERROR:  25006: cannot execute CREATE TABLE in a read-only transaction'],
    ['for update', 'ERROR:  25006: cannot execute SELECT FOR UPDATE in a read-only transaction'],
    ['vacuum', 'ERROR:  25006: cannot execute VACUUM during recovery'],
    ['checkpoint', 'CHECKPOINT'],
    ['set transaction_read', 'ERROR:  0A000: cannot set transaction read-write mode'],
    ['select pg_current_wal_lsn();', 'ERROR:  55000: recovery is in progress'],
  ];
  for (const [sql, words] of said) {
    await expect(await cafe.ask(sql, 'standby1')).toContainText(words);
  }
  await expect(outcome).toContainText(
    'The cluster says: INSERT INTO orders, SELECT nextval(…), CREATE TEMP TABLE, SELECT … FOR UPDATE, VACUUM orders.',
  );
});

test('the books’ queries hide what was not sent, and name two columns alike', async ({ page }) => {
  const cafe = new Streaming(page);
  await cafe.start();
  await cafe.press('Freeze standby1’s walreceiver');
  await cafe.done(ASK.evening);
  const full = ROW('standby1', /4[12]\d\d kB/);
  await expect(await cafe.ask(ASK.sentOnly)).toContainText(full);
  const outcome = await cafe.predict(/What does the book’s query show/, [/^The same/]);
  await cafe.done(ASK.matinee);
  await expect(await cafe.ask(ASK.sentOnly)).toContainText(full);
  await expect(await cafe.ask(ASK.wholeGap)).toContainText(ROW('standby1', '10 MB'));
  await expect(outcome).toContainText('As you said: The same as before.');

  const twice = cafe.step(ASK.twice);
  await twice.nth(0).getByRole('button', { name: /^Run/ }).click();
  await expect(twice.nth(0)).toContainText(/flush_lag\s*\|\s*write_lag\s*\|\s*flush_lag/);
  await twice.nth(1).getByRole('button', { name: /^Run/ }).click();
  await expect(twice.nth(1)).toContainText(
    'ERROR:  42701: column "flush_lag" specified more than once',
  );
  const mended = await cafe.ask(ASK.mended);
  await expect(mended).toContainText(ROW('standby1', 'streaming', /[1-9]\d{6}/, /[1-9]\d{6}/));
  await expect(mended).toContainText(ROW('standby2', 'streaming', '0', '0', '0', '0', '0'));
});

test('asynchronous 0.5 ms, synchronous 501 ms', async ({ page }) => {
  const cafe = new Streaming(page);
  await cafe.start();
  await cafe.press('Make the cable primary – standby1 250 ms long');
  await expect(await cafe.ask(order('toast'))).toContainText('answered in 500 µs');
  const outcome = await cafe.predict(/How long does the next toast take/, [/^250 ms/]);
  await cafe.names('standby1');
  await expect(await cafe.ask(order('toast, confirmed'))).toContainText('answered in 500.9 ms');
  await expect(outcome).toContainText('The cluster says: 501 ms.');
});

test('a standby of a standby: whom it knows, what it gets, and how it is moved', async ({
  page,
}) => {
  const cafe = new Streaming(page, 'cascade');
  await cafe.start();
  const known = 'select application_name, state, sync_state';
  await expect(await cafe.ask(known)).toContainText(
    /standby1.*async.*\n.*standby2.*async.*\n\(2 rows\)/,
  );
  await expect(await cafe.ask(known, 'standby2')).toContainText(/standby3.*async.*\n\(1 row\)/);

  const outcome = await cafe.predict(/standby2 replays nothing now/, [/^Neither/]);
  await cafe.press('Freeze standby2’s startup');
  await cafe.done(order('tea'));
  await page.waitForTimeout(300);
  await expect(await cafe.ask(ASK.count, 'standby2')).toContainText(/ 0 \n\(1 row\)/);
  await expect(await cafe.ask(ASK.count, 'standby3')).toContainText(/ 1 \n\(1 row\)/);
  await expect(outcome).toContainText('The cluster says: standby3, but not standby2.');
  await cafe.press('Thaw standby2’s startup');

  await cafe.names('standby3');
  const scone = await cafe.ask(order('scone'));
  await expect(scone).toContainText('waiting · IPC · SyncRep');
  await cafe.names('');
  await expect(scone).toContainText('INSERT 0 1');

  await cafe.press('Kill PostgreSQL on standby2');
  await expect(cafe.act('Start standby2')).toBeVisible();
  await cafe.done(order('biscuit'));
  await cafe.speed('10 ×');
  await page.waitForTimeout(1_000);
  await expect(await cafe.ask(ASK.count, 'standby3')).toContainText(/ 2 \n\(1 row\)/);
  await expect(await cafe.ask('select status, sender_host', 'standby3')).toContainText('(0 rows)');
  await cafe.done('alter system set primary_conninfo', 'standby3');
  await cafe.done('select pg_reload_conf();', 'standby3');
  await page.waitForTimeout(500);
  await expect(await cafe.ask(ASK.count, 'standby3')).toContainText(/ 3 \n\(1 row\)/);
  await expect(await cafe.ask(known)).toContainText(/standby1.*\n.*standby3.*\n\(2 rows\)/);
});

test('with everything run it is accessible and fits, on each device in each theme', async ({
  page,
}) => {
  const cafe = new Streaming(page);
  await cafe.start();
  for (const sql of [order('tea'), ASK.lagTimes, ASK.mended]) await cafe.done(sql);
  await cafe.done('create temp', 'standby1');
  await answer(page, 'r2-power-cut', ['Those up to write_lsn']);
  await expectGoodLooks(page);
});

const item = (page: Page, id: string) => page.locator(`.quiz form[data-item="${id}"]`);

async function answer(page: Page, id: string, labels: readonly string[]): Promise<void> {
  for (const label of labels) await item(page, id).getByLabel(label, { exact: true }).check();
  await item(page, id).getByRole('button', { name: 'Check' }).click();
}

test.describe('the quiz', () => {
  test('works by keyboard, says why, and remembers', async ({ page }) => {
    await page.goto(chapters.streaming);
    await hydrated(page);
    const first = item(page, 'r1-who-writes');
    await first.getByRole('radio').first().focus();
    await page.keyboard.press('ArrowDown');
    await expect(first.getByLabel('walreceiver')).toBeChecked();
    await page.keyboard.press('Enter');
    await expect(first.locator('.verdict')).toBeFocused();
    await expect(first.locator('.verdict')).toHaveText('Not quite. It comes back a day later.');
    await expect(first).toContainText('Right: startup process.');
    await expect(first).toContainText('Wrong: walreceiver. It takes the WAL in');
    await expect(page.locator('.quiz .score')).toHaveText('1 of 11 answered, 0 right.');

    await page.reload();
    await hydrated(page);
    await expect(first).toContainText('Right: startup process.');
    const again = first.getByRole('button', { name: 'Answer again' });
    await again.focus();
    await page.keyboard.press('Enter');
    await expect(first.getByRole('radio').first()).toBeFocused();
    await first.getByLabel('startup process').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(first.locator('.verdict')).toHaveText('Right.');
    const { contents: answers } = await keptOnDevice<{ right: boolean; at: string }[]>(
      page,
      'quiz/r1-who-writes',
    );
    expect(answers.map(({ right }: { right: boolean }) => right)).toEqual([false, true]);
    const times = answers.map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('takes several right answers together', async ({ page }) => {
    await page.goto(chapters.streaming);
    await hydrated(page);
    const several = item(page, 'r3-null-lag');
    await expect(several).toContainText('More than one is right.');
    await several.getByLabel(/replayed everything/).check();
    await several.getByLabel(/cleared while idle/).check();
    await several.getByRole('button', { name: 'Check' }).click();
    await expect(several.locator('.verdict')).toHaveText('Right.');
  });

  test('says so where the browser keeps nothing', async ({ page }) => {
    await page.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('denied', 'SecurityError');
      };
    });
    await page.goto(chapters.streaming);
    await hydrated(page);
    await answer(page, 'r2-power-cut', ['Those up to flush_lsn']);
    await expect(item(page, 'r2-power-cut').locator('.verdict')).toHaveText('Right.');
    await expect(page.locator('.quiz .score')).toContainText('lets the page keep nothing');
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('questions, answers and the drawing can be read', async ({ page }) => {
    await page.goto(chapters.streaming);
    await expect(page.getByRole('img', { name: 'Cascading replication' })).toBeVisible();
    await expect(page.locator('.quiz legend')).toHaveCount(11);
    await expect(page.locator('.quiz').getByRole('button')).toHaveCount(0);
    const key = page.locator('.quiz .key');
    await expect(key.getByText('It reads the flushed WAL')).toBeHidden();
    await key.getByText('The answers').click();
    await expect(key.getByText('It reads the flushed WAL')).toBeVisible();
  });
});

/** The interval that a statement answered, such as ` 00:00:02.5`. */
async function ageInSeconds(answer: Locator): Promise<number> {
  await expect(answer).toContainText(/\d\d:\d\d:\d\d/);
  const [, hours, minutes, seconds] =
    /(\d\d):(\d\d):(\d\d(?:\.\d+)?)/.exec(await answer.innerText()) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
