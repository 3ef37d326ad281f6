/** Real PostgreSQL servers, started by these tests: they still say what their records say, and leave nothing behind. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { RealCluster } from '../../src/real/cluster.ts';
import { whyNoRealCluster } from '../../src/real/installation.ts';
import { pollUntil } from '../../src/real/poll.ts';
import { processesIn } from '../../src/real/processes.ts';
import { compareTranscripts } from '../../src/scenario/compare.ts';
import { transcribe } from '../../src/scenario/transcribe.ts';
import { library } from '../scenarios/library.ts';

/** How many scenarios a day are run again; the next day it is the turn of the next ones. */
const HANDFUL = 5;

function todaysHandful(): string[] {
  const names = library.names();
  const day = Math.floor(Date.now() / 86_400_000);
  return Array.from({ length: HANDFUL }, (_, index) => {
    return names[(day * HANDFUL + index) % names.length] ?? '';
  });
}

const why = whyNoRealCluster();
// Where the platform has no PostgreSQL programs; the reason stands in the name.
describe.skipIf(why !== null)(`a real cluster${why === null ? '' : ` (skipped: ${why})`}`, () => {
  test.each(todaysHandful())('still says what its record says: %s', async (name) => {
    const { lines } = library.record(name);
    const real = await transcribe(library.source(name), new RealCluster());
    expect(compareTranscripts(lines, real)).toEqual([]);
  });

  test('promotes a standby, and the old primary follows it after a base backup', async () => {
    const lines = await transcribe(
      `cluster primary standby1 standby2
config standby2 wal_retrieve_retry_interval = 200ms
---
primary: create table t (id int); insert into t values (1)
@settle
@kill primary
@promote standby1
standby1: insert into t values (2)
@follow standby2 standby1
@basebackup primary standby1
@settle
primary again: select pg_is_in_recovery(), sum(id) from t
standby2: select pg_is_in_recovery(), sum(id) from t
standby1: select application_name from pg_stat_replication order by 1`,
      new RealCluster(),
    );
    expect(lines.map(({ state }) => state)).not.toContain('error');
    expect(lines.slice(-3).map(({ results }) => results?.[0]?.rows)).toEqual([
      [['t', '3']],
      [['t', '3']],
      [['primary'], ['standby2']],
    ]);
  });

  test.each([
    ['@rewind standby1 primary', 'line 3: @rewind cannot run on this cluster'],
    ['@power-off primary', 'line 3: @power-off cannot run on this cluster'],
  ])('%s is a usage error', async (step, message) => {
    const source = `cluster primary standby1\n---\n${step}`;
    await expect(transcribe(source, new RealCluster())).rejects.toThrow(message);
  });

  test('a setting that PostgreSQL does not take names its line', async () => {
    const source = 'cluster primary\nconfig primary work_mem = lots\n---\nprimary: select 1';
    await expect(transcribe(source, new RealCluster())).rejects.toThrow(
      'line 2: PostgreSQL does not take this setting: invalid value for parameter "work_mem": "lots"',
    );
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('%s leaves nothing behind', async (name) => {
    const program = fileURLToPath(new URL('holds-a-cluster.ts', import.meta.url));
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'ignore'] });
    const printed = await new Promise<Buffer>((resolve) => child.stdout.once('data', resolve));
    const workspace = printed.toString().trim();
    expect(processesIn(workspace).length).toBeGreaterThan(5);
    child.kill(name);
    expect(await pollUntil(() => !existsSync(workspace), 10_000, 20)).toBe(true);
    expect(processesIn(workspace)).toEqual([]);
  });
});

test('records say where they come from', () => {
  for (const name of library.names()) {
    expect(library.record(name).head.server).toMatch(/^PostgreSQL 18\.\d+$/);
  }
});

test('every scenario begins by saying what it shows', () => {
  const folder = fileURLToPath(new URL('../scenarios/', import.meta.url));
  for (const name of library.names()) {
    expect(readFileSync(join(folder, `${name}.scenario`), 'utf8')).toMatch(/^# \S/);
  }
});
