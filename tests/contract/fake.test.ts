import { expect, it } from 'vitest';
import { FakeEngine } from './fake/fake-engine.ts';
import { at, Rig, run } from './rig.ts';
import { describeSqlEngine } from './sql-engine.ts';

// A cluster's own statements, and those of simulated clients. It has no parts beyond that.
describeSqlEngine('the fake', FakeEngine.open, new Set());

it.each([
  "do $$ begin raise notice 'careful'; end $$",
  'copy t to stdout',
  'select random()',
  'select pid from t join u on true',
  'select id, count(*) from t group by id',
  'select id from t for update',
  'create temp table u ()',
  'begin isolation level repeatable read',
  'begin; savepoint a',
  'create index on t (id)',
])('the fake refuses what it does not know: %s', async (sql) => {
  const rig = new Rig(await FakeEngine.open());
  const { server } = await rig.primary();
  run(server, 'create table t (id int); insert into t values (1)');
  expect(server.execute(sql, at(0)).error).toMatchObject({
    sqlstate: '0A000',
    message: expect.stringMatching(/^the fake engine does not know /),
  });
});
