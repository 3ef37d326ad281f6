// A worker that does what any page with PGlite does first: what our own times are held against.
import { PGlite } from '@electric-sql/pglite';

const msToCreate = async (): Promise<number> => {
  const startedAt = performance.now();
  await PGlite.create();
  return performance.now() - startedAt;
};

/** The first one also downloads and compiles, which PGlite does once for a worker; the second finds all that done. */
export interface StockTimes {
  readonly first: number;
  readonly second: number;
}

addEventListener('message', async () => {
  const first = await msToCreate();
  const second = await msToCreate();
  postMessage({ first, second } satisfies StockTimes);
});
postMessage('loaded');
