import { readdirSync, rmSync } from 'node:fs';
import type { AstroIntegration } from 'astro';

/** What PGlite would fetch if it booted by itself. The engine brings its own, smaller parts; these would be 15 MB that nobody asks for. */
const STOCK_PGLITE = /^(pglite\.[\w-]+\.(wasm|data)|initdb\.[\w-]+\.wasm)$/;

/** Leaves out of the built site what no page ever fetches. */
export const unusedAssets = (): AstroIntegration => ({
  name: 'unused-assets',
  hooks: {
    'astro:build:done': ({ dir }) => {
      const assets = new URL('assets/', dir);
      for (const name of readdirSync(assets)) {
        if (STOCK_PGLITE.test(name)) rmSync(new URL(name, assets));
      }
    },
  },
});
