import { LabDesk, PATIENCE } from './lab-desk.ts';
import { expect, test } from './page.ts';

test('a router is written as code or as a table, tried, given and graded', async ({ page }) => {
  test.setTimeout(300_000);
  const desk = new LabDesk(page);
  await desk.start('read-your-writes');
  const questions = page.getByRole('region', { name: 'Questions' });
  const code = questions.getByRole('textbox', { name: 'Your router, as TypeScript' });
  const trial = questions.getByRole('button', { name: 'Try it on three guests' });
  await test.step('a mistake is told with its line, and before anything is given', async () => {
    await expect(code).toHaveValue(/export function route/);
    await code.fill('export function route(guest, nodes) {\n  for (;;) guest.number++;\n}');
    await desk.press(trial);
    await expect(questions.locator('.router-trial')).toContainText(
      'from line 1 on: it does not come to an end',
    );
    await code.fill('export function route(guest, nodes) {\n  return (;\n}');
    await desk.press(questions.getByRole('button', { name: 'Give this answer' }).last());
    await expect(desk.run).toContainText('line 2: Unexpected token');
  });
  await test.step('a table is two lists a row', async () => {
    await questions.getByLabel('as a decision table').check();
    await questions.getByLabel('If').first().selectOption('a standby has replayed both');
    await questions.getByLabel('then').first().selectOption('that standby');
    await desk.press(questions.getByRole('button', { name: 'Add a row' }));
    await expect(questions.locator('.decision-table li')).toHaveCount(2);
    await desk.press(trial);
    await expect(questions.locator('.router-trial li')).toHaveText([
      'A guest who has neither written nor read: reads on standby1',
      'A guest who wrote at 0/10000238, 60 ms ago: reads on standby1',
      'A guest who wrote at 0/10000A10, 5 ms ago: reads on primary',
    ]);
  });
  await test.step('with a token that is taken after COMMIT it passes every check', async () => {
    await questions.getByLabel('after COMMIT: select pg_current_wal_insert_lsn()').check();
    for (const give of await questions.getByRole('button', { name: 'Give this answer' }).all())
      await desk.press(give);
    await desk.checked();
    await expect(desk.check).toContainText('All 5 checks pass', PATIENCE);
  });
  await test.step('the guests use it on the page, too', async () => {
    await desk.press(page.getByRole('button', { name: 'Let time run' }));
    const guests = page.locator('.lab-own').getByRole('region', { name: 'Guests' });
    await expect(guests).toContainText('read on standby1', PATIENCE);
    await expect(
      page.locator('.lab-own .load .figures').getByRole('rowheader').first(),
    ).toContainText('10 × guest at primary', PATIENCE);
  });
});

test('twelve statements are sorted on one sheet, run by a button, and graded', async ({ page }) => {
  test.setTimeout(300_000);
  const desk = new LabDesk(page);
  await desk.start('safe-on-a-standby');
  const sheet = page.locator('.choice-sheet');
  await expect(sheet.getByRole('group')).toHaveCount(12);
  await desk.press(page.getByRole('button', { name: 'Let time run' }));
  const sorts: Record<string, string> = {
    'select last_value': 'works, but the answer is wrong',
    pg_try_advisory_lock: 'works, but the answer is wrong',
    replay_timestamp: 'works, but the answer is wrong',
    'with report': 'works',
    'select roll': 'works',
  };
  for (const [i, row] of (await sheet.locator('.sheet-row').all()).entries()) {
    const text = `${await row.locator('legend').textContent()} `;
    const sort =
      i === 0
        ? 'works'
        : (Object.entries(sorts).find(([part]) => text.includes(part))?.[1] ?? 'is refused');
    await row.getByLabel(sort, { exact: true }).check();
    await desk.press(row.getByRole('button'));
    await expect(row.locator('.tried')).toContainText(
      sort === 'is refused' ? 'ERROR' : 'answered in',
      PATIENCE,
    );
  }
  await desk.press(sheet.getByRole('button', { name: 'Give these answers' }));
  await expect(sheet).toContainText('What stands above is given.');
  await desk.checked();
  await expect(desk.check).toContainText('All 3 checks pass', PATIENCE);
});
