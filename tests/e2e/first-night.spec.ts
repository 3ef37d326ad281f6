import { LabDesk, PATIENCE } from './lab-desk.ts';
import { expect, expectAccessible, expectGoodLooks, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 240_000 });

test('pages come at their instants and stop the clock until it is let run again', async ({
  page,
}) => {
  const lab = new LabDesk(page);
  await lab.start('first-night');
  const pager = lab.head.getByRole('region', { name: 'Pager' });
  const bar = lab.run.getByRole('region', { name: 'Virtual time' });
  const play = bar.locator('.play');
  await expect(pager).toContainText('No page so far.');
  await bar.getByLabel('speed').selectOption('10 ×');
  await lab.press(play);
  await expect(pager).toContainText(/60\.000 s payments: no payment has been confirmed/, PATIENCE);
  await expect(play).toHaveAttribute('aria-pressed', 'false');
  await expect(pager.getByRole('listitem')).toHaveCount(1);
  await expectAccessible(page);

  // No page may come between two statements.
  await bar.getByLabel('speed').selectOption('as on the wall');
  await lab.press(play);
  await lab.type("alter system set synchronous_standby_names = 'standby2';");
  await lab.type('select pg_reload_conf();');
  await bar.getByLabel('speed').selectOption('10 ×');
  await expect(pager.getByRole('listitem')).toHaveCount(2, PATIENCE);
  await expect(pager.getByRole('listitem').first()).toContainText('disk: pg_wal on primary');
  await expect(play).toHaveAttribute('aria-pressed', 'false');

  // Looking back at a moment before takes the page away again.
  await bar.getByRole('slider').first().focus();
  await page.keyboard.press('Home');
  await expect(pager).toContainText('No page so far.');
});

test('reads well on each device in each theme', async ({ page }) => {
  const lab = new LabDesk(page);
  await lab.start('first-night');
  await expect(lab.head.getByRole('region', { name: 'Pager' })).toBeVisible();
  await expectGoodLooks(page);
});

test('the contents and the home page lead to it', async ({ page }) => {
  await page.goto('');
  await page.getByRole('link', { name: 'The first night on call' }).last().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The first night on call');
  await expect(page.locator('#contents .capstone').first()).toContainText(
    'The first night on call',
  );
  await expect(page.locator('#contents .capstone').nth(1)).toContainText(
    'The second night on call',
  );
  await expect(page.locator('#contents [data-coming].capstone').first()).toContainText('coming');
});
