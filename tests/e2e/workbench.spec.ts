import type { Locator, Page } from '@playwright/test';
import { Cafe, SQL } from './cafe.ts';
import { expect, expectGoodLooks, test } from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 480_000 });

/** The cafe's page, seen as a workbench. */
class Workbench extends Cafe {
  readonly inspector: Locator;
  readonly slider: Locator;

  constructor(page: Page) {
    super(page);
    this.inspector = this.figure.getByRole('region', { name: 'What you have chosen' });
    this.slider = this.figure.getByRole('slider', { name: 'Moment shown' });
  }

  node(name: string): Locator {
    return this.figure.getByRole('region', { name: `Node ${name}` });
  }

  head(name: string): Locator {
    return this.node(name).getByRole('button', { name: new RegExp(`^${name}`) });
  }

  cable(a: string, b: string): Locator {
    return this.figure.getByRole('button', { name: new RegExp(`^Cable ${a} – ${b}`) });
  }

  message(name: RegExp): Locator {
    return this.figure.locator('.messages').getByRole('button', { name });
  }

  /** Lets the next event happen, until something shows. */
  async stepUntil(shows: Locator): Promise<void> {
    const next = this.figure.getByRole('button', { name: 'Next event' });
    for (let i = 0; i < 40 && !(await shows.isVisible()); i++) {
      await next.click();
      await this.page.waitForTimeout(50);
    }
    await expect(shows).toBeVisible();
  }

  async pause(): Promise<void> {
    await this.figure.getByRole('button', { name: 'Pause', exact: true }).click();
  }
}

test('the drawing, its panels and what is chosen there are accessible and fit, on each device in each theme', async ({
  page,
}) => {
  const bench = new Workbench(page);
  await bench.start();
  await expect(bench.node('standby1')).toContainText('sync');
  await expect(bench.cable('primary', 'standby1')).toContainText('5 ms');
  await expect(await bench.run(SQL.tea)).toContainText('INSERT 0 1');
  await bench.head('standby1').click();
  await expect(bench.inspector).toContainText('Do something to standby1');
  const [first, ...others] = ['Messages in time', 'Latency and lag', 'Ask a node', 'What happened'];
  await bench.panel(first as string);
  await expectGoodLooks(page);
  for (const panel of others) {
    await bench.panel(panel);
    await expectGoodLooks(page, 'section.figure');
  }
});

test('a message on its way is chosen, and says what it carries and who waits for it', async ({
  page,
}) => {
  const bench = new Workbench(page);
  await bench.start();
  await bench.pause();
  await bench.type('primary', 'a', SQL.tea);
  const wal = bench.message(/^WAL, .* primary to standby1$/);
  await bench.stepUntil(wal);
  await wal.focus();
  await page.keyboard.press('Enter');
  await expect(bench.inspector).toContainText(/\d records, of which 1 end/);
  await expect(bench.inspector).toContainText('session a of primary: its commit at 0/');
  await expect(bench.inspector).toContainText('waits until it is flushed (on)');

  // The acknowledgement comes back, and its arrival lets the commit go.
  await bench.stepUntil(bench.message(/^Reply, .* standby1 to primary$/).first());
  await page.keyboard.press('Escape');
  await bench.figure.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(bench.terminal('primary', 'a')).toContainText('INSERT 0 1');
});

test('servers and cables are broken and mended by keyboard, from the drawing', async ({ page }) => {
  const bench = new Workbench(page);
  const { keyboard } = page;
  await bench.start();
  const press = async (target: Locator) => {
    await target.focus();
    await keyboard.press('Enter');
  };
  const choose = async (label: string, option: string) =>
    bench.inspector.getByLabel(label).selectOption({ label: option });

  await press(bench.head('standby1'));
  await expect(bench.inspector.getByRole('heading')).toBeFocused();
  await press(bench.inspector.getByRole('button', { name: 'Freeze standby1’s walreceiver' }));
  await expect(bench.node('standby1')).toContainText('walreceiver frozen');
  await press(bench.inspector.getByRole('button', { name: 'Thaw standby1’s walreceiver' }));
  await expect(bench.node('standby1')).not.toContainText('frozen');
  await press(bench.inspector.getByRole('button', { name: 'Pause replay' }));
  await expect(bench.node('standby1')).toContainText('replay paused');
  await press(bench.inspector.getByRole('button', { name: 'Resume replay' }));
  await choose('an fsync takes', 'no end: the disk stalls');
  await expect(bench.node('standby1')).toContainText('disk stalls');
  await choose('an fsync takes', '400 µs');
  await choose('replays at most', '1,024 B a second');
  await press(bench.inspector.getByRole('button', { name: 'Kill PostgreSQL' }));
  await expect(bench.node('standby1')).toHaveAttribute('data-status', 'down');
  await press(bench.inspector.getByRole('button', { name: 'Start standby1' }));
  await expect(bench.node('standby1')).toHaveAttribute('data-status', 'up');
  await bench.inspector.getByRole('heading').focus();
  await keyboard.press('Escape');
  await expect(bench.head('standby1')).toBeFocused();

  const cable = bench.cable('primary', 'standby2');
  await press(cable);
  await press(bench.inspector.getByRole('button', { name: 'Cut' }));
  await expect(cable).toContainText('cut');
  await expect(await bench.run(SQL.tea)).toContainText('INSERT 0 1');
  await expect(bench.inspector).toContainText(/[1-9]\d* messages? on the way/);
  await press(bench.inspector.getByRole('button', { name: 'Heal' }));
  await choose('one way', '80 ms');
  await choose('carries', '10 kB a second');
  await choose('loses', '10 % of its messages');
  await expect(cable).toContainText('80 ms · 10 kB/s · −10 %');

  await bench.panel('What happened');
  const log = page.getByRole('log', { name: 'Events' });
  for (const words of [
    'You freeze the walreceiver of standby1',
    'The disk of standby1 stalls.',
    'standby1 now replays 1024 bytes a second.',
    'You kill every process of standby1.',
    'You cut the link between primary and standby2.',
    'now takes 80 ms one way.',
  ]) {
    await expect(log).toContainText(words);
  }
});

test('the run is scrubbed: drawing, log and answers show that moment, and a node can be asked there', async ({
  page,
}) => {
  const bench = new Workbench(page);
  await bench.start();
  await bench.type('primary', 'a', SQL.tea);
  await expect(bench.terminal('primary', 'a')).toContainText('INSERT 0 1');
  await bench.type('primary', 'a', SQL.cake);
  await expect(bench.terminal('primary', 'a')).toContainText(/INSERT 0 1[\s\S]*INSERT 0 1/);
  await bench.pause();

  const log = page.getByRole('log', { name: 'Events' });
  const cake = await cakeMoment(bench, log);
  await expect(log.getByRole('listitem')).toHaveCount(2);
  await expect(bench.figure).toContainText('The rest of the run is kept.');
  await expect(cake).toHaveAttribute('aria-current', 'step');
  await expect(bench.terminal('primary', 'a')).not.toContainText(/INSERT 0 1[\s\S]*INSERT 0 1/);

  await bench.panel('Ask a node');
  const ask = page.getByRole('region', { name: 'Ask a node at this moment' });
  await ask.getByRole('combobox', { name: /^ask/ }).selectOption('standby2');
  await ask.getByLabel('Question in SQL').fill(SQL.count);
  await ask.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(ask).toContainText(/ 1 \n\(1 row\)/);

  // Event by event, from the time line itself.
  const before = await bench.slider.getAttribute('aria-valuetext');
  await bench.slider.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(bench.slider).not.toHaveAttribute('aria-valuetext', before ?? '');
  await page.keyboard.press('Home');
  await expect(bench.terminal('primary', 'a')).toContainText('Nothing sent yet');
  await bench.figure.getByRole('button', { name: /^Return to/ }).click();
  await expect(bench.terminal('primary', 'a')).toContainText(/INSERT 0 1[\s\S]*INSERT 0 1/);

  await page.keyboard.press('Escape');
  await cakeMoment(bench, log);
  await bench.figure.getByRole('button', { name: 'Go on from here' }).click();
  await bench.runs();
  await expect(bench.terminal('primary', 'a')).not.toContainText(/INSERT 0 1[\s\S]*INSERT 0 1/);
});

/** Goes to the moment at which the cake was ordered, by its entry in the log. */
async function cakeMoment(bench: Workbench, log: Locator): Promise<Locator> {
  await bench.panel('What happened');
  await bench.figure.getByRole('combobox', { name: /^show/ }).selectOption('yours');
  const cake = log.getByRole('listitem').filter({ hasText: 'cake' });
  await cake.getByRole('button').click();
  return cake;
}

test('messages in time: lines to be walked by keyboard, a moment to be pressed, curves on the same scale', async ({
  page,
}) => {
  const bench = new Workbench(page);
  await bench.start();
  await expect(await bench.run(SQL.tea)).toContainText('INSERT 0 1');
  await bench.pause();
  await bench.panel('Messages in time');
  await bench.figure.getByRole('button', { name: 'Last statement' }).click();
  const drawing = bench.figure.getByRole('group', { name: /^Messages in time/ });
  const line = drawing.getByRole('button', { name: /^WAL, .* primary to standby1: sent at/ });
  await expect(line.first()).toBeVisible();
  await expect(
    drawing.getByRole('button', { name: /insert into payments .* answered/ }),
  ).toHaveCount(1);
  await expect(
    drawing.getByRole('button', { name: /standby1 has replayed WAL up to/ }).first(),
  ).toBeVisible();

  await drawing.locator('[tabindex="0"]').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  await expect(bench.figure.locator('.told')).toHaveText(focused ?? '');
  await line.first().focus();
  await page.keyboard.press('Enter');
  await expect(bench.inspector).toContainText('WAL, ');

  await bench.panel('Latency and lag');
  await expect(bench.figure.locator('.plot canvas')).toHaveCount(3);
  await bench.figure.getByText('The same in figures').click();
  await expect(bench.figure).toContainText('1 commits answered; the last took 10.9 ms');
  await expect(bench.figure.getByRole('table', { name: /^Of each standby/ })).toContainText(
    /standby1\s*0 B\s*0 µs/,
  );
});
