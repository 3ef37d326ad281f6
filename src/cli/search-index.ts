import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { close, createIndex } from 'pagefind';

/** What Pagefind brings besides the search itself: interfaces that the course does not use. */
const UNUSED = /^pagefind-(?:ui|modular-ui|component-ui|highlight)\b|\.(?:css)$/;

/** Not the prose: buttons and figures, and answers that a reader should not come upon. */
const NOT_PROSE = ['section.figure', 'button', 'noscript', '.key', '[data-no-search]'];

/** Makes the index of the built pages' text, for the search in the page. Pages say what of them is text by `data-pagefind-body`. */
export const searchIndex = (): AstroIntegration => ({
  name: 'search-index',
  hooks: {
    'astro:build:done': async ({ dir, logger }) => {
      const { index, errors } = await createIndex({ excludeSelectors: NOT_PROSE });
      if (!index) throw new Error(`Pagefind does not start: ${errors.join(', ')}`);
      const added = await index.addDirectory({ path: fileURLToPath(dir) });
      const output = new URL('pagefind/', dir);
      const written = await index.writeFiles({ outputPath: fileURLToPath(output) });
      await close();
      const failed = [...added.errors, ...written.errors];
      if (failed.length > 0) throw new Error(`The search index fails: ${failed.join(', ')}`);
      for (const name of readdirSync(output)) if (UNUSED.test(name)) rmSync(new URL(name, output));
      logger.info(`${added.page_count} pages can be searched`);
    },
  },
});
