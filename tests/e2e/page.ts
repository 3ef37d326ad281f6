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
  log: 'chapters/the-log/',
  streaming: 'chapters/streaming-replication/',
  durability: 'chapters/durability/',
  reading: 'chapters/reading-from-replicas/',
  splitting: 'chapters/splitting-the-table/',
  horizon: 'chapters/xmin-horizon/',
  slots: 'chapters/slots/',
  governor: 'chapters/governor/',
} as const;

/** The chapter that the first page of the course leads to. */
export const firstChapter = chapters.primer;

/** Clicks on an island get lost until it is hydrated. Chapters without islands pass at once. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator('astro-island[ssr]')).toHaveCount(0);
}

export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const report = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map(({ target }) => target.join(' ')),
  }));
  expect(report).toEqual([]);
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
