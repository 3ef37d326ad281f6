/** The part of a Vite plugin that is used here; Vite itself is Astro's dependency, not ours. */
interface SourceTransform {
  readonly name: string;
  readonly enforce: 'pre';
  transform(code: string, id: string): string | null;
}

const LOADER = 'libpg-query/wasm/libpg-query.js';
const UNSEEN = 'locateFile("libpg-query.wasm")';
const SEEN = 'new URL("./libpg-query.wasm",import.meta.url).href';

/**
 * PostgreSQL's parser looks for its WebAssembly beside its script, in a way that no bundler sees. Written as an address
 * relative to the module, the file becomes an asset of the site like any other.
 */
export const parserAsset = (): SourceTransform => ({
  name: 'standby:parser-asset',
  enforce: 'pre',
  transform(code, id) {
    if (!id.split('?')[0]?.endsWith(LOADER)) return null;
    if (!code.includes(UNSEEN)) throw new Error(`${LOADER} no longer says ${UNSEEN}`);
    return code.replace(UNSEEN, SEEN);
  },
});
