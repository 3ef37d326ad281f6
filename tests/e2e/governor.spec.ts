import type { Locator, Page } from '@playwright/test';
import { chapters, expect, expectAccessible, hydrated, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 120_000 });

/** Chapter 9 as a reader does it. Its cluster runs in the page alone, so that time passes when the page is told to. */
class Governor {
  readonly page: Page;
  readonly figure: Locator;

  constructor(page: Page) {
    this.page = page;
    this.figure = page.getByRole('region', { name: 'Three nodes under Patroni' });
  }

  async start(): Promise<void> {
    await this.page.goto(chapters.governor);
    await hydrated(this.page);
    await this.figure.getByRole('button', { name: 'Start the governed cluster' }).click();
    await expect(this.node('node1')).toContainText('primary, takes writes');
  }

  node(name: string): Locator {
    return this.figure.getByRole('article', { name });
  }

  /** The first button of this name in the prose. */
  async do(name: string): Promise<void> {
    await this.page.locator('.step.do').getByRole('button', { name }).first().click();
  }

  async newCluster(lines: string, n = 0): Promise<void> {
    await this.page
      .locator('.step-ask')
      .filter({ hasText: lines })
      .nth(n)
      .getByRole('button', { name: 'New cluster with this' })
      .click();
  }

  async forward(times: number): Promise<void> {
    const button = this.figure.getByRole('button', { name: '10 s on' });
    for (let done = 0; done < times; done += 1) await button.click();
  }
}

test('a leader without power is replaced; a frozen one is not stopped by anybody', async ({
  page,
}) => {
  const governor = new Governor(page);
  await governor.start();
  const prediction = page.getByRole('form', { name: /node1 loses its power/ });
  await prediction.getByLabel('After 20 to 40 s, when the key is gone').check();
  await prediction.getByLabel('certain').check();
  await prediction.getByRole('button', { name: 'Keep my prediction' }).click();
  await governor.do('Switch off node1');
  await governor.forward(5);
  await expect(governor.node('node1')).toContainText('off');
  await expect(governor.figure).toContainText('0.0 s of two primaries');
  await expect(prediction).toContainText('You were certain, and right.');

  await governor.newCluster('mode: off');
  await governor.do('Freeze Patroni on node1');
  await governor.forward(6);
  await expect(governor.node('node1')).toContainText('primary, takes writes');
  await expect(governor.node('node1')).toContainText('frozen');
  await expect(governor.figure).not.toContainText('· 0.0 s of two primaries');
  await governor.figure.getByRole('tab', { name: 'patronictl list' }).click();
  await expect(governor.figure.locator('.patronictl')).toContainText('Leader');

  await governor.newCluster('mode: automatic');
  await governor.do('Freeze Patroni on node1');
  await governor.forward(6);
  await expect(governor.figure).toContainText('0.0 s of two primaries');
});

test('patroni.yml is judged at its lines, and a phone has all of it', async ({ page }) => {
  const governor = new Governor(page);
  await page.setViewportSize({ width: 360, height: 780 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await governor.start();
  await governor.newCluster('pg_ctl_timeout: 10');
  await governor.figure.getByRole('tab', { name: 'patroni.yml' }).click();
  await expect(governor.figure.locator('.problems')).toContainText(
    'Line 16: `postgresql` stands again in line 26.',
  );
  await governor.newCluster('ttl: 20');
  await expect(governor.figure.locator('.problems')).toContainText(
    'Line 11: Patroni warns, and goes on: Violated the rule',
  );
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await expectAccessible(page);
});

test('real servers under Patroni: the leader is gone, and the new one answers for itself', async ({
  page,
}) => {
  await page.goto(chapters.governor);
  await hydrated(page);
  const figure = page.getByRole('region', { name: 'Real servers under Patroni' });
  await figure.getByRole('button', { name: 'Start the cluster' }).click();
  const node = (name: string) => figure.locator('.governed').getByRole('article', { name });
  await expect(node('node1')).toContainText('primary, takes writes');
  const steps = page.locator('.step.do[data-figure="governed"]');
  await figure.getByLabel('speed').selectOption('10');
  await steps.getByRole('button', { name: 'Switch off node1' }).first().click();
  await expect(node('node1')).toContainText('off');
  await expect(node('node2')).toContainText('primary, takes writes', { timeout: 60_000 });
  const asked = page.locator('.step[data-figure="governed"]').filter({
    hasText: 'pg_is_in_recovery(), timeline_id',
  });
  await asked.getByRole('button', { name: /^Run/ }).click();
  await expect(asked).toContainText('f | 2');
  await steps.getByRole('button', { name: 'Switch on node1' }).first().click();
  await expect(node('node1')).toContainText('standby', { timeout: 60_000 });
  await figure.getByRole('tab', { name: 'Patroni’s log' }).click();
  await expect(figure.locator('.patroni-log')).toContainText('running pg_rewind from node2');
  await expectAccessible(page);
});
