import { LabDesk, PATIENCE } from './lab-desk.ts';
import { expect, expectAccessible, test } from './page.ts';

test.describe.configure({ timeout: 240_000 });

const MATRIX: Readonly<Record<string, readonly string[]>> = {
  'no names, on': ['it goes on', 'it goes on', 'something is lost', 'not one register'],
  'ANY 1 (standby1, standby2), remote_write': [
    'it goes on',
    'it goes on',
    'something is lost',
    'not one register',
  ],
  'ANY 1 (standby1, standby2), remote_apply': [
    'it goes on',
    'it goes on',
    'something is lost',
    'not one register',
  ],
  // The source text gives this one availability in a partition, too.
  'ANY 2 (standby1, standby2, standby3), remote_apply': [
    'it goes on',
    'it goes on',
    'all of it',
    'not one register',
  ],
  'FIRST 3 (standby1, standby2, standby3), remote_apply': [
    'it stands still',
    'it stands still',
    'all of it',
    'not one register',
  ],
};
const NEEDS: readonly (readonly [RegExp, string])[] = [
  [/^The ledger/, 'FIRST 3 (standby1, standby2, standby3), remote_apply'],
  [/^The till/, 'ANY 2 (standby1, standby2, standby3), remote_apply'],
  [/^Clicks/, 'no names, on'],
  [/^Boards/, 'FIRST 3 (standby1, standby2, standby3), remote_apply'],
];

test('the matrix is filled in as a table, all at once, and one wrong cell is told with the moment that shows it', async ({
  page,
}) => {
  const desk = new LabDesk(page);
  await desk.start('cap-by-experiment');
  await desk.press(page.getByRole('button', { name: 'Let time run' }));
  const sheet = page.locator('.choice-sheet');
  await expect(sheet.locator('.choice-table tbody tr')).toHaveCount(5);
  for (const [row, cells] of Object.entries(MATRIX)) {
    const line = sheet
      .locator('tbody tr')
      .filter({ has: page.getByRole('rowheader', { name: row }) });
    for (const [i, cell] of cells.entries())
      await line.getByRole('group').nth(i).getByLabel(cell, { exact: true }).check();
  }
  for (const [ask, choice] of NEEDS)
    await sheet.getByRole('group', { name: ask }).getByLabel(choice, { exact: true }).check();
  await expectAccessible(page);
  await page.setViewportSize({ width: 320, height: 640 });
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wide).toBe(0);

  // The check waits for what is being given.
  await desk.press(sheet.getByRole('button', { name: 'Give these answers' }));
  await expect(desk.check.getByRole('button', { name: 'Check my work' })).toBeEnabled(PATIENCE);
  await desk.checked();
  await expect(desk.check).toContainText('3 of 4 checks pass', PATIENCE);
  await expect(desk.verdict('When the till goes on')).toContainText('Here two are out of reach');
  await expect(desk.verdict('When the till goes on')).toContainText('Open this moment');
});
