import { expect, test } from 'vitest';
import type { Edition } from '../../../src/offline/edition.ts';
import { EngineStore } from '../../../src/offline/engine-store.ts';

const edition: Edition = {
  id: 'e1',
  base: '/wiki/',
  pages: [],
  assets: [],
  large: [
    { path: 'assets/a.gz', bytes: 3 },
    { path: 'assets/b.gz', bytes: 2 },
  ],
};

/** The browser's store of responses, as far as the course uses it. */
function fakeCaches(refuse?: Error) {
  const kept = new Map<string, Response>();
  const cache = {
    match: async (url: string) => kept.get(url)?.clone(),
    put: async (url: string, response: Response) => {
      if (refuse) throw refuse;
      kept.set(url, new Response(await response.arrayBuffer()));
    },
    delete: async (url: string) => kept.delete(url),
  };
  return { kept, caches: { open: async () => cache } as unknown as CacheStorage };
}

const server = (files: Readonly<Record<string, string>>) =>
  (async (url: string) => {
    const body = files[url];
    if (body === undefined) throw new TypeError('Failed to fetch');
    return new Response(body);
  }) as typeof fetch;

const files = { '/wiki/assets/a.gz': 'aaa', '/wiki/assets/b.gz': 'bb' };
const { signal } = new AbortController();

test('what the reader agrees to is kept, with progress in bytes, and removed when she likes', async () => {
  const { caches, kept } = fakeCaches();
  const store = new EngineStore(edition, caches, server(files));
  expect(store.total).toBe(5);
  expect(await store.isKept()).toBe(false);
  const progress: number[] = [];
  await store.keep((bytes) => progress.push(bytes), signal);
  expect(progress[0]).toBe(0);
  expect(progress.at(-1)).toBe(5);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(await store.isKept()).toBe(true);
  await store.remove();
  expect(await store.isKept()).toBe(false);
  expect(kept.size).toBe(0);
});

test('a network that goes away leaves what has come, and it goes on from there', async () => {
  const { caches } = fakeCaches();
  const half = new EngineStore(edition, caches, server({ '/wiki/assets/a.gz': 'aaa' }));
  await expect(half.keep(() => {}, signal)).rejects.toThrow(/network gives no answer/);
  expect(await half.isKept()).toBe(false);
  const progress: number[] = [];
  const rest = new EngineStore(edition, caches, server({ '/wiki/assets/b.gz': 'bb' }));
  await rest.keep((bytes) => progress.push(bytes), signal);
  expect(progress[0]).toBe(3);
  expect(await rest.isKept()).toBe(true);
});

test('a storage that is full is said in words', async () => {
  const full = new DOMException('no room', 'QuotaExceededError');
  const store = new EngineStore(edition, fakeCaches(full).caches, server(files));
  await expect(store.keep(() => {}, signal)).rejects.toThrow(/storage for the site is full/);
});
