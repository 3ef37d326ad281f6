import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { Cafe } from './cafe.ts';
import { expect, expectAccessible, expectGoodThemes, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 180_000 });

/** The script that holds Monaco. */
const MONACO = /\/assets\/MonacoField\.[^/]*\.js$/;

class Psql extends Cafe {
  readonly node: string;
  readonly session: string;

  constructor(page: Page, node = 'primary', session = 'a') {
    super(page);
    this.node = node;
    this.session = session;
  }

  get region(): Locator {
    return this.terminal(this.node, this.session);
  }

  get sql(): Locator {
    return this.field(this.node, this.session);
  }

  get screen(): Locator {
    return this.region.locator('.screen');
  }

  get answer(): Locator {
    return this.screen.locator('.exchange').last();
  }

  /** The text in the field, as it is seen. */
  get typed(): Locator {
    return this.region.locator('.view-lines');
  }

  async send(sql: string): Promise<Locator> {
    await this.type(this.node, this.session, sql);
    return this.answer;
  }

  /** As with Ctrl+V; then sends it. */
  async paste(sql: string): Promise<Locator> {
    await this.page.evaluate((text) => navigator.clipboard.writeText(text), sql);
    await this.sql.press('ControlOrMeta+a');
    await this.page.keyboard.press('ControlOrMeta+v');
    await this.page.keyboard.press('Enter');
    return this.answer;
  }

  async ready(): Promise<void> {
    await this.start();
    await this.full();
  }

  async full(): Promise<void> {
    await this.region.scrollIntoViewIfNeeded();
    await expect(this.region.locator('.sql-editor')).toHaveAttribute('data-editor', 'full');
  }
}

test.describe('at a desk', () => {
  test.use({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });

  test('the editor completes from the node’s own catalog, and colours follow the theme', async ({
    page,
  }) => {
    const psql = new Psql(page);
    await psql.ready();
    await psql.sql.press('s');
    await page.keyboard.type('elect * from paym');
    const suggestions = page.locator('.suggest-widget');
    await expect(suggestions).toContainText('payments');
    await page.keyboard.press('Tab');
    await expect(psql.typed).toContainText(/from.payments/);
    await page.keyboard.type(' order by am');
    await expect(suggestions).toContainText('amount');
    await expect(suggestions).toContainText('numeric(6,2)');
    await page.keyboard.press('Tab');
    await page.keyboard.type(';');
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await expect(psql.answer).toContainText('(0 rows)');
    await expect(psql.typed).not.toContainText('select');

    // A table made just now is known as soon as it is there.
    await psql.send('create table till (drawer int);');
    await expect(psql.answer).toContainText('CREATE TABLE');
    await page.keyboard.type('table ti');
    // The catalog is asked for again after DDL; a list that was opened before the answer is opened once more.
    await expect(async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+Space');
      await expect(suggestions).toContainText('till', { timeout: 3_000 });
    }).toPass({ timeout: 40_000 });
    await page.keyboard.press('Escape');

    const ground = () =>
      psql.region
        .locator('.monaco-editor-background')
        .first()
        .evaluate((element) => getComputedStyle(element).backgroundColor);
    await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
    const light = await ground();
    await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
    await expect.poll(ground).not.toBe(light);
    await expectAccessible(page);
  });

  test('an error is marked at its place, says what it is, and is mended there', async ({
    page,
  }) => {
    const psql = new Psql(page);
    await psql.ready();
    const answer = await psql.send('select count(*), wat from payments;');
    await expect(answer).toContainText('ERROR:  42703: column "wat" does not exist');
    await expect(answer).toContainText('LINE 1: select count(*), wat from payments;');
    await expect(answer).toContainText('HINT:  Perhaps you meant to reference the column');
    await expect(psql.typed).toContainText(/wat/);
    const mark = psql.region.locator('.squiggly-error');
    await expect(mark).toBeVisible();
    // The editor draws its lines anew now and then; a line that is just leaving has no place.
    await expect(async () => {
      const [at, word] = await Promise.all([
        mark.boundingBox(),
        psql.typed.getByText('wat', { exact: false }).last().boundingBox(),
      ]);
      expect(at && word && at.x >= word.x && at.x < word.x + word.width).toBe(true);
    }).toPass();
    // The text lies above its mark.
    await mark.hover({ force: true });
    await expect(page.locator('.monaco-hover').filter({ hasText: '42703' })).toBeVisible();
    // All of it is selected: what is typed takes its place.
    await psql.sql.press('s');
    await page.keyboard.type('elect 7;');
    await expect(mark).toBeHidden();
    await page.keyboard.press('Enter');
    await expect(psql.answer).toContainText(/ 7 \n\(1 row\)/);
    await page.keyboard.press('Alt+ArrowUp');
    await expect(psql.typed).toContainText(/select.7;/);
    await page.keyboard.press('Alt+ArrowUp');
    await expect(psql.typed).toContainText('wat');
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.press('Alt+ArrowDown');
    await expect(psql.typed).not.toContainText('select');
  });

  test('the keyboard runs a part, opens lists and gets out again', async ({ page }) => {
    const psql = new Psql(page);
    await psql.ready();
    await psql.sql.focus();
    await page.keyboard.insertText('select 11; select 22; select 33;');
    for (let i = 0; i < 14; i++) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect(psql.answer).toContainText(/ 22 \n\(1 row\)/);
    await expect(psql.typed).toContainText(/select.33;/);

    await page.keyboard.press('F1');
    await expect(page.locator('.quick-input-widget')).toBeVisible();
    await page.keyboard.type('history');
    await page.keyboard.press('Escape');
    await page.keyboard.press('ControlOrMeta+f');
    await expect(psql.region.locator('.find-widget')).toBeVisible();
    await page.keyboard.press('Escape');

    const run = psql.region.getByRole('button', { name: 'Run' });
    await psql.sql.press('Tab');
    await expect(run).toBeFocused();
    await page.keyboard.press('Shift+Tab');
    await expect(psql.sql).toBeFocused();
    await page.keyboard.press('ControlOrMeta+m');
    const toggle = psql.region.getByRole('button', { name: /^Tab indents/ });
    await expect(toggle).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('Tab');
    await expect(psql.sql).toBeFocused();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await expect(run).toBeFocused();
    await toggle.click();
    await expect(psql.region.getByRole('button', { name: 'Tab leaves' })).toBeVisible();
  });

  test('what is typed before the editor has come stays, and so does the caret', async ({
    page,
  }) => {
    let come = () => {};
    const held = new Promise<void>((resolve) => {
      come = resolve;
    });
    await page.route(MONACO, async (route) => {
      await held;
      await route.continue();
    });
    const psql = new Psql(page);
    await psql.start();
    await psql.sql.pressSequentially('select 1 + 1;');
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowLeft');
    come();
    await psql.full();
    await expect(psql.sql).toBeFocused();
    await page.keyboard.type('0');
    await expect(psql.typed).toContainText(/10.\+.1;/);
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect(psql.answer).toContainText(/ 11 \n\(1 row\)/);
  });

  test('without the editor the text area does, and says why; a reader may choose it for good', async ({
    page,
  }) => {
    await page.route(MONACO, (route) =>
      route.fulfill({ contentType: 'text/javascript', body: 'throw new Error("no editor")' }),
    );
    const psql = new Psql(page);
    await psql.start();
    await psql.sql.focus();
    await expect(psql.region).toContainText('The full editor could not be loaded');
    await expect(await psql.send('select 3;')).toContainText(/ 3 \n\(1 row\)/);
    await page.unroute(MONACO);
    await page.reload();
    await page.getByRole('button', { name: 'Go on with it' }).click();
    await psql.runs();
    await psql.full();
    await psql.sql.focus();
    await psql.region.getByRole('button', { name: 'Editor', exact: true }).click();
    await expectAccessible(page);
    await page.getByRole('checkbox', { name: 'Plain text field' }).check();
    await page.keyboard.press('Escape');
    await expect(psql.region.locator('textarea:not(.inputarea)')).toBeVisible();
    await page.reload();
    await page.getByRole('button', { name: 'Go on with it' }).click();
    await psql.runs();
    await psql.region.scrollIntoViewIfNeeded();
    await expect(psql.region.locator('.sql-editor')).toHaveAttribute('data-editor', 'plain');
    await expect(psql.region.locator('textarea:not(.inputarea)')).toBeVisible();
  });

  test('prompts, tables, records and backslash commands are psql’s', async ({ page }) => {
    const psql = new Psql(page);
    await psql.ready();
    const rows = await psql.send(
      "select 1 as id, 'tea' as what, null as note union all select 20, 'cake', '';",
    );
    await expect(rows).toContainText(
      ' id | what | note \n----+------+------\n  1 | tea  | NULL \n 20 | cake |      \n(2 rows)',
      { useInnerText: true },
    );
    await rows.getByRole('button', { name: 'Expanded' }).click();
    await expect(rows).toContainText(/-\[ RECORD 2 \]\nid {3}\| 20/);
    await expect(await psql.send('\\d payments')).toContainText(
      '"payments_pkey" PRIMARY KEY, btree (id)',
    );
    await expect(await psql.send('\\x')).toContainText('Expanded display is on.');
    await expect(await psql.send('select 5 as five;')).toContainText(/-\[ RECORD 1 \]\nfive \| 5/);
    await expect(await psql.send('\\! rm -rf /')).toContainText('There is no shell');
    await expect(await psql.send('begin;')).toContainText('BEGIN');
    await expect(psql.region.locator('.margin .line-numbers').first()).toHaveText('primary=*#');
    await expect(await psql.send('select 1/0;')).toContainText('ERROR:  22012: division by zero');
    await expect(psql.region.locator('.margin .line-numbers').first()).toHaveText('primary=!#');
    await expect(await psql.send('rollback;')).toContainText('primary=!# rollback;');
    await psql.sql.focus();
    await page.keyboard.type('select');
    await page.keyboard.press('Shift+Enter');
    await expect(psql.region.locator('.margin .line-numbers').nth(1)).toHaveText('primary-#');
    // It is read out once: what was answered, in a sentence.
    await psql.send("insert into payments values (7, 'tea', 1);");
    await expect(psql.region.getByRole('status').filter({ hasText: 'INSERT' })).toHaveText(
      'INSERT 0 1',
    );
  });

  test('a hundred thousand rows: counted, scrolled, saved; the page stays quick', async ({
    page,
  }) => {
    const psql = new Psql(page);
    await psql.ready();
    const answer = await psql.send(
      "select i as n, repeat('x', i % 50) as v from generate_series(1, 100000) i;",
    );
    await expect(answer).toContainText('(100000 rows)');
    const view = answer.locator('.long-rows');
    expect((await view.locator('.long-rows-all').innerText()).split('\n').length).toBeLessThan(150);
    await view.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect(view).toContainText(/100000 \|/);
    await expect(view.locator('.long-rows-head')).toBeInViewport();
    await expectAccessible(page);
    const download = page.waitForEvent('download');
    await answer.getByRole('button', { name: 'CSV' }).click();
    const lines = readFileSync(await (await download).path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(lines).toHaveLength(100_001);
    expect([lines[0], lines[3]]).toEqual(['n,v', '3,xxx']);
    await expect(await psql.send('select 1;')).toContainText(/ 1 \n\(1 row\)/);
    await expect(
      await psql.send("select repeat('x', 1000000) from generate_series(1, 50);"),
    ).toContainText('Only the first 32 of them are kept in this page');
  });

  test('nothing that a query prints or a learner pastes is run or hidden', async ({ page }) => {
    const psql = new Psql(page);
    await psql.ready();
    const nasty = await psql.send(
      "select '<img src=x onerror=alert(1)><script>alert(2)</script>' as \"<b>\", E'\\x1b[2J' as esc, U&'\\202Etxt' as bidi, E'a\\u200bb' as thin;",
    );
    await expect(nasty).toContainText('<img src=x onerror=alert(1)><script>alert(2)</script>');
    for (const mark of ['\\x1B[2J', '\\u202Etxt', 'a\\u200Bb'])
      await expect(nasty).toContainText(mark);
    await expect(nasty.locator('img, script, b')).toHaveCount(0);
    await expect(
      await psql.send("do $$ begin raise notice '<i>%</i>', chr(7); end $$;"),
    ).toContainText('NOTICE:  00000: <i>\\x07</i>');
    await expect(await psql.send("copy payments to program 'cat';")).toContainText(/0A000.*shell/);
    await expect(await psql.send("copy (select 1) to '/sim/x';")).toContainText(/0A000.*simulator/);
    await expect(await psql.send('copy (values (1), (2)) to stdout;')).toContainText('1\n2');
    await expect(await psql.paste(`select length('${'y'.repeat(900_000)}');`)).toContainText(
      /900000 \n\(1 row\)/,
    );
    await expect(await psql.paste(`select length('${'y'.repeat(1_000_001)}');`)).toContainText(
      /is too long/,
    );
    await expect(await psql.send('select 8;')).toContainText(/ 8 \n\(1 row\)/);
  });

  test('sessions of one’s own: opened, named, kept, closed; a draft outlives a reload', async ({
    page,
  }) => {
    const psql = new Psql(page);
    await psql.ready();
    await page.getByRole('button', { name: '+ New session' }).click();
    await page.locator('.new-terminal-choice').getByRole('button', { name: 'primary' }).click();
    const own = new Psql(page, 'primary', 'e');
    await own.full();
    await expect(await own.send('begin; select 40 + 2 as e;')).toContainText(' 42 ');
    await own.region.getByRole('textbox', { name: /^What you call/ }).fill('the till');
    await own.sql.focus();
    await page.keyboard.insertText('select unfinished');
    await expect(
      await psql.send("select count(*) from pg_stat_activity where state ~ 'in trans';"),
    ).toContainText(/ 1 /);
    await page.reload();
    await page.getByRole('button', { name: 'Go on with it' }).click();
    await psql.runs();
    await own.full();
    await expect(own.screen).toContainText(' 42 ');
    await expect(own.typed).toContainText('unfinished');
    await expect(own.region.getByRole('textbox', { name: /^What you call/ })).toHaveValue(
      'the till',
    );
    await own.region.getByRole('button', { name: /^Close/ }).click();
    await expect(own.region).toHaveCount(0);
    await expect(
      await psql.send("select count(*) from pg_stat_activity where state ~ 'in trans';"),
    ).toContainText(/ 0 /);
  });
});

test.describe('on a phone', () => {
  test.use({
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });

  test('a finger gets a text area, and a button that is large enough', async ({ page }) => {
    const psql = new Psql(page);
    await psql.start();
    const area = psql.region.locator('textarea');
    await area.tap();
    await expect(psql.region.locator('.sql-editor')).toHaveAttribute('data-editor', 'plain');
    await area.fill('select *\nfrom payments');
    const run = psql.region.getByRole('button', { name: 'Run' });
    const box = await run.boundingBox();
    expect(box && box.width >= 44 && box.height >= 44).toBe(true);
    await run.tap();
    await expect(psql.answer).toContainText('(0 rows)');
    await expect(area).toHaveValue('');
    await expectGoodThemes(page);
  });
});
