import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';

export { expect };

/** A page that fails its test if it asked another origin for anything, broke the policy or wrote an error. */
export const test = base.extend<{ quiet: undefined }>({
  quiet: [
    async ({ page, baseURL }, use) => {
      const complaints: string[] = [];
      const origin = new URL(baseURL ?? '').origin;
      page.on('request', (request) => {
        const url = new URL(request.url());
        const own = url.origin === origin || url.protocol === 'data:' || url.protocol === 'blob:';
        if (!own) complaints.push(`asked another origin: ${url}`);
      });
      page.on('response', (response) => {
        if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
      });
      // Chromium reports a violation of the policy as an error on the console.
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
      });
      page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
      await use(undefined);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export const devices = [
  { device: 'desktop', viewport: { width: 1440, height: 900 } },
  { device: 'phone', viewport: { width: 360, height: 740 } },
] as const;

export const themes = ['light', 'dark'] as const;

export const chapters = {
  cap: 'chapters/cap-measured/',
  primer: 'chapters/before-you-break-things/',
  backup: 'chapters/backup/',
  log: 'chapters/the-log/',
  streaming: 'chapters/streaming-replication/',
  durability: 'chapters/durability/',
  reading: 'chapters/reading-from-replicas/',
  splitting: 'chapters/splitting-the-table/',
  horizon: 'chapters/xmin-horizon/',
  slots: 'chapters/slots/',
  governor: 'chapters/governor/',
  fence: 'chapters/incomplete-fence/',
  failover: 'chapters/failover-by-hand/',
} as const;

/** The chapter that the first page of the course leads to. */
export const firstChapter = chapters.primer;

/** Clicks on an island get lost until it is hydrated. Chapters without islands pass at once. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator('astro-island[ssr]')).toHaveCount(0);
}

export function expectAccessible(page: Page): Promise<void> {
  return withoutViolation(new AxeBuilder({ page }));
}

/** What axe looks at that a theme may change: its colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/**
 * The page as it stands, on each device in each theme: axe finds nothing, it does not scroll sideways, and what else is to hold
 * there. The layout follows the window by CSS alone, so that the page need not be opened for each; a second theme of the same
 * device differs in colours only. Motion is reduced, so that no colour is caught on its way to another.
 * @param part a selector, where the rest of the page has been looked at already.
 */
export async function expectGoodLooks(page: Page, part?: string): Promise<void> {
  const before = page.viewportSize();
  for (const { device, viewport } of devices) {
    await page.setViewportSize(viewport);
    await expectGoodThemes(page, device, part);
  }
  if (before) await page.setViewportSize(before);
}

/** The same on this device alone. */
export async function expectGoodThemes(
  page: Page,
  device = 'this device',
  part?: string,
): Promise<void> {
  for (const [index, colorScheme] of themes.entries()) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const axe = new AxeBuilder({ page });
    if (part !== undefined) axe.include(part);
    await withoutViolation(
      index === 0 ? axe : axe.withRules(COLOUR_RULES),
      `${device}, ${colorScheme}`,
    );
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  await expectToFit(page);
}

/** A page scrolls down, never sideways: wide tables and code scroll inside their own boxes. */
export async function expectToFit(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(over).toBeLessThanOrEqual(0);
}

async function withoutViolation(axe: AxeBuilder, where?: string): Promise<void> {
  const { violations } = await axe.analyze();
  const report = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map(({ target }) => target.join(' ')),
  }));
  expect(report, where).toEqual([]);
}

/** What the page keeps on this device under a key, from its IndexedDB. */
export function keptOnDevice<T>(page: Page, key: string): Promise<{ readonly contents: T }> {
  return page.evaluate(
    (wanted) =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('standby');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const asked = opening.result.transaction('kept').objectStore('kept').get(wanted);
          asked.onerror = () => reject(asked.error);
          asked.onsuccess = () => resolve(asked.result);
        };
      }),
    key,
  );
}

/** Puts something into what the page keeps on this device, as another edition of the course might have. */
export function keepOnDevice(
  page: Page,
  kind: string,
  of: string,
  contents: unknown,
): Promise<void> {
  return page.evaluate(
    (kept) =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('standby');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const change = opening.result.transaction('kept', 'readwrite');
          change.objectStore('kept').put(kept, `${kept.kind}/${kept.of}`);
          change.onabort = () => reject(change.error);
          change.oncomplete = () => resolve();
        };
      }),
    { version: 1, kind, of, savedAt: '2026-01-01T00:00:00.000Z', contents },
  );
}
