import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as anyOrigin, type FrameLocator, type Page } from '@playwright/test';
import { type StaticServer, serve } from '../../src/cli/serve.ts';
import { chapters, expect, expectGoodLooks, hydrated, test } from './page.ts';

test.describe.configure({ mode: 'parallel' });

/** The line that a figure or a lab gives its readers to copy. */
async function lineOf(page: Page, path: string): Promise<string> {
  await page.goto(path);
  await hydrated(page);
  await page.locator('.embed-line summary').first().click();
  return page.getByLabel('A line of HTML to copy').first().inputValue();
}

async function runs(frame: FrameLocator): Promise<void> {
  await frame.getByRole('button', { name: 'Start the cluster' }).click();
  await expect(frame.locator('section.figure')).toHaveAttribute('data-phase', 'running', {
    timeout: 60_000,
  });
}

anyOrigin.describe('in a wiki on another host', () => {
  let folder: string;
  let server: StaticServer;

  anyOrigin.beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'standby-wiki-'));
    server = await serve({ root: folder, base: '/team', port: 0 });
  });

  anyOrigin.afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  /** What went wrong in the page or its frame. */
  const uncaught = (page: Page): string[] => {
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    return errors;
  };

  /** A page of a wiki on another host, with a line of HTML that somebody has pasted. */
  async function paste(page: Page, line: string): Promise<FrameLocator> {
    const html = `<!doctype html><html lang="en"><title>Our wiki</title><h1>Runbook</h1>${line}</html>`;
    writeFileSync(join(folder, 'index.html'), html);
    await page.goto(server.url.replace('127.0.0.1', 'localhost'));
    return page.frameLocator('iframe');
  }

  anyOrigin('the line of a figure shows it alone, and its cluster runs', async ({ page }) => {
    const errors = uncaught(page);
    const line = await lineOf(page, chapters.streaming);
    expect(line).toMatch(/^<iframe src="http[^"]*\/embed\/figure\/streaming\/" title="[^"]+" /);
    const frame = await paste(page, line);
    await runs(frame);
    await expect(frame.getByRole('navigation', { name: 'Contents' })).toHaveCount(0);
    await expect(frame.getByRole('link', { name: /in the course/ })).toHaveAttribute(
      'href',
      `/some/wiki/path/${chapters.streaming}`,
    );
    expect(errors).toEqual([]);
  });

  anyOrigin('the line of a lab shows the lab with its task', async ({ page }) => {
    const frame = await paste(page, await lineOf(page, 'labs/stuck-commits/'));
    await expect(frame.getByRole('heading', { level: 1, name: 'Stuck commits' })).toBeVisible();
    await expect(frame.locator('[data-figure], .lab').first()).toBeVisible();
  });

  anyOrigin(
    'where the browser denies a frame all storage, the cluster runs and says what is not kept',
    async ({ page }) => {
      const errors = uncaught(page);
      await page.addInitScript(() => {
        if (window === window.top) return;
        const denied = () => {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        };
        for (const name of ['localStorage', 'indexedDB', 'caches'])
          Object.defineProperty(window, name, { get: denied });
        navigator.locks.request = async () => denied();
      });
      const frame = await paste(page, await lineOf(page, chapters.streaming));
      await runs(frame);
      expect(errors).toEqual([]);
      await expect(frame.getByText(/forbids the site to store/).first()).toBeVisible();
    },
  );
});

test('under another path of the same host it works too', async ({ page }) => {
  await page.route('**/some/notes.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><html lang="en"><title>Notes</title><iframe title="Figure" src="/some/wiki/path/embed/figure/durability/" width="900" height="900"></iframe></html>',
    }),
  );
  await page.goto('/some/notes.html');
  await runs(page.frameLocator('iframe'));
});

for (const path of ['embed/figure/streaming/', 'embed/lab/stuck-commits/'])
  test(`${path} alone is accessible and fits, on each device in each theme`, async ({ page }) => {
    await page.goto(path);
    await hydrated(page);
    await expectGoodLooks(page);
  });
