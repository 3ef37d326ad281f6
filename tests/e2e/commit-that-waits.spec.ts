import type { Locator } from '@playwright/test';
import { Cafe, SQL } from './cafe.ts';
import { devices, expect, expectGoodThemes, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 120_000 });

const WAITS_FOR_STANDBY = 'waiting · IPC · SyncRep';

for (const { device, viewport } of devices) {
  test.describe(`on a ${device}`, () => {
    test.use({ viewport });

    test('the commit waits, hides its row, and is no rollback when cancelled', async ({ page }) => {
      const cafe = new Cafe(page);
      await cafe.start();
      await cafe.freeze(0).click();
      await expect(cafe.freeze(0)).toHaveText(/Thaw/);
      const first = await cafe.predict(/Session a inserts/, [/INSERT 0 1, at once/]);
      await expect(first).toContainText('Kept: INSERT 0 1, at once, fairly sure');

      const tea = await cafe.run(SQL.tea);
      await expect(tea).toContainText(WAITS_FOR_STANDBY);
      await expect(first).toContainText(
        'The cluster says: Nothing, as long as standby1 is frozen.',
      );

      // The WAL is flushed here, has left for the standby, and is written nowhere else.
      const standby1 = page.locator('.step.do .gauge').nth(1);
      await expect(standby1.locator('tr[data-stage=sent] .behind')).toHaveText('level');
      for (const stage of ['written', 'flushed', 'replayed']) {
        await expect(standby1.locator(`tr[data-stage=${stage}] .behind`)).toHaveText(/^−\d+ B$/);
      }
      await expect(await cafe.run(SQL.waits)).toContainText(/active\s*\|\s*IPC\s*\|\s*SyncRep/);

      // Hidden here, visible there.
      await expect(await cafe.run(SQL.count, 'primary')).toContainText(/ 0 \n\(1 row\)/);
      await expect(await cafe.run(SQL.count, 'standby2')).toContainText(/ 1 \n\(1 row\)/);
      await expect(await cafe.run(SQL.count, 'standby1')).toContainText(/ 0 \n\(1 row\)/);

      const again = await cafe.run(SQL.again);
      await expect(again).toContainText('waiting · Lock · transactionid');
      await expectGoodThemes(page);

      await page.getByRole('button', { name: 'Ctrl-C in primary, session a', exact: true }).click();
      await expect(tea).toContainText(
        'WARNING:  01000: canceling wait for synchronous replication due to user request',
      );
      await expect(tea).toContainText(
        'DETAIL:  The transaction has already committed locally, but might not have been replicated to the standby.',
      );
      await expect(tea).toContainText('INSERT 0 1');
      await expect(again).toContainText(
        'ERROR:  23505: duplicate key value violates unique constraint',
      );
      await expect(await cafe.run(SQL.count, 'primary')).toContainText(/ 1 \n\(1 row\)/);

      await cafe.freeze(1).click();
      await expect(standby1.locator('tr[data-stage=replayed] .behind')).toHaveText('level');
      await expect(await cafe.run(SQL.count, 'standby1')).toContainText(/ 1 \n\(1 row\)/);
      await cafe.panel('What happened');
      await expect(page.getByRole('log', { name: 'Events' })).toContainText('walreceiver');
    });

    test('the names decide whom a commit waits for, its level for what', async ({ page }) => {
      const cafe = new Cafe(page);
      await cafe.start();
      await cafe.freeze(2).click();
      const cake = await cafe.run(SQL.cake);
      await expect(cake).toContainText(WAITS_FOR_STANDBY);
      await cafe.names('');
      await expect(cake).toContainText('INSERT 0 1');
      await cafe.names('standby1');

      const outcome = await cafe.predict(/which of the five/, [/^off$/, /^local$/]);
      for (const level of ['off', 'local'] as const) {
        await expect(await cafe.run(SQL.level(level))).toContainText('INSERT 0 1');
      }
      for (const level of ['remote_write', 'on', 'remote_apply'] as const) {
        await expect(await cafe.run(SQL.level(level))).toContainText(WAITS_FOR_STANDBY);
      }
      await expect(outcome).toContainText(
        'As you said: off, local. You were fairly sure, and right.',
      );
      await cafe.freeze(2).click();
      for (const level of ['remote_write', 'on', 'remote_apply'] as const) {
        await expect(cafe.step(SQL.level(level))).toContainText('INSERT 0 1');
      }
      await cafe.expectToFit();
    });
  });
}

test('the whole of it works by keyboard', async ({ page }) => {
  const cafe = new Cafe(page);
  const { keyboard } = page;
  await cafe.open();
  const tabTo = async (target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab') => {
    for (let i = 0; i < 60; i++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await keyboard.press(key);
    }
    throw new Error(`the Tab key does not reach ${target}`);
  };
  await tabTo(cafe.figure.getByRole('button', { name: 'Start the cluster' }));
  await keyboard.press('Enter');
  await cafe.runs();
  await tabTo(cafe.freeze(0));
  await keyboard.press('Space');
  await expect(cafe.freeze(0)).toHaveText(/Thaw/);

  const terminal = cafe.terminal('primary', 'a');
  const field = terminal.getByRole('textbox');
  await tabTo(field, 'Shift+Tab');
  await keyboard.type('insert into payments');
  await keyboard.press('Enter');
  await keyboard.type("values (9, 'by keyboard', 1);");
  await keyboard.press('Enter');
  await expect(terminal.locator('.screen')).toContainText(WAITS_FOR_STANDBY);
  await keyboard.press('Control+c');
  await expect(terminal.locator('.screen')).toContainText('WARNING:  01000');
  await keyboard.press('ArrowUp');
  await expect(field).toHaveValue("insert into payments\nvalues (9, 'by keyboard', 1);");
  await keyboard.press('ArrowDown');
  await expect(field).toHaveValue('');
});

test('before anyone asks, neither engine nor worker is fetched, and little script', async ({
  page,
}) => {
  const scripts: Promise<number>[] = [];
  const fetched: string[] = [];
  page.on('response', (response) => {
    fetched.push(response.url());
    if (response.url().endsWith('.js')) scripts.push(gzipSize(response.body()));
  });
  const cafe = new Cafe(page);
  await cafe.open();
  await page.waitForLoadState('networkidle');
  const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(1_000);
  expect(bytes).toBeLessThanOrEqual(40 * 1024);
  expect(fetched.filter((url) => /wasm|\.tar|worker/.test(url))).toEqual([]);
  expect(page.workers()).toEqual([]);
});

async function gzipSize(body: Promise<Buffer>): Promise<number> {
  const { gzipSync } = await import('node:zlib');
  return gzipSync(await body, { level: 9 }).length;
}
