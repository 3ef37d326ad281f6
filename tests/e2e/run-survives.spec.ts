import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Download, Page } from '@playwright/test';
import { projectRoot } from '../../src/cli/project.ts';
import { Cafe, SQL } from './cafe.ts';
import { expect, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 120_000 });

const RUNAWAY = 'select count(*) from generate_series(1, 1e12);';

test('a reload keeps the run', async ({ page }) => {
  const cafe = new Cafe(page);
  await cafe.start();
  await cafe.freeze(0).click();
  await expect(await cafe.run(SQL.tea)).toContainText('SyncRep');
  await page.reload();
  await expect(cafe.figure).toContainText(
    'Your run of last time is kept on this device: 2 actions',
  );
  await cafe.figure.getByRole('button', { name: 'Go on with it' }).click();
  await cafe.runs();
  await expect(cafe.step(SQL.tea)).toContainText('SyncRep');
  await expect(cafe.freeze(0)).toHaveText(/Thaw/);
});

test('undo takes back the last action, a jump shows an earlier moment and keeps the rest', async ({
  page,
}) => {
  const cafe = new Cafe(page);
  await cafe.start();
  await expect(await cafe.run(SQL.tea)).toContainText('INSERT 0 1');
  await expect(await cafe.run(SQL.cake)).toContainText('INSERT 0 1');
  await cafe.figure.getByRole('button', { name: 'Undo the last action' }).click();
  await expect(cafe.step(SQL.cake)).not.toContainText('INSERT 0 1');
  await cafe.runs();
  await expect(cafe.step(SQL.tea)).toContainText('INSERT 0 1');
  await expect(await cafe.run(SQL.count, 'standby2')).toContainText(/ 1 \n\(1 row\)/);

  const slider = cafe.figure.getByRole('slider');
  await slider.focus();
  await slider.press('Home');
  await expect(cafe.figure).toContainText('The rest of the run is kept.');
  await expect(cafe.step(SQL.tea)).not.toContainText('INSERT 0 1');
  await cafe.type('primary', 'a', 'select 1;');
  await expect(page.getByRole('alertdialog')).toContainText('2 actions) is put aside');
  await page.getByRole('button', { name: 'Leave the run as it is' }).click();
  await cafe.figure.getByRole('button', { name: /^Return to/ }).click();
  await cafe.runs();
  await expect(cafe.step(SQL.tea)).toContainText('INSERT 0 1');
});

test('a runaway statement is stopped, and nothing answered is lost', async ({ page }) => {
  const cafe = new Cafe(page);
  await cafe.start();
  await expect(await cafe.run(SQL.tea)).toContainText('INSERT 0 1');
  await cafe.type('primary', 'b', RUNAWAY);
  const stop = cafe.figure.getByRole('button', { name: 'Stop', exact: true });
  await expect(stop).toBeVisible();
  // How long it takes is measured by `npm run bench`.
  await stop.evaluate((button: HTMLElement) => button.click());
  await expect(cafe.figure).toContainText('Nothing that had been answered is lost.');
  await cafe.runs();
  await expect(cafe.terminal('primary', 'b')).toContainText('as if it had never been sent');
  await expect(cafe.step(SQL.tea)).toContainText('INSERT 0 1');
  await expect(await cafe.run(SQL.count, 'primary')).toContainText(/ 1 \n\(1 row\)/);
});

test('a worker ended from outside comes back with the run', async ({ page }) => {
  const cafe = new Cafe(page);
  await cafe.start();
  await expect(await cafe.run(SQL.tea)).toContainText('INSERT 0 1');
  // `close` is what a browser does to it when memory is short; a little later, so that the test hears that it was asked.
  const run = page.workers().find((worker) => !/editor/.test(worker.url()));
  expect(run).toBeDefined();
  await run?.evaluate(() => void setTimeout(close, 100));
  await expect(cafe.figure).toContainText('The cluster ended by itself', { timeout: 60_000 });
  await cafe.runs();
  await expect(await cafe.run(SQL.count, 'primary')).toContainText(/ 1 \n\(1 row\)/);
});

test('HTML, escapes and a hundred thousand rows print harmless', async ({ page }) => {
  const cafe = new Cafe(page);
  await cafe.start();
  const nasty =
    "select '<img src=x onerror=alert(1)>' as html, E'\\x1b[2J\\x1b[31m' as esc, null as none;";
  const screen = await cafe.type('primary', 'a', nasty);
  await expect(screen).toContainText('<img src=x onerror=alert(1)>');
  await expect(screen).toContainText('\\x1B[2J\\x1B[31m');
  await expect(screen.locator('.null')).toHaveText('NULL');
  await expect(screen.locator('img')).toHaveCount(0);

  await cafe.type('primary', 'b', 'select * from generate_series(1, 100000);');
  const rows = cafe.terminal('primary', 'b');
  await expect(rows).toContainText('(100000 rows)');
  await expect(await cafe.type('standby1', 'c', SQL.tea)).toContainText(
    'ERROR:  25006: cannot execute INSERT in a read-only transaction',
  );
});

test('Node and the browser make the same run of the same record, to the byte', async ({
  page,
}, info) => {
  const cafe = new Cafe(page);
  await cafe.start();
  await cafe.freeze(0).click();
  await expect(await cafe.run(SQL.tea)).toContainText('SyncRep');
  await expect(await cafe.run(SQL.count, 'standby2')).toContainText(/ 1 \n\(1 row\)/);
  await cafe.freeze(0).click();
  await expect(cafe.step(SQL.tea)).toContainText('INSERT 0 1');
  await cafe.type('primary', 'a', 'select random(), gen_random_uuid(), now();');
  const path = info.outputPath('run.json');
  await (await exported(page, cafe)).saveAs(path);
  const { hashes } = JSON.parse(readFileSync(path, 'utf8'));
  expect(hashes.wal).toMatch(/^[0-9a-f]+$/);
  const replayed = execFileSync(process.execPath, ['tests/e2e/replay-run.ts', path], {
    cwd: projectRoot,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect(JSON.parse(replayed)).toEqual(hashes);
});

async function exported(page: Page, cafe: Cafe): Promise<Download> {
  await cafe.figure.getByText('Share and export').click();
  const download = page.waitForEvent('download');
  await cafe.figure.getByRole('button', { name: 'Export run' }).click();
  return download;
}
