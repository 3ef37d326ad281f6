import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { projectRoot } from '../../src/cli/project.ts';
import { LabDesk, PATIENCE } from './lab-desk.ts';
import { expect, expectAccessible, expectGoodLooks, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 240_000 });

const NAME_STANDBY2 = "alter system set synchronous_standby_names = 'standby2';";
const RELOAD = 'select pg_reload_conf();';
const CANCEL = "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep';";

test('a lab is solved by keyboard, checked, handed in, and graded elsewhere to the same verdict', async ({
  page,
}, info) => {
  const lab = new LabDesk(page);
  await lab.start('stuck-commits');
  await expect(lab.clients).toContainText('waiting');
  await expect(lab.handIn).toContainText('Have your work checked first');
  await lab.press(lab.head.getByRole('button', { name: 'Let time run' }));
  await lab.type(NAME_STANDBY2);
  await lab.type(RELOAD);
  await lab.checked();
  await expect(lab.check).toContainText('All 3 checks pass.');
  await expect(lab.head).toContainText('once');

  await lab.press(lab.hints.getByRole('button', { name: /First hint/ }));
  await expect(lab.hints).toContainText('What is every stuck session waiting for?');
  await expect(lab.handIn).toContainText('you opened 1 of 3 hints');

  await lab.handIn.getByLabel('Your name').fill('Ada Łovelace');
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const file = await download;
  expect(file.suggestedFilename()).toBe('stuck-commits.ada-łovelace.standby-submission.json');
  const folder = info.outputPath('handed-in');
  await file.saveAs(`${folder}/ada.json`);
  const csv = info.outputPath('marks.csv');
  const graded = spawnSync('npm', ['run', '-s', 'grade', '--', folder, '--csv', csv], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  expect(graded.stdout).toContain('Ada Łovelace · stuck-commits: graded');
  expect(graded.stdout).not.toContain('claimed');
  expect(graded.status).toBe(0);
  expect(readFileSync(csv, 'utf8')).toMatch(/graded,,,1,no,payments-move,pass,pass/);
});

test('a trap fails with its own words, and the moment can be opened and left', async ({ page }) => {
  const lab = new LabDesk(page);
  await lab.start('stuck-commits');
  await lab.press(lab.head.getByRole('button', { name: 'Let time run' }));
  await lab.type(CANCEL);
  await lab.checked();
  const lost = lab.verdict('Nothing acknowledged was lost');
  await expect(lost).toContainText('A cancelled wait acknowledges');
  await lab.press(lost.getByRole('button', { name: /^Open this moment/ }));
  await expect(lab.shown.locator('.figure')).toHaveAttribute('data-phase', 'running', PATIENCE);
  await expect(
    lab.shown.getByRole('heading', { name: /^The graded run of/ }).first(),
  ).toBeFocused();
  await expect(lab.shown).toContainText('A cancelled wait acknowledges');
  await expect(lab.run).toBeHidden();
  const told = Number((await lost.textContent())?.match(/acknowledged at ([\d.]+) s/)?.[1]);
  await expect(
    lab.shown.getByRole('region', { name: 'Virtual time' }).getByRole('status').first(),
  ).toHaveText(`${told.toFixed(3)} s`);
  await expectAccessible(page);

  await lab.shown.getByRole('textbox').first().fill('drop table payments;');
  await page.keyboard.press('Control+Enter');
  await expect(lab.shown).toContainText('is only shown here');
  await lab.press(lab.shown.getByRole('button', { name: 'Back to your run' }));
  await expect(lab.run).toBeVisible();
  await expect(lab.terminal('primary', 'psql')).toContainText('pg_cancel_backend');
});

test('solutions come after an attempt, are told of, and can be played on a run of their own', async ({
  page,
}) => {
  const lab = new LabDesk(page);
  await lab.start('stuck-commits');
  const solutions = lab.hints.getByRole('button', { name: 'Show solutions' });
  await expect(solutions).toBeDisabled();
  await lab.checked();
  await expect(lab.verdict('Payments move within a minute')).toContainText('still did at');
  await lab.press(solutions);
  await expect(lab.handIn).toContainText('saw the solutions');
  await lab.press(lab.hints.getByRole('button', { name: /^Play this solution/ }).first());
  await expect(lab.shown.locator('.figure')).toHaveAttribute('data-phase', 'running', PATIENCE);
  await expect(lab.shown).toContainText('The solution “name standby2”');
  await lab.press(lab.shown.getByRole('button', { name: 'Back to your run' }));

  await page.reload();
  await expect(lab.check).toContainText('2 of 3 checks pass.');
  await expect(lab.handIn).toContainText('saw the solutions');
  await expect(lab.head).toContainText('once');
});

test('a check can be cancelled, and the run goes on meanwhile', async ({ page }) => {
  const lab = new LabDesk(page);
  await lab.start('stuck-commits');
  // Grading would be over before anybody could cancel it: its worker's script is held up.
  const { promise: cancelled, resolve: letGo } = Promise.withResolvers<void>();
  await page.route(/grade-worker/, async (route) => {
    await cancelled;
    await route.continue().catch(() => {});
  });
  await lab.press(lab.head.getByRole('button', { name: 'Let time run' }));
  await lab.press(lab.check.getByRole('button', { name: 'Check my work' }));
  await expect(lab.check).toContainText(/Your seed, [0-9]+ the cluster starts/);
  await expect(lab.check).toContainText('Seed 50000 waits for its turn');
  await lab.type('show synchronous_standby_names;');
  await lab.press(lab.check.getByRole('button', { name: 'Cancel' }));
  await expect(lab.check).toContainText('Cancelled: nothing was judged.');
  letGo();
});

test('grading that fails says so, and is tried again', async ({ page, quiet: _ }) => {
  const lab = new LabDesk(page);
  await lab.start('stuck-commits');
  await page.route(/grade-worker/, (route) => route.abort());
  await lab.press(lab.check.getByRole('button', { name: 'Check my work' }));
  await expect(lab.check.getByRole('alert')).toContainText('There is no verdict', PATIENCE);
  await expect(lab.check).toContainText('could not be graded');
  await page.unroute(/grade-worker/);
  await lab.press(lab.check.getByRole('button', { name: 'Try those again' }));
  await expect(lab.check.locator('.verdicts')).toBeVisible(PATIENCE);
});

test('the text of a lab needs no script', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? '' });
  const page = await context.newPage();
  await page.goto('labs/stuck-commits/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Stuck commits');
  await expect(page.locator('main')).toContainText('no payment has gone through');
  await expect(page.locator('main')).toContainText('Restart nothing.');
  await expect(page.locator('main')).toContainText('Nothing acknowledged was lost');
  await page.goto('labs/');
  await expect(page.getByRole('link', { name: 'Stuck commits' }).first()).toBeVisible();
  await context.close();
});

test('a lab at work has nothing that axe complains of, and nothing sticks out', async ({
  page,
}) => {
  const lab = new LabDesk(page);
  await page.goto('labs/');
  await expectGoodLooks(page);
  await lab.open('stuck-commits');
  await expectGoodLooks(page);
  await lab.start('stuck-commits');
  await lab.checked();
  await expectGoodLooks(page);
});
