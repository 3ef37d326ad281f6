import { createHash } from 'node:crypto';
import { unified } from '@astrojs/markdown-remark';
import mdx from '@astrojs/mdx';
import solid from '@astrojs/solid-js';
import { defineConfig } from 'astro/config';
import { generateHydrationScript } from 'solid-js/web';
import { offlineEdition } from './src/cli/offline-edition.ts';
import { searchIndex } from './src/cli/search-index.ts';
import { siteBase } from './src/cli/site-base.ts';
import { unusedAssets } from './src/cli/unused-assets.ts';
import { viteOptions } from './src/cli/vite-options.ts';

/** Solid puts this script into every page with an island, and Astro does not know of it. */
const solidScript = /<script>(.*?)<\/script>/s.exec(generateHydrationScript())?.[1] ?? '';
const solidScriptHash = `sha256-${createHash('sha256').update(solidScript).digest('base64')}`;

const base = siteBase(process.env.SITE_BASE);

export default defineConfig({
  base,
  outDir: process.env.STANDBY_OUT_DIR ?? './dist',
  publicDir: './src/public',
  trailingSlash: 'always',
  // Some static hosts swallow folders whose names start with an underscore, Astro's default.
  build: { assets: 'assets', inlineStylesheets: 'never' },
  devToolbar: { enabled: false },
  integrations: [mdx(), solid(), unusedAssets(), searchIndex(), offlineEdition(base)],
  markdown: {
    // Astro's default engine aborts the whole process, naming no file, on a list inside a component.
    processor: unified(),
    // Shiki colours by inline styles, which the Content-Security-Policy below refuses.
    syntaxHighlight: 'prism',
  },
  security: {
    // A meta tag on every built page. Astro adds the hashes of its own inline scripts and styles.
    // Monaco would want style elements and style attributes; cli/strict-monaco.ts makes it do without, so nothing is loosened here.
    csp: {
      directives: [
        "default-src 'none'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
      ],
      scriptDirective: {
        resources: ["'self'", "'wasm-unsafe-eval'"],
        hashes: [solidScriptHash],
      },
      styleDirective: { resources: ["'self'"] },
    },
  },
  vite: viteOptions,
});
