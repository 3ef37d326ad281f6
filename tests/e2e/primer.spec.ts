import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { Cafe } from './cafe.ts';
import {
  chapters,
  expect,
  expectAccessible,
  expectGoodLooks,
  hydrated,
  keptOnDevice,
  test,
} from './page.ts';

test.describe.configure({ mode: 'parallel', timeout: 120_000 });

const quiz = (page: Page) => page.getByRole('form', { name: 'Where to begin' });
const suggested = (page: Page) => page.getByRole('region', { name: 'What is suggested' });

/** Answers as somebody who carries the pager and knows all but what VACUUM does and whose disk counts. */
async function answer(page: Page): Promise<void> {
  for (const label of [
    'At the keyboard: the pager is mine',
    'Settings, alerts, the way we respond',
    'I know what an answer from the database promises',
    'The old version and the new one',
    'About half as large',
    'What the planner knows about the table is out of date',
    'Yes: each statement sees what was committed before it began',
    '256 bytes',
    'In the log, which was flushed before the client was told',
    'Not necessarily: it sees what has been replayed',
  ])
    await quiz(page).getByLabel(label, { exact: true }).check();
  await expect(quiz(page)).toContainText('1 to answer.');
  await quiz(page).getByLabel('I do not know').last().check();
}

test('the placement quiz suggests a route and a place to begin, with reasons, and remembers', async ({
  page,
}) => {
  await page.goto(chapters.primer);
  await hydrated(page);
  const button = quiz(page).getByRole('button', { name: 'Suggest a way' });
  await expect(button).toBeDisabled();
  await answer(page);
  await button.focus();
  await page.keyboard.press('Enter');
  const result = suggested(page);
  await expect(result.getByRole('link', { name: 'On call' })).toBeVisible();
  await expect(result).toContainText('“At the keyboard: the pager is mine” · “Settings, alerts');
  await expect(result).toContainText('What VACUUM gives back: VACUUM makes the room usable');
  await expect(result).toContainText('3. The durability gradient: A level can ask only standbys');
  await expect(result).toContainText('You knew 6 of 8.');
  await expectAccessible(page);

  await result.getByRole('button', { name: 'Show this way in the contents' }).click();
  await expect(result).toContainText('The contents show the chapters of “On call”.');
  await page.reload();
  await hydrated(page);
  await expect(suggested(page)).toContainText('You knew 6 of 8.');
  await expect(page.locator('#contents').getByLabel('On call')).toBeChecked();
  expect((await keptOnDevice<object>(page, 'placement/course')).contents).toMatchObject({
    'work-night': 'pager',
    'know-vacuum': 'wrong-1',
  });
  await suggested(page).getByRole('link', { name: 'What VACUUM gives back' }).click();
  await expect(page.getByRole('heading', { name: 'What VACUUM gives back' })).toBeInViewport();
  await suggested(page).getByRole('link', { name: 'On call' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'On call' })).toBeVisible();
});

test('placement goes into the file of all work, and can be taken again', async ({ page }) => {
  await page.goto(chapters.primer);
  await hydrated(page);
  await answer(page);
  await quiz(page).getByRole('button', { name: 'Suggest a way' }).click();
  await page.goto('progress/');
  await hydrated(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export everything' }).click();
  expect(readFileSync(await (await download).path(), 'utf8')).toContain('"work-night": "pager"');
  await page.goto(chapters.primer);
  await hydrated(page);
  await suggested(page).getByRole('button', { name: 'Answer again' }).click();
  await expect(quiz(page)).toContainText('11 to answer.');
  await page.reload();
  await hydrated(page);
  await expect(suggested(page)).toBeEmpty();
});

/** A statement of the chapter, by a piece of its text, and what the chapter says that it answers. */
type Said = readonly [sql: string, answer: RegExp, node?: string];

const versions: readonly Said[] = [
  ['select ctid, xmin, xmax, item, price', /\(0,1\).*tea/],
  ["update menu set price = 4.40 where item = 'tea'", /UPDATE 1/],
  ["from menu where item = 'tea'", /\(0,4\)/],
  ["from menu where item = 'tea'", /\(0,4\)/, 'standby1'],
  ["begin; update menu set price = 9.90 where item = 'cake'", /UPDATE 1/],
  ["select price from menu where item = 'cake'", /5\.50/],
  ['rollback;', /ROLLBACK/],
  [
    "select ctid, xmin, xmax, price from menu where item = 'cake'",
    /\(0,2\) \| +\d+ \| +[1-9]\d* \| +5\.50/,
  ],
];

const vacuuming: readonly Said[] = [
  ['as pages_at_first', / 55\b/],
  ['update deliveries set boxes = boxes + 1', /UPDATE 10000/],
  ['as pages_after_update', / 109\b/],
  ['delete from deliveries where id % 2 = 0', /DELETE 5000/],
  ['as pages_after_delete', / 109\b/],
  ['-- what the update and the delete left', /had 15000 dead item identifiers removed/],
  ['as pages_after_vacuum', / 109\b/],
  ['update deliveries set boxes = boxes - 1', /UPDATE 5000/],
  ['as pages_after_another_update', / 109\b/],
  ["prepare transaction 'forgotten'", /PREPARE TRANSACTION/],
  ['update deliveries set boxes = boxes + 2', /UPDATE 5000/],
  ['-- while it is prepared', /5000 are dead but not yet removable/],
  ['from pg_prepared_xacts', /forgotten/],
  ["rollback prepared 'forgotten'", /ROLLBACK PREPARED/],
  ['-- once it has ended', / 0 are dead but not yet removable/],
];

const plans: readonly Said[] = [
  ['explain select * from deliveries where id = 777', /Index Scan using deliveries_pkey/],
  ['summary off) select * from deliveries where id = 777', /shared hit=3/],
  ["where item = 'milk'", /Rows Removed by Filter: 2500[\s\S]*shared hit=109/],
  ["select i, 'saffron', 1", /INSERT 0 4000/],
  ["where item = 'saffron'", /rows=1 width=\d+\) \(actual rows=4000\.00/],
  ['analyze deliveries;', /ANALYZE/],
];

const looks: readonly Said[] = [
  ['as first_read', /4\.40/],
  ['update menu set price = 5.00', /UPDATE 1/],
  ['as second_read', /5\.00/],
  ['commit; -- read committed', /COMMIT/],
  ['as first_in_snapshot', /5\.00/],
  ['update menu set price = 6.00', /UPDATE 1/],
  ['as second_in_snapshot', /5\.00/],
  ['commit; -- repeatable read', /COMMIT/],
  ['as b_has_read', /7\.80/],
  ['set price = price + 0.50', /UPDATE 1/],
  ['set price = 7.80 + 0.10', /COMMIT/],
  ['as after_two_raises', /7\.90/],
  [
    'begin isolation level serializable',
    /cannot use serializable mode in a hot standby/,
    'standby1',
  ],
];

const log: readonly Said[] = [
  ['as before;', /0\/[0-9A-F]+/],
  ["insert into menu values ('bun', 1.10)", /INSERT 0 1/],
  ['as after,', /0\/[0-9A-F]+ \| 0000000100000000[0-9A-F]{8}/],
  ["'0/3000100'::pg_lsn - '0/3000000'::pg_lsn", /256 \| 0\/3000100/],
  ["'9/0'::pg_lsn < '10/0'::pg_lsn", /t +\| f/],
];

test('every statement answers what the chapter says', async ({ page }) => {
  const cafe = new Cafe(page, chapters.primer, 'primer');
  await cafe.start();
  const run = async (all: readonly Said[]) => {
    for (const [sql, answer, node = 'primary'] of all) {
      const step = cafe.step(sql, node).first();
      await step.getByRole('button', { name: /^Run/ }).click();
      await expect(step.locator('.step-answer'), sql).toContainText(answer);
    }
  };
  await run([...versions, ...vacuuming, ...plans]);
  // Session b asks for the saffron again, with the new statistics.
  const again = cafe.step("where item = 'saffron'").nth(1);
  await again.getByRole('button', { name: /^Run/ }).click();
  await expect(again.locator('.step-answer')).toContainText(/rows=4000 .*actual rows=4000\.00/);
  await run([...looks, ...log]);
  await expectAccessible(page);
});

test('a cut cable keeps the scone from the standby', async ({ page }) => {
  const cafe = new Cafe(page, chapters.primer, 'primer');
  await cafe.start();
  await expect(await cafe.run('as pages_at_first')).toContainText('55');
  const cut = cafe.experiment('.do').getByRole('button', { name: /cable/i });
  await cut.click();
  await expect(await cafe.run("'scone'")).toContainText('INSERT 0 1');
  await expect(await cafe.run('select count(*) from menu', 'standby1')).toContainText(/ 3 /);
  await cut.click();
  await expect(await cafe.run('select count(*) from menu', 'standby1')).toContainText(/ 4 /);
});

test('reads well on each device in each theme', async ({ page }) => {
  await page.goto(chapters.primer);
  await hydrated(page);
  await expectGoodLooks(page);
});
