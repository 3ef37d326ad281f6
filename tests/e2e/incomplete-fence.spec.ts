import type { Locator, Page } from '@playwright/test';
import { Cafe } from './cafe.ts';
import { LabDesk, PATIENCE } from './lab-desk.ts';
import { chapters, devices, expect, expectAccessible, test, themes } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 240_000 });

/** Chapter 10 as a reader does it. */
class Ledger extends Cafe {
  constructor(page: Page) {
    super(page, chapters.fence, 'incident');
  }

  async send(place: string, sql: string, n = 0): Promise<Locator> {
    const step = this.experiment()
      .filter({ has: this.page.locator('.place', { hasText: new RegExp(`^${place}$`) }) })
      .filter({ has: this.page.locator('code', { hasText: sql }) })
      .nth(n);
    await step.getByRole('button', { name: /^Run/ }).click();
    return step;
  }

  async ask(place: string, sql: string, n = 0): Promise<Locator> {
    const step = await this.send(place, sql, n);
    await expect(step).not.toHaveAttribute('data-state', /unsent|running/);
    return step.locator('.step-answer');
  }

  async cable(n: number): Promise<void> {
    await this.experiment('.do')
      .getByRole('button', { name: /node1.*node2/ })
      .nth(n)
      .click();
  }
}

test('the night under Patroni: two logs grow, and one of them is rewound', async ({ page }) => {
  const night = new Cafe(page, chapters.fence, 'night');
  await night.start();
  await night.figure.getByLabel('speed').selectOption('10');
  const node = (name: string) => night.figure.locator('.governed').getByRole('article', { name });
  const patroni = page.locator('.step.do[data-figure=night]').first();
  await patroni.getByRole('button', { name: 'Freeze Patroni on node1' }).click();
  await expect(node('node2')).toContainText('primary, takes writes', { timeout: 60_000 });
  await expect(node('node1')).toContainText('primary, takes writes');
  await patroni.getByRole('button', { name: 'Thaw Patroni on node1' }).click();
  await expect(node('node1')).toContainText('standby', { timeout: 60_000 });
  const now = await night.run('east_now', 'node1');
  // Its first session was ended.
  await expect(async () => {
    await night.run('east_now', 'node1');
    await expect(now).toContainText(/t +\| +\d+/, { timeout: 2_000 });
  }).toPass();
  await page
    .locator('.step', { hasText: 'modprobe softdog' })
    .getByRole('button', { name: 'New servers with this' })
    .click();
  await expect(node('node1')).toContainText('required, fires in', { timeout: 60_000 });
});

test('two captains: the story that cannot be, and the one that can', async ({ page }) => {
  const ledger = new Ledger(page);
  await ledger.start();
  await ledger.ask('node1, session b', 'ANY 1');
  await ledger.ask('node1, session b', 'pg_reload_conf');
  await ledger.cable(0);
  const alone = await ledger.send('node1, session a', "'alone'");
  await expect(alone).toHaveAttribute('data-state', 'running');
  await ledger.cable(1);
  await ledger.ask('node1, session b', "standby_names = ''");
  await ledger.ask('node1, session b', 'pg_reload_conf', 1);
  await expect(alone).toHaveAttribute('data-state', 'done');

  await ledger.cable(2);
  await ledger.ask('node1, session a', "'on the cable'");
  await expect(await ledger.ask('node2, session d', 'pg_promote')).toContainText('t');
  await ledger.cable(3);
  await ledger.ask('node1, session a', "'east'");
  await ledger.ask('node2, session c', "'west'");
  const [old, young] = [
    await ledger.ask('node1, session b', 'xmin from ledger'),
    await ledger.ask('node2, session d', 'xmin from ledger'),
  ];
  const xmin = (text: string | null, ref: string) =>
    new RegExp(`${ref} *\\| *(\\d+)`).exec(text ?? '')?.[1];
  const given = xmin(await old.textContent(), 'on the cable');
  expect(given).toMatch(/^\d+$/);
  expect(xmin(await young.textContent(), 'west')).toBe(given);
  await expect(await ledger.ask('node2, session d', '00000002.history')).toContainText(
    'no recovery target specified',
  );
  await expect(await ledger.ask('node1, session b', 'end_lsn')).toContainText('COMMIT');

  for (const { viewport } of devices)
    for (const colorScheme of themes) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await ledger.expectToFit();
    }
  await expectAccessible(page);
});

test('lab: what one query returns is at hand in the other', async ({ page }) => {
  const desk = new LabDesk(page);
  await desk.start('forensics');
  const questions = page.getByRole('region', { name: 'Questions' });
  const write = async (label: string, sql: string, node: string) => {
    const form = questions.locator('form').filter({ hasText: label });
    const field = form.getByRole('textbox');
    await field.focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(sql);
    await desk.press(form.getByRole('button', { name: `Try it on ${node}` }));
    await expect(form.locator('.tried')).toContainText(/\(\d+ rows?\)|ERROR/, PATIENCE);
    await desk.press(form.getByRole('button', { name: 'Give this answer' }));
    await expect(form.locator('.given')).toContainText('Given at');
    return form.locator('.tried');
  };
  await write(
    'The fork, asked on node2',
    "select split_part(pg_read_file('pg_wal/00000002.history'), E'\\t', 2)::pg_lsn as fork, array_agg(ref) as refs from ledger",
    'node2',
  );
  const lost = await write(
    'The lost entries, asked on node1',
    "select ref from ledger where ref <> all (:'refs')",
    'node1',
  );
  await expect(lost).not.toContainText('ERROR');
  await expectAccessible(page);
});

test('lab: a fix that holds on all schedules', async ({ page }) => {
  const desk = new LabDesk(page);
  await desk.start('fix-the-fence');
  const sheet = page.locator('.choice-sheet');
  await sheet.getByLabel(/^A script that asks the DCS/).check();
  await desk.press(sheet.getByRole('button', { name: 'Give these answers' }));
  await expect(sheet).toContainText('What stands above is given.');
  await expectAccessible(page);
  await desk.checked();
  await expect(desk.check).toContainText('All 2 checks pass', PATIENCE);
});
