/**
 * Keeps an edition of the site on the device, and answers from it: a page always comes with the scripts that it was built
 * with. A new edition is kept beside the old one and takes over when no page is open, or when the reader says so.
 */
import {
  AGREED,
  assetCache,
  assetsToKeep,
  type Edition,
  IN_FORCE,
  isPageCache,
  pageCache,
  sourceOf,
} from './edition.ts';

/** Written in by the build, once: this is the only place that names it. */
declare const EDITION: Edition;
const edition = EDITION;

/** What a service worker's scope has; TypeScript knows it in a library that cannot stand beside the page's. */
interface WorkerScope {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
}
interface Lasting {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const scope = self as unknown as WorkerScope;
const NOT_FOUND = '404.html';

const address = (path: string): string => `${edition.base}${path}`;

scope.addEventListener('install', (event) => event.waitUntil(install()));
scope.addEventListener('activate', (event) => event.waitUntil(takeOver()));
scope.addEventListener('message', ({ data }) => {
  if (data === 'take over') void scope.skipWaiting();
});
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  const source = sourceOf(edition, url.pathname);
  if (source.kind === 'page') event.respondWith(page(source.path, request));
  else if (source.kind === 'asset') event.respondWith(asset(request));
  else if (source.kind === 'redirect')
    event.respondWith(Promise.resolve(Response.redirect(source.to + url.search, 301)));
  else if (request.mode === 'navigate') event.respondWith(elsewhere(request));
});

/** All or nothing: a file that cannot be had leaves the edition before in force. */
async function install(): Promise<void> {
  const pages = await caches.open(pageCache(edition));
  const assets = await caches.open(assetCache(edition.base));
  const agreed = (await assets.match(address(AGREED))) !== undefined;
  const wanted = [...edition.assets, ...(agreed ? edition.large.map(({ path }) => path) : [])];
  await Promise.all([
    // Past the browser's own cache, which may hold the same name of an older edition.
    ...edition.pages.map((path) => store(pages, path, 'no-cache')),
    ...wanted.map(async (path) => {
      if (!(await assets.match(address(path)))) await store(assets, path, 'default');
    }),
  ]);
}

async function store(cache: Cache, path: string, how: RequestCache): Promise<void> {
  const response = await fetch(address(path), { cache: how });
  if (!response.ok) throw new Error(`${response.status} for ${address(path)}`);
  // Some hosts answer page.html by way of page; what was redirected must not answer a navigation.
  const type = response.headers.get('content-type');
  const headers = type ? { 'content-type': type } : {};
  await cache.put(address(path), new Response(response.body, { headers }));
}

async function takeOver(): Promise<void> {
  const assets = await caches.open(assetCache(edition.base));
  const before = await assets.match(address(IN_FORCE));
  const keep = assetsToKeep(edition, before ? ((await before.json()) as Edition) : null);
  for (const { url } of await assets.keys()) {
    const path = new URL(url).pathname.slice(edition.base.length);
    if (path.startsWith('assets/') && !keep.has(path)) await assets.delete(url);
  }
  await assets.put(address(IN_FORCE), Response.json(edition));
  for (const name of await caches.keys())
    if (isPageCache(edition.base, name) && name !== pageCache(edition)) await caches.delete(name);
  await scope.clients.claim();
}

async function page(path: string, request: Request): Promise<Response> {
  const pages = await caches.open(pageCache(edition));
  return (await pages.match(address(path))) ?? fetch(request);
}

async function asset(request: Request): Promise<Response> {
  const assets = await caches.open(assetCache(edition.base));
  return (await assets.match(request, { ignoreSearch: true })) ?? fetch(request);
}

async function elsewhere(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const pages = await caches.open(pageCache(edition));
    const notFound = await pages.match(address(NOT_FOUND));
    if (notFound) return notFound;
    throw error;
  }
}
