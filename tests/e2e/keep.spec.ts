import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { figures } from '../../content/figures.ts';
import { Cafe, SQL } from './cafe.ts';
import {
  chapters,
  expect,
  expectAccessible,
  expectGoodLooks,
  hydrated,
  keepOnDevice,
  keptOnDevice,
  test,
} from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 120_000 });

/** The part of the figure in which runs are shared, taken away and brought back. */
async function tools(cafe: Cafe) {
  const place = cafe.figure.getByRole('region', {
    name: 'This run, to take away or to bring back',
  });
  if (!(await place.isVisible())) await cafe.figure.getByText('Share and export').click();
  return place;
}

async function sharedAddress(cafe: Cafe): Promise<string> {
  const place = await tools(cafe);
  await place.getByRole('button', { name: 'Share this moment' }).click();
  const field = place.getByLabel(/Opens this run at/);
  await expect(field).toHaveValue(/#run=1\./);
  return field.inputValue();
}

/** Opens an address as a page that has not been open: a changed fragment alone would load nothing. */
async function openAfresh(page: Page, address: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(address);
  await hydrated(page);
}

test('a shared link opens the same moment of the same run, and leaves the reader’s own alone', async ({
  page,
  context,
}) => {
  const cafe = new Cafe(page);
  await cafe.start();
  await expect(await cafe.run(SQL.tea)).toContainText('INSERT 0 1');
  await expect(await cafe.run(SQL.count, 'standby2')).toContainText(/ 1 \n\(1 row\)/);
  await cafe.figure.getByRole('button', { name: 'Pause' }).click();
  const at = await cafe.figure.locator('.time-bar output').innerText();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const address = await sharedAddress(cafe);
  const place = await tools(cafe);
  await place.getByRole('button', { name: 'Copy', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(place.getByRole('status')).toContainText('Copied.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);
  await expectAccessible(page);

  // Another reader, with a run of her own.
  const other = await (await context.browser())?.newContext();
  const theirs = new Cafe((await other?.newPage()) as Page);
  await theirs.start();
  await expect(await theirs.run(SQL.cake)).toContainText('INSERT 0 1');
  await openAfresh(theirs.page, address);
  await expect(theirs.figure).toContainText('A shared run: 2 actions');
  await expect(theirs.figure).toContainText('Your own run (1 action) is left as it is.');
  await theirs.figure.getByRole('button', { name: 'Open the shared run' }).click();
  await theirs.runs();
  await expect(theirs.figure.locator('.time-bar output')).toHaveText(at);
  await expect(theirs.step(SQL.tea)).toContainText('INSERT 0 1');
  await expect(theirs.step(SQL.count, 'standby2')).toContainText(/ 1 \n\(1 row\)/);
  await expect(theirs.step(SQL.cake)).not.toContainText('INSERT 0 1');
  await expectAccessible(theirs.page);
  await theirs.figure.getByRole('button', { name: 'Back to my own run' }).click();
  await theirs.runs();
  await expect(theirs.step(SQL.cake)).toContainText('INSERT 0 1');
  await expect(theirs.step(SQL.tea)).not.toContainText('INSERT 0 1');
  expect(new URL(theirs.page.url()).hash).toBe('');
  await other?.close();
});

test('acting in a shared run makes it one’s own; the own run can be brought back', async ({
  page,
}) => {
  const cafe = new Cafe(page);
  await cafe.start();
  await expect(await cafe.run(SQL.tea)).toContainText('INSERT 0 1');
  const address = await sharedAddress(cafe);
  await cafe.figure.getByRole('button', { name: 'Reset' }).click();
  await cafe.runs();
  await expect(await cafe.run(SQL.cake)).toContainText('INSERT 0 1');
  await openAfresh(page, address);
  await cafe.figure.getByRole('button', { name: 'Open the shared run' }).click();
  await cafe.runs();
  await cafe.figure.getByRole('button', { name: 'Play' }).click();
  await expect(await cafe.run(SQL.count, 'primary')).toContainText(/ 1 \n\(1 row\)/);
  await expect(cafe.figure.getByText('A shared run.')).toHaveCount(0);
  const place = await tools(cafe);
  const aside = place.getByRole('listitem').filter({ hasText: 'went on with a shared run' });
  await aside.getByRole('button', { name: /^Open/ }).click();
  await cafe.runs();
  await cafe.figure.getByRole('button', { name: 'Play' }).click();
  await expect(cafe.step(SQL.cake)).toContainText('INSERT 0 1');
});

test.describe('a bad link is told in words, and the page works', () => {
  for (const [what, fragment, words] of [
    ['cut', '#run=1.abcdef.q1YqyFayMqwFAA', /This link is damaged/],
    ['of another version', '#run=9.abcdef.q1YqyFayMqwFAA', /of version 9, and this page reads/],
    ['too long', `#run=1.a.${'A'.repeat(9_000)}`, /9,009 characters.*at most 8,000/],
    ['with script', '#run=<img src=x onerror=alert(1)>.a.b', /version unknown/],
  ] as const)
    test(what, async ({ page }) => {
      const cafe = new Cafe(page);
      await page.goto(`${chapters.durability}${fragment}`);
      await hydrated(page);
      await expect(cafe.figure.locator('.notice')).toContainText(words);
      await expect(page.locator('.notice img')).toHaveCount(0);
      await cafe.figure.getByRole('button', { name: 'Start the cluster' }).click();
      await cafe.runs();
    });

  test('of a figure that is not on the page', async ({ page }) => {
    const cafe = new Cafe(page);
    await cafe.start();
    const address = new URL(await sharedAddress(cafe));
    await openAfresh(page, `${chapters.streaming}${address.hash}`);
    await expect(page.locator('.notice')).toContainText(
      'This link opens a run of “durability”, and no figure or lab of this page has that name.',
    );
  });
});

test('a second tab works on a copy until it takes over', async ({ page, context }) => {
  const first = new Cafe(page);
  await first.start();
  await expect(await first.run(SQL.tea)).toContainText('INSERT 0 1');
  const second = new Cafe(await context.newPage());
  await second.open();
  await second.figure.getByRole('button', { name: 'Go on with it' }).click();
  await second.runs();
  await expect(second.figure).toContainText('Open in another tab.');
  await expectAccessible(second.page);
  await expect(await first.run(SQL.cake)).toContainText('INSERT 0 1');
  await second.figure.getByRole('button', { name: 'Take over here' }).click();
  await expect(first.figure).toContainText('Open in another tab.');
  await second.runs();
  await expect(second.step(SQL.cake)).toContainText('INSERT 0 1');
  await expect(second.figure.getByText('Open in another tab.')).toHaveCount(0);
  // What the first tab does now is not saved; what the second does, is.
  await first.type('primary', 'b', 'select 1;');
  await expect(await second.run(SQL.count, 'primary')).toContainText(/ 2 \n\(1 row\)/);
  const { contents } = await keptOnDevice<string>(page, 'run/durability');
  const { record } = JSON.parse(contents);
  expect(record.actions.map(({ action }: { action: { sql: string } }) => action.sql)).toEqual([
    SQL.tea,
    SQL.cake,
    SQL.count,
  ]);
});

test('a full storage is told in words, the run goes on and can be exported', async ({
  page,
}, info) => {
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  const cafe = new Cafe(page);
  await cafe.start();
  await expect(await cafe.run(SQL.tea)).toContainText('INSERT 0 1');
  await expect(cafe.figure).toContainText(
    'Not saved: this browser’s storage for the site is full.',
  );
  await expect(await cafe.run(SQL.cake)).toContainText('INSERT 0 1');
  await expectAccessible(page);
  const download = page.waitForEvent('download');
  await cafe.figure.getByRole('button', { name: 'Export it now' }).click();
  const path = info.outputPath('run.json');
  await (await download).saveAs(path);
  expect(JSON.parse(readFileSync(path, 'utf8')).record.actions).toHaveLength(2);
});

test('a run from a file is shown before it is opened', async ({ page }, info) => {
  const cafe = new Cafe(page);
  await cafe.start();
  await expect(await cafe.run(SQL.tea)).toContainText('INSERT 0 1');
  const place = await tools(cafe);
  const download = page.waitForEvent('download');
  await place.getByRole('button', { name: 'Export run' }).click();
  const path = info.outputPath('run.json');
  await (await download).saveAs(path);
  await cafe.figure.getByRole('button', { name: 'Reset' }).click();
  await cafe.runs();
  await expect(await cafe.run(SQL.cake)).toContainText('INSERT 0 1');
  await place.getByLabel('Import run').setInputFiles(path);
  const question = page.getByRole('alertdialog', { name: 'Open the run of this file?' });
  await expect(question).toContainText('In the file: 1 action');
  await expect(question).toContainText('The run that is open (1 action) is put aside');
  await expectAccessible(page);
  await question.getByRole('button', { name: 'Open it' }).click();
  await cafe.runs();
  await expect(cafe.step(SQL.tea)).toContainText('INSERT 0 1');
  await expect(cafe.step(SQL.cake)).not.toContainText('INSERT 0 1');
  await expect(place.getByRole('listitem').first()).toContainText('before a run came from a file');
});

test('a run that is too long for a link is shared as a file', async ({ page }, info) => {
  await page.goto('progress/');
  await hydrated(page);
  // Nothing that deflating could shorten.
  const sql = `select '${randomBytes(9_000).toString('base64')}';`;
  const action = { kind: 'sql', node: 'primary', session: 'a', sql };
  const { cluster } = figures.durability;
  const record = { version: 1, spec: cluster, actions: [{ at: 5, action }], until: 900_000 };
  const run = JSON.stringify({ format: 'standby run', record });
  await keepOnDevice(page, 'run', 'durability', run);
  const cafe = new Cafe(page);
  await cafe.open();
  await cafe.figure.getByRole('button', { name: 'Go on with it' }).click();
  await cafe.runs();
  const place = await tools(cafe);
  await place.getByRole('button', { name: 'Share this moment' }).click();
  await expect(place.getByRole('status')).toContainText('This run is too long for a link');
  const download = page.waitForEvent('download');
  await place.getByRole('button', { name: 'Download the file' }).click();
  const path = info.outputPath('run.json');
  await (await download).saveAs(path);
  const shared = JSON.parse(readFileSync(path, 'utf8'));
  expect(shared.record.actions).toEqual([{ at: 5, action }]);
});

test('a new version of a lab leaves old work to be taken away', async ({ page }) => {
  await page.goto('progress/');
  await hydrated(page);
  const record = {
    version: 1,
    spec: { lab: 'stuck-commits', version: 0, seed: 1 },
    actions: [{ at: 5, action: { kind: 'kill', node: 'standby1' } }],
    until: 9,
  };
  await keepOnDevice(page, 'run', 'lab-stuck-commits', JSON.stringify({ record }));
  await page.goto('labs/stuck-commits/');
  await hydrated(page);
  await expect(page.locator('.notice')).toContainText('it is of version 0 of this lab');
  await expect(page.getByRole('button', { name: 'Go on with it' })).toHaveCount(0);
  await page.goto('progress/');
  await hydrated(page);
  const earlier = page.getByRole('region', { name: 'Earlier work' });
  await expect(earlier).toContainText('1 action');
  const download = page.waitForEvent('download');
  await earlier.getByRole('button', { name: /^Export/ }).click();
  expect(readFileSync(await (await download).path(), 'utf8')).toBe(JSON.stringify({ record }));
  // Deleting asks first, and can be left.
  await earlier.getByRole('button', { name: /^Delete the run/ }).click();
  await earlier.getByRole('button', { name: 'Keep it' }).click();
  await expect(earlier.getByRole('button', { name: /^Delete the run/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(earlier.getByRole('button', { name: /^Delete for good/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(earlier).toHaveCount(0);
});

test.describe('your work', () => {
  const question = (page: Page) => page.locator('form[data-item="r1-who-writes"]');
  const answer = async (page: Page) => {
    await question(page).getByLabel('startup process').check();
    await question(page).getByRole('button', { name: 'Check' }).click();
    await expect(question(page).locator('.verdict')).toHaveText('Right.');
  };

  test('goes from one browser to another as a file, and an import is undone', async ({
    page,
    browser,
  }, info) => {
    const cafe = new Cafe(page);
    await cafe.start();
    await expect(await cafe.run(SQL.tea)).toContainText('INSERT 0 1');
    await page.goto(chapters.streaming);
    await hydrated(page);
    await answer(page);
    await page.goto('progress/');
    await hydrated(page);
    await expect(page.locator('.work-list')).toContainText(/1 of \d+ questions answered, 1 right/);
    await expect(page.locator('.work-list')).toContainText('a run of 1 action');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export everything' }).click();
    const path = info.outputPath('progress.json');
    await (await download).saveAs(path);

    const context = await browser.newContext();
    const theirs = new Cafe(await context.newPage());
    await theirs.start();
    await expect(await theirs.run(SQL.cake)).toContainText('INSERT 0 1');
    await theirs.page.goto('progress/');
    await hydrated(theirs.page);
    await theirs.page.getByLabel('Import a file').setInputFiles(path);
    const preview = theirs.page.getByRole('region', { name: 'What the file would change' });
    const parted = preview.getByRole('group', { name: /^Parted ways/ });
    await expect(parted).toContainText('in the file: 1 action');
    await expect(parted.getByRole('checkbox')).not.toBeChecked();
    await expect(preview.getByRole('group', { name: /^New/ }).first()).toContainText(
      'Answers to the question r1-who-writes',
    );
    await expectAccessible(theirs.page);
    await parted.getByRole('checkbox').check();
    await preview.getByRole('button', { name: /^Take over/ }).click();
    await expect(theirs.page.getByText(/^Taken over from progress\.json/)).toBeVisible();
    await expect(theirs.page.getByRole('region', { name: 'Earlier work' })).toContainText(
      'before a run came from a file',
    );
    await theirs.open();
    await theirs.figure.getByRole('button', { name: 'Go on with it' }).click();
    await theirs.runs();
    await expect(theirs.step(SQL.tea)).toContainText('INSERT 0 1');
    await expect(theirs.step(SQL.cake)).not.toContainText('INSERT 0 1');
    await theirs.page.goto(chapters.streaming);
    await expect(question(theirs.page)).toContainText('Right: startup process.');

    await theirs.page.goto('progress/');
    await hydrated(theirs.page);
    await theirs.page.getByRole('button', { name: 'Undo this import' }).click();
    await expect(theirs.page.getByText(/^Undone: all is as it was/)).toBeVisible();
    await theirs.open();
    await theirs.figure.getByRole('button', { name: 'Go on with it' }).click();
    await theirs.runs();
    await expect(theirs.step(SQL.cake)).toContainText('INSERT 0 1');
    await context.close();
  });

  for (const [what, text, words] of [
    [
      'cut',
      '{"format":"standby progress","version":1,"ite',
      /mine\.json is not JSON, or its end is/,
    ],
    ['of another version', '{"format":"standby progress","version":9}', /has format version 9/],
    ['something else', '{"a":"<img src=x onerror=alert(1)>"}', /mine\.json holds no progress/],
  ] as const)
    test(`a file that is ${what} is refused in words`, async ({ page }) => {
      await page.goto('progress/');
      await hydrated(page);
      const file = { name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(text) };
      await page.getByLabel('Import a file').setInputFiles(file);
      await expect(page.getByRole('alert')).toContainText(words);
      await expect(page.locator('.work img')).toHaveCount(0);
      await expectAccessible(page);
    });

  test('is deleted whole, once the word is typed', async ({ page }) => {
    await page.goto(chapters.streaming);
    await hydrated(page);
    await answer(page);
    await page.goto('progress/');
    await hydrated(page);
    await expect(page.locator('.work-list')).toContainText(/1 of \d+ questions answered/);
    const button = page.getByRole('button', { name: 'Delete everything' });
    await expect(button).toBeDisabled();
    await page.getByLabel(/To delete everything/).fill('delete');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Everything is deleted.')).toBeVisible();
    await expect(page.locator('.work-list')).not.toContainText('questions answered');
    await page.goto(chapters.streaming);
    await hydrated(page);
    await expect(question(page).getByRole('button', { name: 'Check' })).toBeVisible();
  });

  test('reads well on each device in each theme', async ({ page }) => {
    await page.goto('progress/');
    await hydrated(page);
    await expect(page.locator('.work-list')).toContainText('not begun');
    await expectGoodLooks(page);
  });
});
