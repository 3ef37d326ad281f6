import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type PageBytes, pageBytes, sumOf } from '../../src/cli/page-bytes.ts';
import { projectRoot } from '../../src/cli/project.ts';

const folder = join(projectRoot, 'dist-wiki');
const KB = 1_000;

/**
 * Bytes by gzip of what a page fetches by itself. The first that fits a page holds for it. The design asks for 40 KB of
 * scripts before any engine; labs are above it by their questions and by what is handed in. All of these lines may only go
 * down.
 */
const budgets = [
  { pages: /^chapters\//, html: 45 * KB, scripts: 40 * KB, styles: 24 * KB },
  // A figure, and what fetches the form above it.
  { pages: /^chaos\//, html: 15 * KB, scripts: 32 * KB, styles: 24 * KB },
  { pages: /^labs\/.|^embed\/lab\//, html: 30 * KB, scripts: 43 * KB, styles: 24 * KB },
  { pages: /^embed\//, html: 12 * KB, scripts: 29 * KB, styles: 24 * KB },
  { pages: /^index\.html$/, html: 15 * KB, scripts: 33 * KB, styles: 24 * KB },
  { pages: /./, html: 20 * KB, scripts: 30 * KB, styles: 24 * KB },
] as const;

/** Each file that a page spends its bytes on, the largest first. */
function table(page: string, { html, scripts, styles }: PageBytes): string {
  const rows = [{ file: `${page} itself`, bytes: html }, ...scripts, ...styles];
  return rows
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ file, bytes }) => `${String(bytes).padStart(8)}  ${file}`)
    .join('\n');
}

for (const page of globSync('**/*.html', { cwd: folder }).sort()) {
  test(`${page} keeps to its bytes`, () => {
    const budget = budgets.find(({ pages }) => pages.test(page)) ?? budgets[0];
    const spent = pageBytes(folder, '/some/wiki/path/', page);
    const files = table(page, spent);
    expect(sumOf(spent.scripts), `JavaScript of ${page}\n${files}`).toBeLessThanOrEqual(
      budget.scripts,
    );
    expect(sumOf(spent.styles), `styles of ${page}\n${files}`).toBeLessThanOrEqual(budget.styles);
    expect(spent.html, `HTML of ${page}`).toBeLessThanOrEqual(budget.html);
    expect(spent.fonts, `fonts of ${page}: the course uses those of the system`).toEqual([]);
  });
}
