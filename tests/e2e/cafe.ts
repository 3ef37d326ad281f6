import type { Locator, Page } from '@playwright/test';
import { chapters, expect, expectToFit, hydrated } from './page.ts';

/** A chapter's page as a reader meets it: steps in the prose, the figure, its terminals. */
export class Cafe {
  readonly page: Page;
  readonly id: string;
  readonly figure: Locator;

  readonly #chapter: string;

  /** `id` is that of the figure which is meant, where a page has several. */
  constructor(page: Page, chapter: string = chapters.durability, id = 'durability') {
    this.page = page;
    this.id = id;
    this.#chapter = chapter;
    this.figure = page.locator(`section.figure[data-figure=${id}]`);
  }

  async open(): Promise<void> {
    await this.page.goto(this.#chapter);
    await hydrated(this.page);
  }

  async start(): Promise<void> {
    await this.open();
    await this.figure.getByRole('button', { name: 'Start the cluster' }).click();
    await this.runs();
  }

  async runs(): Promise<void> {
    await expect(this.figure).toHaveAttribute('data-phase', 'running', { timeout: 40_000 });
  }

  /** Experiments in the prose that are done to this figure, of one kind or of all. */
  experiment(kind = ''): Locator {
    return this.page.locator(`.step${kind}[data-figure=${this.id}]`);
  }

  /** A statement in the prose, by its text. */
  step(sql: string, node = 'primary'): Locator {
    return this.experiment()
      .filter({ has: this.page.locator('.place', { hasText: node }) })
      .filter({ has: this.page.locator('code', { hasText: sql }) });
  }

  async run(sql: string, node = 'primary'): Promise<Locator> {
    const step = this.step(sql, node);
    await step.getByRole('button', { name: /^Run/ }).click();
    return step.locator('.step-answer');
  }

  /** The n-th switch in the prose that freezes standby1's walreceiver. */
  freeze(n: number): Locator {
    return this.experiment('.do')
      .getByRole('button', { name: /standby1’s walreceiver/ })
      .nth(n);
  }

  /** Sets synchronous_standby_names of the primary by a switch in the prose, and waits until they are in force. */
  async names(names: string): Promise<void> {
    const label = names === '' ? "'' (empty)" : `'${names}'`;
    const button = this.experiment('.names')
      .getByRole('button', {
        name: `${label} in synchronous_standby_names on primary`,
        exact: true,
      })
      .last();
    await button.click();
    await expect(button).toHaveAttribute('aria-pressed', 'true');
  }

  terminal(node: string, session: string): Locator {
    return this.page.getByRole('region', { name: `Terminal: ${node}, session ${session}` });
  }

  /** Opens a panel of the workbench, where it stands behind a tab. */
  async panel(name: string): Promise<Locator> {
    const tab = this.figure.getByRole('tab', { name });
    if (await tab.isVisible()) await tab.click();
    return this.figure.locator('.panels');
  }

  /** Types a statement into a terminal; on a narrow page the terminal is chosen first. */
  async type(node: string, session: string, sql: string): Promise<Locator> {
    await this.panel('Terminals');
    const choice = this.page.getByRole('button', { name: `${node} ${session}`, exact: true });
    if (await choice.isVisible()) await choice.click();
    const field = this.field(node, session);
    await field.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(sql);
    await field.press('Enter');
    return this.terminal(node, session).locator('.screen');
  }

  /** Where SQL is typed: a text area, or the one under Monaco. */
  field(node: string, session: string): Locator {
    return this.terminal(node, session).getByRole('textbox', { name: /^SQL for/ });
  }

  async predict(question: RegExp, choices: readonly RegExp[]): Promise<Locator> {
    const form = this.page.getByRole('form', { name: question });
    for (const choice of choices) await form.getByLabel(choice).check();
    await form.getByLabel('fairly sure').check();
    await form.getByRole('button', { name: 'Keep my prediction' }).click();
    return form.locator('.compared');
  }

  /** The page scrolls down, never sideways. */
  expectToFit(): Promise<void> {
    return expectToFit(this.page);
  }
}

const BUNS = { off: 11, local: 12, remote_write: 13, on: 14, remote_apply: 15 } as const;

export const SQL = {
  tea: "insert into payments values (1, 'tea', 4.20);",
  again: "insert into payments values (1, 'tea, again', 4.20);",
  cake: "insert into payments values (2, 'cake', 5.50);",
  waits: 'from pg_stat_activity',
  count: 'select count(*) from payments;',
  level: (name: keyof typeof BUNS) =>
    `set synchronous_commit = ${name}; insert into payments values (${BUNS[name]}, 'bun', 1.10);`,
} as const;
