import type { Page } from '@playwright/test';
import { Cafe, SQL } from './cafe.ts';
import { chapters, devices, expect, expectAccessible, test } from './page.ts';

test.describe.configure({ mode: 'parallel' });

/** A browser on a small device says so. */
const onASmallDevice = (page: Page) =>
  page.addInitScript(() => Object.defineProperty(navigator, 'deviceMemory', { get: () => 1 }));

const recorded = async (cafe: Cafe) => {
  await cafe.figure.getByRole('button', { name: 'Start the cluster' }).click();
  await cafe.figure.getByRole('button', { name: 'Look at the recorded run' }).click();
  await expect(cafe.figure).toHaveAttribute('data-phase', 'recorded');
};

for (const { device, viewport } of devices)
  test(`on a ${device} that is too small the reason is told, and a recorded run is looked at`, async ({
    page,
  }) => {
    await page.setViewportSize(viewport);
    await onASmallDevice(page);
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(request.url()));
    const cafe = new Cafe(page);
    await cafe.open();
    await cafe.figure.getByRole('button', { name: 'Start the cluster' }).click();
    await expect(cafe.figure.getByRole('alert')).toContainText('1 GB of memory');
    await expectAccessible(page);
    expect(fetched.filter((url) => /\.wasm/.test(url))).toEqual([]);

    await cafe.figure.getByRole('button', { name: 'Look at the recorded run' }).click();
    await expect(cafe.figure).toContainText('A recorded run, not a running cluster.');
    await expect(cafe.step(SQL.tea)).not.toContainText('INSERT 0 1');
    const next = cafe.figure.getByRole('button', { name: 'Next event' });
    await expect(async () => {
      await next.click();
      await expect(cafe.step(SQL.tea)).toContainText('SyncRep', { timeout: 100 });
    }).toPass();
    await cafe.figure.getByRole('button', { name: 'Play', exact: true }).click();
    await expect(cafe.step(SQL.tea)).toContainText('INSERT 0 1');
    await cafe.figure.getByRole('button', { name: 'Pause', exact: true }).click();
    await cafe.type('primary', 'a', 'select 1;');
    await expect(page.locator('.notices .notice')).toContainText(
      'This is a recording: nothing can be done to it',
    );
    await expectAccessible(page);
    await cafe.expectToFit();
  });

test('chapter 2 has its recording too', async ({ page }) => {
  await onASmallDevice(page);
  const cafe = new Cafe(page, chapters.streaming, 'streaming');
  await cafe.open();
  await recorded(cafe);
  await cafe.figure.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(cafe.step("insert into orders (what) values ('tea');")).toContainText('INSERT 0 1');
});

test('a reader who wants to may try it anyway, from the recording as well', async ({ page }) => {
  await onASmallDevice(page);
  const cafe = new Cafe(page);
  await cafe.open();
  await recorded(cafe);
  await cafe.figure.getByText('Why the cluster does not run here').click();
  await cafe.figure.getByRole('button', { name: 'Try it anyway' }).click();
  await cafe.runs();
  await expect(await cafe.run(SQL.tea)).toContainText('INSERT 0 1');
});

test('a site that forbids WebAssembly is told what to allow', async ({ page }) => {
  await page.addInitScript(() => {
    WebAssembly.Module = class {
      constructor() {
        throw new WebAssembly.CompileError('Refused to compile: unsafe-eval');
      }
    } as unknown as typeof WebAssembly.Module;
  });
  const cafe = new Cafe(page);
  await cafe.open();
  await cafe.figure.getByRole('button', { name: 'Start the cluster' }).click();
  await expect(cafe.figure.getByRole('alert')).toContainText('‘wasm-unsafe-eval’');
});

test('an engine that runs out of memory says so, and can be tried again', async ({ page }) => {
  await page.addInitScript(() => {
    const { compile } = WebAssembly;
    let failed = false;
    WebAssembly.compile = async (bytes) => {
      if (failed) return compile(bytes);
      failed = true;
      throw new RangeError('WebAssembly.compile(): Out of memory');
    };
  });
  const cafe = new Cafe(page);
  await cafe.open();
  await cafe.figure.getByRole('button', { name: 'Start the cluster' }).click();
  await expect(cafe.figure.getByRole('alert')).toContainText('Closing other tabs may help');
  await expect(cafe.figure.getByRole('button', { name: 'Look at the recorded run' })).toBeVisible();
  await cafe.figure.getByRole('button', { name: 'Try again' }).click();
  await cafe.runs();
});
