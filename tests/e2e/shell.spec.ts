import {
  chapters,
  devices,
  expect,
  expectAccessible,
  expectGoodThemes,
  hydrated,
  test,
} from './page.ts';

test.describe.configure({ mode: 'parallel' });

const [desktop, phone] = [devices[0].viewport, devices[1].viewport];

test.describe('the list of contents beside a chapter', () => {
  test.use({ viewport: desktop });

  test('shows what is written, what is to come, and where the reader is', async ({ page }) => {
    await page.goto(chapters.streaming);
    const contents = page.getByRole('navigation', { name: 'Contents' });
    await expect(contents.getByRole('link', { name: /Streaming replication/ })).toHaveAttribute(
      'aria-current',
      'page',
    );
    await contents.getByText('Shape and scale').click();
    await expect(contents.getByText('The crowded hallway')).toBeVisible();
    await expect(contents.getByRole('link', { name: /crowded hallway/ })).toHaveCount(0);
    await expect(contents.getByRole('link', { name: 'Stuck commits' })).toBeVisible();
    await contents.getByRole('link', { name: /The durability gradient/ }).click();
    await expect(page).toHaveURL(new RegExp(`${chapters.durability}$`));
  });

  test('follows the reader from section to section, and remembers', async ({ page }) => {
    await page.goto(chapters.streaming);
    const contents = page.getByRole('navigation', { name: 'Contents' });
    const section = contents.getByRole('link', { name: 'How late is late?' });
    await section.click();
    await expect(section).toHaveAttribute('aria-current', 'location');
    await page.goto(chapters.durability);
    await expect(contents.getByRole('link', { name: /\d+ % read: 2 Streaming/ })).toBeVisible();
  });

  test('is filtered by a route, from page to page', async ({ page }) => {
    await page.goto(chapters.streaming);
    const contents = page.getByRole('navigation', { name: 'Contents' });
    await expect(contents.getByText('Slots')).toBeVisible();
    await contents.getByRole('radio', { name: 'Developer' }).check();
    await expect(contents.getByText('Slots')).toBeHidden();
    await page.goto(chapters.durability);
    await expect(contents.getByRole('radio', { name: 'Developer' })).toBeChecked();
    await expect(contents.getByText('Slots')).toBeHidden();
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: phone });

  test('a button opens the contents, Escape closes them', async ({ page }) => {
    await page.goto(chapters.streaming);
    const contents = page.getByRole('navigation', { name: 'Contents' });
    await expect(contents).toBeHidden();
    await page.getByRole('button', { name: 'Contents' }).click();
    await expect(contents.getByRole('link', { name: /The durability gradient/ })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(contents).toBeHidden();
  });

  test('a section that is chosen is not left covered', async ({ page }) => {
    await page.goto(chapters.streaming);
    await page.getByRole('button', { name: 'Contents' }).click();
    await page.getByRole('link', { name: 'How late is late?' }).click();
    await expect(page.getByRole('navigation', { name: 'Contents' })).toBeHidden();
    await expect(page.getByRole('heading', { name: 'How late is late?' })).toBeInViewport();
  });

  test('the open contents are accessible in each theme', async ({ page }) => {
    await page.goto(chapters.streaming);
    await page.getByRole('button', { name: 'Contents' }).click();
    await expectGoodThemes(page);
  });

  test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('the contents open, and lead on', async ({ page }) => {
      await page.goto(chapters.streaming);
      await page.getByRole('button', { name: 'Contents' }).click();
      const contents = page.getByRole('navigation', { name: 'Contents' });
      await contents.getByRole('link', { name: /The durability gradient/ }).click();
      await expect(page).toHaveURL(new RegExp(`${chapters.durability}$`));
    });
  });
});

test.describe('the search', () => {
  test('opens by a slash, finds a place and leads there', async ({ page }) => {
    await page.goto('');
    await page.keyboard.press('/');
    await page.keyboard.type('canceling wait for synchronous');
    const search = page.getByRole('dialog', { name: 'Search the course' });
    const first = search.getByRole('link').first();
    await expect(first).toContainText('Chapter 3');
    await expect(first.locator('mark').first()).toBeVisible();
    await page.keyboard.press('ArrowDown');
    await expect(first).toBeFocused();
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`${chapters.durability}#`));
  });

  test('says so where nothing is found, and runs nothing of what is typed', async ({ page }) => {
    await page.goto(chapters.durability);
    await page.keyboard.press('Control+k');
    const search = page.getByRole('dialog', { name: 'Search the course' });
    await page.keyboard.type('zzzqqq<img/src=x/onerror=alert(1)>');
    await expect(search.getByRole('status')).toContainText('Nothing for “zzzqqq<img/src=x');
    await expect(search.locator('img')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(search).toBeHidden();
  });

  test('does not take a slash that is typed into a field', async ({ page }) => {
    await page.goto('');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.keyboard.type('and/or');
    await expect(page.getByRole('searchbox')).toHaveValue('and/or');
  });

  test('is not offered without JavaScript', async ({ browser, baseURL }) => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      ...(baseURL ? { baseURL } : {}),
    });
    const page = await context.newPage();
    await page.goto('');
    await expect(page.getByRole('button', { name: 'Search' })).toBeHidden();
    await context.close();
  });
});

test.describe('the home page', () => {
  test('one press loses a payment that was acknowledged', async ({ page }) => {
    await page.goto('');
    await hydrated(page);
    await page.getByRole('button', { name: /pull the plug/ }).click();
    const told = page.getByRole('log', { name: 'What happens' });
    await expect(told).toContainText('INSERT 0 1', { timeout: 60_000 });
    await expect(told).toContainText('Acknowledged, and lost.');
    await expectAccessible(page);
  });

  test('the other press hangs one, and a thaw lets it go', async ({ page }) => {
    await page.goto('');
    await hydrated(page);
    await page.getByRole('button', { name: /freeze it/ }).click();
    const told = page.getByRole('log', { name: 'What happens' });
    await expect(told).toContainText('waits for SyncRep', { timeout: 60_000 });
    await told.getByRole('button', { name: 'Thaw standby1' }).click();
    await expect(told).toContainText('the cake is paid at');
  });

  test('leads to a route, and to where the reader was', async ({ page }) => {
    await page.goto(chapters.streaming);
    await page
      .getByRole('navigation', { name: 'Contents' })
      .getByRole('link', { name: 'How late is late?' })
      .click();
    await page.goto('');
    await expect(page.getByRole('link', { name: /^Go on where you were/ })).toHaveAttribute(
      'href',
      /streaming-replication\/#how-late-is-late$/,
    );
    await page.getByRole('main').getByRole('link', { name: 'On call', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('On call');
    await expectAccessible(page);
  });
});
