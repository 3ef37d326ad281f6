import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { build } from 'vite';
import type { Edition } from '../offline/edition.ts';
import { projectRoot } from './project.ts';

/** A file above this size is kept on a device only when the reader agrees. */
const LARGE_BYTES = 150_000;

/** Lists a built site for its service worker. Every file is in it, so that nothing of a page is missing offline. */
export function editionOf(folder: string, base: string): Edition {
  const files = globSync('**/*', { cwd: folder })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => file.split(sep).join('/'))
    .filter((file) => file !== 'sw.js')
    .sort();
  const id = createHash('sha256');
  for (const file of files)
    id.update(
      `${file}\n${createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex')}\n`,
    );
  const assets = files.filter((file) => file.startsWith('assets/'));
  const size = (file: string) => statSync(join(folder, file)).size;
  return {
    id: id.digest('hex').slice(0, 12),
    base: base.replace(/\/?$/, '/'),
    // A folder's address is what people visit; index.html is how it is stored.
    pages: files
      .filter((file) => !file.startsWith('assets/'))
      .map((file) => file.replace(/(^|\/)index\.html$/, '$1')),
    assets: assets.filter((file) => size(file) <= LARGE_BYTES),
    large: assets
      .filter((file) => size(file) > LARGE_BYTES)
      .map((path) => ({ path, bytes: size(path) })),
  };
}

/** Writes the service worker, and beside it the list of its files. Runs last: it lists what all others have made. */
export const offlineEdition = (base: string): AstroIntegration => ({
  name: 'offline-edition',
  hooks: {
    'astro:build:done': async ({ dir, logger }) => {
      const folder = fileURLToPath(dir);
      const edition = editionOf(folder, base);
      const whole = { ...edition, pages: [...edition.pages, 'edition.json'] };
      writeFileSync(join(folder, 'edition.json'), JSON.stringify(whole));
      writeFileSync(join(folder, 'sw.js'), await workerScript(whole));
      const megabytes = edition.large.reduce((sum, { bytes }) => sum + bytes, 0) / 1_000_000;
      logger.info(`edition ${edition.id}; ${megabytes.toFixed(1)} MB are kept on request`);
    },
  },
});

async function workerScript(edition: Edition): Promise<string> {
  const built = await build({
    configFile: false,
    root: projectRoot,
    publicDir: false,
    logLevel: 'error',
    define: { EDITION: JSON.stringify(edition) },
    build: {
      write: false,
      lib: {
        entry: join(projectRoot, 'src/offline/service-worker.ts'),
        formats: ['iife'],
        name: 'standby',
        fileName: () => 'sw.js',
      },
    },
  });
  const [bundle] = [built].flat();
  const chunk = bundle && 'output' in bundle ? bundle.output[0] : null;
  if (!chunk) throw new Error('the service worker did not come out as one file');
  return chunk.code;
}
