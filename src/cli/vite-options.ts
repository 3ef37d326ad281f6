import { join } from 'node:path';
import type { UserConfig } from 'vite';
import { parserAsset } from './parser-asset.ts';
import { projectRoot } from './project.ts';
import { strictMonaco } from './strict-monaco.ts';

/** How the engine and its workers get into a page. The bench builds its page the same way. */
export const viteOptions = {
  resolve: {
    alias: {
      '@astrojs/solid-js/client.js': join(projectRoot, 'src/ui/hydrate-island.ts'),
    },
  },
  // Inlined assets would be data: addresses, which the policy does not let workers and fetches use.
  build: { assetsInlineLimit: 0 },
  optimizeDeps: { exclude: ['@electric-sql/pglite', 'libpg-query'] },
  plugins: [parserAsset(), strictMonaco()],
  worker: {
    format: 'es',
    plugins: () => [parserAsset()],
    // As Astro names the page's assets; by two names, the engine would be stored and loaded twice.
    rolldownOptions: { output: { assetFileNames: 'assets/[name].[hash][extname]' } },
  },
} satisfies UserConfig;
