import type { Page } from '@playwright/test';
import { expect, hydrated } from './page.ts';

/** How long a lab may take to be opened, or graded, on a busy machine. */
export const PATIENCE = { timeout: 90_000 } as const;

/** The page of a lab, as a learner uses it. */
export class LabDesk {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get head() {
    return this.page.locator('.lab-head');
  }

  /** Her own run. */
  get run() {
    return this.page.locator('.lab-own .figure');
  }

  get check() {
    return this.page.getByRole('region', { name: 'Check my work' });
  }

  get hints() {
    return this.page.getByRole('region', { name: 'Hints' });
  }

  get handIn() {
    return this.page.getByRole('region', { name: 'Hand in' });
  }

  get clients() {
    return this.page.locator('.lab-own').getByRole('region', { name: 'Clients', exact: true });
  }

  get shown() {
    return this.page.locator('.exhibition');
  }

  verdict(claim: string) {
    return this.check.getByRole('listitem').filter({ hasText: claim });
  }

  terminal(node: string, session: string) {
    return this.run.getByRole('region', {
      name: `Terminal: ${node}, session ${session}`,
      exact: true,
    });
  }

  async open(name: string): Promise<void> {
    await this.page.goto(`labs/${name}/`);
    await hydrated(this.page);
  }

  /** By keyboard, as far as the instant at which the learner takes over. */
  async start(name: string): Promise<void> {
    await this.open(name);
    await this.press(this.run.getByRole('button', { name: 'Start the cluster' }));
    await expect(this.head).toContainText('You take over now', PATIENCE);
  }

  async press(button: ReturnType<Page['getByRole']>): Promise<void> {
    await button.focus();
    await this.page.keyboard.press('Enter');
  }

  async type(sql: string, node = 'primary', session = 'psql'): Promise<void> {
    const terminal = this.terminal(node, session);
    await terminal.getByRole('textbox').focus();
    await this.page.keyboard.insertText(sql);
    await this.page.keyboard.press('Control+Enter');
    await expect(terminal.locator('.exchange').last()).toContainText(/answered in|ERROR/, PATIENCE);
  }

  /** Until the verdict is there. */
  async checked(): Promise<void> {
    await this.press(this.check.getByRole('button', { name: /^Check (my work|again)/ }));
    await expect(this.check.getByRole('button', { name: 'Cancel' })).toBeVisible();
    await expect(this.check.locator('.verdicts')).toBeVisible(PATIENCE);
  }
}
