import { devices, expect, expectAccessible, hydrated, test } from './page.ts';

/** Two cables are cut to the end, and two servers burn: found by looking through seeds. */
const LOSING =
  '#chaos=seed=3&kinds=cut&count=12&burns=primary+standby1&names=ANY+1+%28standby1%2C+standby2%29&level=remote_apply&pace=1';

test('a schedule is drawn, played and told; the run opens in the workbench at the moment that is told of', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await page.goto(`chaos/${LOSING}`);
  await hydrated(page);
  await page.getByRole('button', { name: 'Let it happen' }).click();
  const report = page.getByRole('region', { name: 'What came of it' });
  await expect(report).toBeVisible({ timeout: 120_000 });
  await expect(report.getByRole('heading', { name: /^After the fire: \d+ lost$/ })).toBeVisible();
  await expect(report.getByText('has never heard of it')).toBeVisible();
  // Two servers burn, and each commit was on two: none of this was promised.
  const invariants = report.getByRole('region', { name: 'Invariants' });
  await expect(invariants.getByText(/: holds\.$/)).toHaveCount(4);
  await expectAccessible(page);

  await page.setViewportSize(devices[1].viewport);
  await page.emulateMedia({ colorScheme: 'dark' });
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  expect(await width()).toBeLessThanOrEqual(devices[1].viewport.width);
  await expectAccessible(page);

  await report
    .getByRole('button', { name: /^Open this run at/ })
    .first()
    .click();
  const figure = page.getByRole('region', { name: 'Your cluster' });
  await expect(figure).toHaveAttribute('data-phase', 'running', { timeout: 120_000 });
  await expect(figure.getByText(/shared run/i).first()).toBeVisible();
});

test('names that PostgreSQL refuses are refused here, in its words', async ({ page }) => {
  await page.goto('chaos/');
  await hydrated(page);
  await page.getByLabel('synchronous_standby_names').fill('ANY 2 (standby1');
  await expect(page.getByRole('alert')).toContainText('syntax error at end of input');
  await expect(page.getByRole('button', { name: 'Let it happen' })).toBeDisabled();
});
