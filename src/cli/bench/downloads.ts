import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import type { Pages } from './pages.ts';

const CHAPTER = 'chapters/durability/';
const START_LIMIT_MS = 120_000;

const isScript = (path: string): boolean => /\.m?js$/.test(path);

export interface Downloads {
  /** JavaScript of a chapter that is read and not touched. */
  readonly reading: { readonly scripts: number; readonly inline: number };
  /** What its cluster fetches on top of that when it starts. */
  readonly starting: { readonly scripts: number; readonly engine: number };
}

/** Bytes by gzip -9 (or as they are, if a file is packed already) of what a chapter's page asks for. */
export function measureDownloads(course: Pages): Promise<Downloads> {
  return course.look('', async (page) => {
    let asked = new Set<string>();
    page.on('request', (request) => asked.add(new URL(request.url()).pathname));
    const size = (wanted: (path: string) => boolean) =>
      [...asked]
        .filter(wanted)
        .reduce((sum, path) => sum + packedSize(path, readFileSync(join(course.folder, path))), 0);

    await page.goto(new URL(CHAPTER, page.url()).href, { waitUntil: 'networkidle' });
    await page.mouse.wheel(0, 100_000);
    await page.waitForLoadState('networkidle');
    const reading = { scripts: size(isScript), inline: packedSize('', await inlineScripts(page)) };

    asked = new Set();
    await page.getByRole('button', { name: 'Start the cluster' }).click();
    await page.waitForSelector('section.figure[data-phase=running]', { timeout: START_LIMIT_MS });
    await page.waitForLoadState('networkidle');
    return {
      reading,
      starting: { scripts: size(isScript), engine: size((path) => !isScript(path)) },
    };
  });
}

const inlineScripts = async (page: Page): Promise<Buffer> => {
  const texts = await page
    .locator('script:not([src]):not([type="application/json"])')
    .evaluateAll((scripts) => scripts.map(({ textContent }) => textContent));
  return Buffer.from(texts.join('\n'));
};

const packedSize = (path: string, bytes: Buffer): number =>
  path.endsWith('.gz') ? bytes.length : gzipSync(bytes, { level: 9 }).length;
