import { LabDesk, PATIENCE } from './lab-desk.ts';
import { expect, expectAccessible, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 240_000 });

test('a patroni.yml is read, tried on schedules, given, and judged on a hundred', async ({
  page,
}) => {
  const lab = new LabDesk(page);
  await lab.start('governor');
  const answers = page.getByRole('region', { name: 'Questions' });
  const file = answers.getByLabel('patroni.yml of all three nodes');
  const problems = answers.getByRole('list', { name: 'What Patroni says of it' });
  await answers.getByRole('button', { name: 'Try it on 20 schedules' }).click();
  await expect(answers).toContainText('20 of 20 tried', PATIENCE);
  await expect(answers).toContainText('both took writes for');

  const text = await file.inputValue();
  await file.fill(`${text}\nwatchdog:\n  mode: required\n`);
  await expect(problems).toContainText('stands again in line');
  const better = text
    .replace('    maximum_lag_on_failover: 1048576\n', '    synchronous_mode: quorum\n')
    .replace('mode: automatic', 'mode: required');
  await file.fill(better);
  await expect(problems).toContainText('Patroni reads all of it.');
  await answers.getByRole('button', { name: 'Give this answer' }).first().click();
  await answers.getByLabel(/HAProxy/).check();
  await answers.getByRole('button', { name: 'Give this answer' }).last().click();
  await lab.checked();
  await expect(lab.check).toContainText('All 4 checks pass.');

  await page.setViewportSize({ width: 360, height: 800 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});
