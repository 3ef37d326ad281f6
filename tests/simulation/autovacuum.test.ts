import { describe, expect, it } from 'vitest';
import { openCluster, type Rig } from './rig.ts';

const COUNTS =
  "select n_dead_tup, vacuum_count, autovacuum_count, analyze_count, autoanalyze_count from pg_stat_user_tables where relname = 't'";
const SETUP = [
  'create table t (id int primary key, v text)',
  "insert into t select g, 'a' from generate_series(1, 1000) g",
  'vacuum analyze t',
];

const eager = (more: Record<string, string> = {}) =>
  openCluster({
    settings: { primary: { autovacuum: 'on', autovacuum_naptime: '10s', ...more } },
    setup: SETUP,
  });

const done = ({ cluster }: Rig): readonly string[] =>
  cluster.trace.filter(({ kind }) => kind === 'autovacuum').map(({ words }) => words);

describe('autovacuum', () => {
  it('vacuums a table once its dead rows are beyond the threshold, and counts that as its own', async () => {
    const rig = await eager();
    const psql = rig.psql('a');
    await psql.ok('delete from t where id <= 200');
    await rig.wait(2_000);
    await psql.ok('select 1');
    await rig.wait(20_000);
    const before = done(rig);
    expect(before.filter((words) => words.includes('tuples'))).toEqual([]);
    await psql.ok('delete from t where id <= 400');
    await rig.wait(2_000);
    await psql.ok('select 1');
    await rig.wait(20_000);
    // Rows that were dead for longer, the second DELETE has pruned already.
    expect(done(rig).slice(before.length)).toEqual([
      'automatic vacuum of table "postgres.public.t": tuples: 200 removed, 600 remain, 0 are dead but not yet removable',
    ]);
    expect(await psql.value(COUNTS)).toMatch(/^0\|1\|1\|1\|[12]$/);
  });

  it('does nothing where it is off, for the cluster or for the table, and begins when it is turned on', async () => {
    const rig = await eager({ autovacuum: 'off' });
    const psql = rig.psql('a');
    await psql.ok('delete from t where id <= 400');
    await rig.wait(2_000);
    await psql.ok('select 1');
    await rig.wait(30_000);
    await psql.ok('alter table t set (autovacuum_enabled = off)');
    await psql.ok("alter system set autovacuum = 'on'", 'select pg_reload_conf()');
    await rig.wait(30_000);
    expect(done(rig)).toEqual([]);
    await psql.ok('alter table t reset (autovacuum_enabled)');
    await rig.wait(30_000);
    expect(done(rig)).toHaveLength(1);
  });

  it('is held back by an open snapshot, and comes again', async () => {
    const rig = await eager();
    const reader = rig.psql('reader');
    await reader.ok('begin isolation level repeatable read', 'select count(*) from t');
    const psql = rig.psql('a');
    await psql.ok('delete from t where id <= 400');
    await rig.wait(2_000);
    await psql.ok('select 1');
    await rig.wait(25_000);
    expect(done(rig).at(-1)).toContain('400 are dead but not yet removable');
    expect(await reader.value('select count(*) from t')).toBe('1000');
    await reader.ok('commit');
    await rig.wait(15_000);
    expect(done(rig).at(-1)).toContain('400 removed, 600 remain');
  });
});
