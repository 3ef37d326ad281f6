import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { WorkerPool } from '../../../src/cli/worker-pool.ts';

const worker = fileURLToPath(new URL('./odd-worker.ts', import.meta.url));
const pools: WorkerPool<{ order: string }, string>[] = [];

function openPool(limitMs = 10_000) {
  const pool = new WorkerPool<{ order: string }, string>(worker, 2, limitMs);
  pools.push(pool);
  return pool;
}

afterEach(() => {
  for (const pool of pools.splice(0)) pool.close();
});

const all = (pool: WorkerPool<{ order: string }, string>, orders: readonly string[]) =>
  Promise.all(orders.map((order) => pool.run({ order }).catch((error: Error) => error.message)));

test('a task that fails, or whose process dies, leaves the others alone', async () => {
  const orders = ['work', 'die', 'fail', 'die', 'work', 'work'];
  expect(await all(openPool(), orders)).toEqual([
    'done',
    'its process ended (status 3)',
    'it cannot be done',
    'its process ended (status 3)',
    'done',
    'done',
  ]);
});

test('a task that does not end is given up', async () => {
  expect(await all(openPool(1_500), ['hang', 'work', 'hang', 'work'])).toEqual([
    'it took longer than 1.5 s',
    'done',
    'it took longer than 1.5 s',
    'done',
  ]);
});
