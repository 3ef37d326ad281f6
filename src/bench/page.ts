// What `npm run bench` measures in Chromium. The functions are called from outside, one at a time.

import type { StockTimes } from '../engine/bench/stock.ts';
import { loadEngineParts } from '../engine/browser-parts.ts';
import type { EngineParts } from '../engine/postgres-module.ts';
import { sessionOf } from '../session/page-sessions.ts';
import { seconds } from '../sim/instant.ts';
import { busySpec } from './busy-cluster.ts';
import { RunClient } from './run-client.ts';

const NODES = ['primary', 'standby1', 'standby2'];
const COUNT = 'select count(*) from payments';

let parts: Promise<EngineParts> | null = null;

/** Loads and compiles the engine; from the second call on it is there. */
const engine = (): Promise<EngineParts> => {
  parts ??= loadEngineParts(() => {});
  return parts;
};

async function msOf(task: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await task();
  return performance.now() - startedAt;
}

const bench = {
  /** From files that the browser has, to a compiled module and unpacked bundles. */
  loadEngine: () => msOf(engine),

  /** PGlite.create(), twice, in a worker whose script has been loaded. */
  stockCreate: () =>
    new Promise<StockTimes>((resolve, reject) => {
      const worker = new Worker(new URL('../engine/bench/stock.ts', import.meta.url), {
        type: 'module',
      });
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.onmessage = ({ data }) => {
        if (data === 'loaded') return worker.postMessage('create');
        worker.terminate();
        resolve(data);
      };
    }),

  /** From a new worker to a cluster of three that takes statements; then to an answer of each node. */
  async clusterReady(): Promise<{ readonly ready: number; readonly answered: number }> {
    const parts = await engine();
    const startedAt = performance.now();
    const client = await RunClient.open(parts);
    const ready = performance.now() - startedAt;
    for (const node of NODES) await client.sql(node, COUNT);
    const answered = performance.now() - startedAt;
    client.close();
    return { ready, answered };
  },

  /** Times of standby queries, each at an LSN that no server stands at yet. At least `walBytes` of WAL are replayed for each. */
  async standbyQueries(
    count: number,
    walBytes: number,
  ): Promise<{ readonly times: readonly number[]; readonly walBytes: number }> {
    const client = await RunClient.open(await engine());
    const position = async () => {
      const sql = "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')";
      return Number((await client.sql('primary', sql)).results[0]?.rows[0]?.[0]);
    };
    const start = await position();
    const written = async () => (await position()) - start;
    let id = 0;
    const insert = async (rows: number) => {
      const series = `generate_series(${id}, ${id + rows - 1})`;
      await client.sql('primary', `insert into payments select n, 'tea', 4.20 from ${series} n`);
      id += rows;
      await client.advance(seconds(1));
    };
    while ((await written()) < walBytes) await insert(1_000);
    const replayed = await written();
    const times: number[] = [];
    for (let i = 0; i < count; i++) {
      await insert(1);
      const node = NODES[1 + (i % 2)] ?? '';
      times.push(await msOf(() => client.sql(node, COUNT)));
    }
    client.close();
    return { times, walBytes: replayed };
  },

  /** From pressing Stop to a run that stands as before the statement that would never have ended. */
  async stopRunaway(): Promise<number> {
    const session = sessionOf('bench');
    await session.offer(busySpec(''));
    await session.start();
    await session.runSql('primary', 'a', "insert into payments values (1, 'tea', 4.20)");
    const stuck = session.runSql('primary', 'b', 'select count(*) from generate_series(1, 1e12)');
    await new Promise<void>((resolve) => {
      session.snapshot.watch(({ busy }) => busy && resolve());
    });
    const time = await msOf(() => session.stop());
    await stuck;
    if (session.snapshot.get().phase !== 'running') throw new Error('the run was not restored');
    return time;
  },
};

Object.assign(window, { bench });

export type Bench = typeof bench;
