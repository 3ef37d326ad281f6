// A worker that does what any page with PGlite does first, once: what our own times are held against.
import { PGlite } from '@electric-sql/pglite';

addEventListener('message', async () => {
  const startedAt = performance.now();
  await PGlite.create();
  postMessage({ ms: performance.now() - startedAt });
});
postMessage('loaded');
