import { quorum, twice } from '../../labs/governor/files.ts';
import { LabDesk, PATIENCE } from './lab-desk.ts';
import { expect, expectAccessible, expectToFit, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 240_000 });

test('a patroni.yml is read at its lines, tried on schedules, given, and judged on a hundred', async ({
  page,
}) => {
  const lab = new LabDesk(page);
  await lab.start('governor');
  const answers = page.getByRole('region', { name: 'Questions' });
  const editor = answers.locator('.yml-answer .sql-editor');
  const file = answers.getByRole('textbox', { name: 'patroni.yml of all three nodes' });
  const problems = answers.getByRole('list', { name: 'What Patroni says of it' });
  await answers.getByRole('button', { name: 'Try it on 20 schedules' }).click();
  await expect(answers).toContainText('20 of 20 tried', PATIENCE);
  await expect(answers).toContainText('both took writes for');

  await expect(editor).toHaveAttribute('data-editor', 'full', PATIENCE);
  // Pasted, since what is typed is indented by the editor.
  const paste = async (text: string) => {
    await file.focus();
    await page.keyboard.press('ControlOrMeta+a');
    await file.evaluate((field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    }, text);
  };
  await paste(twice);
  await expect(problems).toContainText('stands again in line');
  await page.keyboard.press('ControlOrMeta+Home');
  await expect(editor.locator('.squiggly-warning').first()).toBeVisible();
  await editor.locator('.view-line').getByText('ttl', { exact: true }).hover();
  await expect(page.locator('.monaco-hover').filter({ hasText: 'the leader key' })).toBeVisible();
  await paste('watchdog:\n  mode: ');
  const suggestions = page.locator('.suggest-widget');
  await expect(async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Space');
    await expect(suggestions).toContainText('required', { timeout: 3_000 });
  }).toPass({ timeout: 40_000 });
  await page.keyboard.press('Escape');
  await paste(quorum);
  await expect(problems).toContainText('Patroni reads all of it.');
  await answers.getByRole('button', { name: 'Give this answer' }).first().click();
  await answers.getByLabel(/HAProxy/).check();
  await answers.getByRole('button', { name: 'Give this answer' }).last().click();
  await lab.checked();
  await expect(lab.check).toContainText('All 4 checks pass.');

  await page.setViewportSize({ width: 360, height: 800 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  await expectToFit(page);
});

test('a failed check opens the smallest schedule that breaks it, at that moment, by keyboard', async ({
  page,
}) => {
  const lab = new LabDesk(page);
  await lab.start('governor');
  await lab.checked();
  const verdict = lab.verdict('One node at a time takes writes');
  await lab.press(verdict.getByRole('button', { name: /^Open this moment/ }));
  const { shown } = lab;
  await expect(shown.getByRole('heading', { level: 2 })).toBeFocused();
  await expect(shown).toContainText('both took writes for');
  const faults = shown.getByRole('region', { name: 'What befalls the cluster' });
  await expect(faults).toContainText('Seed 1.');
  await expect(faults).toContainText('Patroni on node1 stands still.');
  await expect(faults).toContainText('From the start node1 has no watchdog device.');
  await expect(
    shown.getByRole('img', { name: /^Who was primary: node1 took writes/ }),
  ).toBeVisible();
  await expect(shown.getByRole('row', { name: /^node1 primary, takes writes/ })).toBeVisible();
  await expect(shown.getByRole('row', { name: /^node2 primary, takes writes/ })).toBeVisible();

  const moment = shown.getByRole('slider', { name: 'Moment of the schedule' });
  await lab.press(faults.getByRole('button').first());
  const then = Number(await moment.inputValue());
  await moment.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(moment).not.toHaveValue(String(then));
  await expect(shown.getByRole('row', { name: /^node1 .* leader for another/ })).toBeVisible();
  await page.keyboard.press('End');
  await expect(shown.getByRole('row', { name: /^node2 primary, takes writes/ })).toBeVisible();

  await page.setViewportSize({ width: 360, height: 800 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  await expectToFit(page);
  await lab.press(shown.getByRole('button', { name: 'Back to your run' }));
  await expect(shown).toBeHidden();
  await expect(lab.run).toBeVisible();
});
