import { LabDesk, PATIENCE } from './lab-desk.ts';
import { expect, expectGoodLooks, test } from './page.ts';

test.describe.configure({ timeout: 240_000 });

/** The lab's page, with servers that change their roles. */
class NightDesk extends LabDesk {
  readonly #bar = this.run.getByRole('region', { name: 'Virtual time' });
  readonly #inspector = this.run.getByRole('region', { name: 'What you have chosen' });

  get pager() {
    return this.head.getByRole('region', { name: 'Pager' });
  }

  get restoreForm() {
    return this.#inspector.locator('.restore');
  }

  node(name: string) {
    return this.run.locator(`section.node[data-node=${name}]`);
  }

  /** Lets the clock run; it stops at the next page. */
  async letRun(speed: string): Promise<void> {
    await this.#bar.getByLabel('speed').selectOption(speed);
    const play = this.#bar.locator('.play');
    if ((await play.getAttribute('aria-pressed')) === 'false') await this.press(play);
  }

  async paged(text: string): Promise<void> {
    await expect(this.pager.getByRole('listitem').first()).toContainText(text, PATIENCE);
    await expect(this.#bar.locator('.play')).toHaveAttribute('aria-pressed', 'false');
  }

  /** A button among what can be done to a server, by keyboard. */
  async tell(node: string, button: string | RegExp, upstream?: string): Promise<void> {
    await this.#choose(node);
    if (upstream !== undefined)
      await this.#inspector.getByLabel('its upstream').selectOption(upstream);
    await this.press(this.#inspector.getByRole('button', { name: button }));
  }

  /** In the terminal of a node, which is fetched to the front first. */
  async ask(node: string, sql: string): Promise<void> {
    const choice = this.run.getByRole('group', { name: 'Terminal to show' });
    await this.press(choice.getByRole('button', { name: `${node} psql`, exact: true }));
    await this.type(sql, node);
  }

  async restore(conf: string): Promise<void> {
    await this.#choose('restored');
    await this.press(this.#inspector.locator('summary'));
    await this.restoreForm.getByRole('textbox', { name: /^Lines of postgresql.conf/ }).fill(conf);
    await this.press(this.restoreForm.getByRole('button', { name: /^Restore and start/ }));
  }

  async carry(table: string, to: string): Promise<void> {
    await this.#choose('restored');
    await this.#inspector.getByRole('textbox', { name: 'the table' }).fill(table);
    await this.press(this.#inspector.getByRole('button', { name: `Carry it to ${to}` }));
  }

  async is(node: string, role: 'primary' | 'standby', status = 'up'): Promise<void> {
    await expect(this.node(node)).toHaveAttribute('data-role', role, PATIENCE);
    await expect(this.node(node)).toHaveAttribute('data-status', status, PATIENCE);
  }

  async streams(node: string): Promise<void> {
    await expect(this.node(node)).not.toContainText('no walsender', PATIENCE);
  }

  async #choose(node: string): Promise<void> {
    const head = this.node(node).getByRole('button').first();
    if ((await head.getAttribute('aria-expanded')) === 'false') await this.press(head);
    await expect(this.#inspector.getByRole('heading')).toHaveText(`Do something to ${node}`);
  }
}

test('the night is solved by keyboard, from the drawing and the terminals', async ({ page }) => {
  const night = new NightDesk(page);
  await night.start('second-night');
  await night.letRun('10 ×');
  await night.paged('operations: the power supply');

  // Stop, promote, follow, start: in this order. Time runs slowly, whatever else the machine has to do.
  await night.letRun('1/10');
  await night.tell('primary', 'Shut down (fast)');
  await night.is('primary', 'primary', 'down');
  await night.tell('standby1', 'Promote');
  await night.is('standby1', 'primary');
  await night.tell('standby2', 'Follow it', 'standby1');
  await night.tell('primary', /^Follow it/, 'standby1');
  await night.tell('primary', 'Start primary');
  await night.is('primary', 'standby');
  await night.letRun('as on the wall');
  await night.streams('standby2');
  await night.streams('primary');
  await expect(night.clients).toContainText(/(of|at) standby1/, PATIENCE);
  await night.letRun('10 ×');

  await night.paged('payments: none has been confirmed');
  await night.letRun('1/10');
  await night.is('standby1', 'primary', 'down');
  await night.tell('standby2', 'Promote');
  await night.is('standby2', 'primary');
  await night.tell('primary', 'Follow it', 'standby2');
  await night.tell('standby1', 'pg_rewind from it', 'standby2');
  await night.letRun('as on the wall');
  await night.is('standby1', 'standby');
  await night.streams('primary');
  await night.streams('standby1');
  await night.letRun('10 ×');

  await night.paged('books: the list of payments');
  await night.letRun('as on the wall');
  await night.ask('standby2', 'select pg_switch_wal();');
  await night.restore(
    "restore_command = 'cp /archive/%f %p'\nrecovery_target_time = '2026-01-05 12:03:22.35+00'\nrecovery_target_action = promote",
  );
  await expect(night.restoreForm).toContainText('selected new timeline ID: 4', PATIENCE);
  await night.is('restored', 'primary');
  await night.ask('restored', 'alter table payments rename to payments_before;');
  await night.carry('payments_before', 'standby2');
  await expect(async () => {
    await night.ask('standby2', 'select count(*) > 20 from payments_before;');
    const answer = night.terminal('standby2', 'psql').locator('.exchange').last();
    await expect(answer).toContainText(' t');
  }).toPass();
  await night.ask(
    'standby2',
    'insert into payments select * from payments_before on conflict do nothing;',
  );
  await expect(night.terminal('standby2', 'psql')).toContainText(/INSERT 0 \d\d/);
  await expectGoodLooks(page);
});
