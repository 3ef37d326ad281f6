/** One build of the site, as a service worker keeps it on a device. */
export interface Edition {
  /** Changes whenever a file of the site has. */
  readonly id: string;
  /** The path that the site is served under, with a slash at its end. */
  readonly base: string;
  /** Paths below the base of what has the same name in every edition: pages, the search index. */
  readonly pages: readonly string[];
  /** Paths of small files whose names tell their contents: they never change, and editions share them. */
  readonly assets: readonly string[];
  /** The same, of megabytes: PostgreSQL and the editor. They are kept when the reader agrees. */
  readonly large: readonly LargeFile[];
}

export interface LargeFile {
  readonly path: string;
  readonly bytes: number;
}

/** Where the assets of all editions are kept. A site of another path on the same host has caches of its own. */
export const assetCache = (base: string): string => `standby-assets ${base}`;
const pageCaches = (base: string): string => `standby-pages ${base} `;
export const pageCache = ({ base, id }: Edition): string => pageCaches(base) + id;
export const isPageCache = (base: string, name: string): boolean =>
  name.startsWith(pageCaches(base));

/** Kept among the assets once the reader has agreed; later editions then keep their large files too. */
export const AGREED = 'kept-for-offline';
/** Kept among the assets: the edition that answers now, as JSON. */
export const IN_FORCE = 'edition-in-force';

/** How a request is answered. */
export type Source =
  | { readonly kind: 'page'; readonly path: string }
  /** Its contents never change. */
  | { readonly kind: 'asset' }
  | { readonly kind: 'redirect'; readonly to: string }
  /** Not of this edition: the network alone, and for a page that it does not have, the page that says so. */
  | { readonly kind: 'network' };

/** Where the answer to a request for a path comes from. */
export function sourceOf(edition: Edition, pathname: string): Source {
  if (!pathname.startsWith(edition.base)) return { kind: 'network' };
  const path = pathname.slice(edition.base.length).replace(/(^|\/)index\.html$/, '$1');
  if (edition.pages.includes(path)) return { kind: 'page', path };
  if (edition.pages.includes(`${path}/`)) return { kind: 'redirect', to: `${pathname}/` };
  // An asset of another edition may be kept too: a page of that edition is still open.
  return path.startsWith('assets/') ? { kind: 'asset' } : { kind: 'network' };
}

/** Which assets stay when an edition takes over: its own, and those of the one before, whose pages may still be open. */
export function assetsToKeep(now: Edition, before: Edition | null): ReadonlySet<string> {
  return new Set(
    [now, ...(before ? [before] : [])].flatMap(({ assets, large }) => [
      ...assets,
      ...large.map(({ path }) => path),
    ]),
  );
}
