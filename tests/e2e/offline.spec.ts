import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { projectRoot } from '../../src/cli/project.ts';
import { type StaticServer, serve } from '../../src/cli/serve.ts';
import { chapters, expectAccessible, hydrated } from './page.ts';

test.use({ serviceWorkers: 'allow' });
test.describe.configure({ mode: 'parallel' });

/** Every page of this browser that is opened from now on comes from the device. */
async function keptPages(page: Page): Promise<void> {
  await expect(page.locator('[data-offline]')).toBeVisible();
}

const keepButton = (page: Page) => page.getByRole('button', { name: /^Keep PostgreSQL/ });

test('after one visit every page reads without the network, and is searched', async ({
  page,
  context,
}) => {
  await page.goto(chapters.streaming);
  await keptPages(page);
  await context.setOffline(true);
  await page.goto(chapters.durability);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The durability gradient');
  await page.goto('');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('canceling wait for synchronous');
  await expect(page.getByRole('dialog').getByRole('link').first()).toContainText('Chapter 3');
});

test('a page that does not exist is told so, without the network too', async ({
  page,
  context,
}) => {
  await page.goto('');
  await keptPages(page);
  await context.setOffline(true);
  await page.goto('chapters/never-written/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/not here/);
});

test('PostgreSQL is kept when the reader agrees, runs offline, and is removed again', async ({
  page,
  context,
}) => {
  await page.goto(chapters.durability);
  await keptPages(page);
  await expect(page.locator('[data-offline]')).toContainText('PostgreSQL is not kept yet');
  await expectAccessible(page);
  await keepButton(page).click();
  await expect(page.locator('[data-offline]')).toContainText('The whole course is kept');
  await context.setOffline(true);
  await page.reload();
  await hydrated(page);
  await page.getByRole('button', { name: 'Start the cluster' }).first().click();
  await expect(page.locator('section.figure').first()).toHaveAttribute('data-phase', 'running', {
    timeout: 60_000,
  });
  await page.getByRole('button', { name: 'Remove PostgreSQL' }).click();
  await expect(page.locator('[data-offline]')).toContainText('PostgreSQL is not kept yet');
});

test('offline and not kept, the figure says so', async ({ page, context }) => {
  await page.goto(chapters.durability);
  await keptPages(page);
  await context.setOffline(true);
  await page.reload();
  await hydrated(page);
  await page.getByRole('button', { name: 'Start the cluster' }).first().click();
  await expect(page.getByRole('alert')).toContainText('not kept on this device');
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.locator('section.figure').first()).toHaveAttribute('data-phase', 'running', {
    timeout: 60_000,
  });
});

test.describe('a new edition', () => {
  let folder: string;
  let server: StaticServer;

  test.beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'standby-edition-'));
    cpSync(join(projectRoot, 'dist-wiki'), folder, { recursive: true });
    server = await serve({ root: folder, base: '/some/wiki/path/', port: 0 });
  });

  test.afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  /** What a host does who puts a new build in the place of the old one. Returns a file of the old one that is gone. */
  function publish(): string {
    const worker = readFileSync(join(folder, 'sw.js'), 'utf8');
    const edition = readFileSync(join(folder, 'edition.json'), 'utf8');
    const id = JSON.parse(edition).id;
    const sheet = /assets\/Course\.[\w-]+\.css/.exec(edition)?.[0] ?? '';
    const renamed = sheet.replace('.css', '2.css');
    cpSync(join(folder, sheet), join(folder, renamed));
    rmSync(join(folder, sheet));
    const anew = (text: string) => text.replaceAll(sheet, renamed).replaceAll(id, 'aaaaaaaaaaaa');
    writeFileSync(join(folder, 'sw.js'), anew(worker));
    writeFileSync(join(folder, 'edition.json'), anew(edition));
    for (const page of ['index.html', `${chapters.durability}index.html`]) {
      const text = readFileSync(join(folder, page), 'utf8');
      writeFileSync(join(folder, page), anew(text).replace(/(<h1[^>]*>)/, '$1New: '));
    }
    return sheet;
  }

  test('waits until the reader wants it, and leaves other open pages as they are', async ({
    page,
    context,
  }) => {
    await page.goto(server.url);
    await keptPages(page);
    const other = await context.newPage();
    await other.goto(`${server.url}${chapters.durability}`);
    const gone = publish();
    await page.reload();
    const notice = page.locator('[data-new-edition]');
    await expect(notice).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).not.toContainText('New:');
    await expectAccessible(page);
    await notice.getByRole('button', { name: 'Use it now' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('New:');
    await expect(notice).toBeHidden();

    await expect(other.getByRole('heading', { level: 1 })).not.toContainText('New:');
    // What the old page may still ask for is no longer on the server, but on the device.
    const status = async (path: string) => (await fetch(path)).status;
    expect(await status(`${server.url}${gone}`)).toBe(404);
    expect(await other.evaluate(status, `/some/wiki/path/${gone}`)).toBe(200);
  });

  test('comes by itself when no page is open', async ({ page, context }) => {
    await page.goto(server.url);
    await keptPages(page);
    publish();
    await page.reload();
    await expect(page.locator('[data-new-edition]')).toBeVisible();
    await page.close();
    const fresh = await context.newPage();
    await expect(async () => {
      await fresh.goto('about:blank');
      await fresh.goto(server.url);
      await expect(fresh.getByRole('heading', { level: 1 })).toContainText('New:', {
        timeout: 500,
      });
    }).toPass();
  });
});
