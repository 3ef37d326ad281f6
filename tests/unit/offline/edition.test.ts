import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { editionOf } from '../../../src/cli/offline-edition.ts';
import { assetsToKeep, type Edition, sourceOf } from '../../../src/offline/edition.ts';

const edition: Edition = {
  id: 'e1',
  base: '/wiki/',
  pages: ['', 'chapters/tea/', '404.html', 'pagefind/pagefind.js'],
  assets: ['assets/a.js'],
  large: [{ path: 'assets/big.gz', bytes: 5 }],
};

test.each([
  ['/wiki/', { kind: 'page', path: '' }],
  ['/wiki/index.html', { kind: 'page', path: '' }],
  ['/wiki/chapters/tea/', { kind: 'page', path: 'chapters/tea/' }],
  ['/wiki/chapters/tea/index.html', { kind: 'page', path: 'chapters/tea/' }],
  ['/wiki/chapters/tea', { kind: 'redirect', to: '/wiki/chapters/tea/' }],
  ['/wiki/pagefind/pagefind.js', { kind: 'page', path: 'pagefind/pagefind.js' }],
  ['/wiki/assets/a.js', { kind: 'asset' }],
  // Of an edition before: one of its pages may still be open.
  ['/wiki/assets/old.js', { kind: 'asset' }],
  ['/wiki/chapters/never/', { kind: 'network' }],
  ['/other/chapters/tea/', { kind: 'network' }],
])('%s is answered from the right place', (path, source) => {
  expect(sourceOf(edition, path)).toEqual(source);
});

test('assets of the edition before stay, those of the one before that go', () => {
  const next: Edition = { ...edition, id: 'e2', assets: ['assets/b.js'], large: [] };
  expect([...assetsToKeep(next, edition)].sort()).toEqual([
    'assets/a.js',
    'assets/b.js',
    'assets/big.gz',
  ]);
  expect([...assetsToKeep(next, null)]).toEqual(['assets/b.js']);
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'standby-edition-'));
  for (const sub of ['assets', 'chapters/tea']) mkdirSync(join(folder, sub), { recursive: true });
  writeFileSync(join(folder, 'index.html'), 'home');
  writeFileSync(join(folder, 'chapters/tea/index.html'), 'tea');
  writeFileSync(join(folder, 'assets/a.js'), '1');
  writeFileSync(join(folder, 'assets/big.gz'), new Uint8Array(200_000));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('an edition lists pages by their addresses, and sets megabytes apart', () => {
  expect(editionOf(folder, '/wiki')).toMatchObject({
    base: '/wiki/',
    pages: ['chapters/tea/', ''],
    assets: ['assets/a.js'],
    large: [{ path: 'assets/big.gz', bytes: 200_000 }],
  });
});

test('an edition is another one when a file has other contents, and the same when nothing has changed', () => {
  const { id } = editionOf(folder, '/wiki');
  expect(editionOf(folder, '/wiki').id).toBe(id);
  writeFileSync(join(folder, 'index.html'), 'home!');
  expect(editionOf(folder, '/wiki').id).not.toBe(id);
});
