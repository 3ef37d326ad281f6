import { fork } from 'node:child_process';
import { beforeAll, expect, it } from 'vitest';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { aRun } from './a-run.ts';

const program = new URL('print-a-run.ts', import.meta.url);

const inProcess = (env: Record<string, string>): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const child = fork(program, {
      env: { ...process.env, ...env },
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    child.on('message', resolve);
    child.on('exit', (code) => reject(new Error(`ended with ${code} without a result`)));
  });

let first: Awaited<ReturnType<typeof aRun>>;

beforeAll(async () => {
  await openNodeEngine();
  first = await aRun(1);
}, 120_000);

it('plays the run as it is meant: everything is answered, and the servers end alike', () => {
  expect(first.statements.map(({ state }) => state)).not.toContain('running');
  expect(first.statements.at(-1)?.state).toBe('done');
  expect(first.events).toBeGreaterThan(100);
});

it('the same seed and actions give the same trace, WAL and answers again', async () => {
  expect(await aRun(1)).toEqual(first);
});

it('so they do in another process, time zone, language and home', async () => {
  const there = await inProcess({
    TZ: 'Asia/Kathmandu',
    LANG: 'de_DE.UTF-8',
    LC_ALL: 'tr_TR.UTF-8',
    HOME: '/nowhere',
  });
  expect(there).toEqual(JSON.parse(JSON.stringify(first)));
});

it('another seed gives another trace and other WAL', async () => {
  const other = await aRun(2);
  expect(other.trace).not.toBe(first.trace);
  expect(other.wal).not.toBe(first.wal);
});

it('who looks at it between the steps changes nothing', async () => {
  let looked = 0;
  const watched = await aRun(1, (cluster) => {
    looked += JSON.stringify([
      cluster.view(),
      cluster.statements,
      cluster.trace.length,
      cluster.hashes(),
      cluster.unsettled(),
      cluster.nextEventAt(),
    ]).length;
  });
  expect(looked).toBeGreaterThan(0);
  expect(watched).toEqual(first);
});
