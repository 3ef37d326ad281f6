import { createHash } from 'node:crypto';
import { openNodeEngine } from '../../src/cli/node-engine.ts';
import { at, Rig } from './rig.ts';

/** Statements that ask for the time, for randomness and for an order that the host could decide. */
const STATEMENTS = [
  'create table t (id uuid primary key default gen_random_uuid(), r float, at timestamptz)',
  'insert into t select gen_random_uuid(), random(), clock_timestamp() from generate_series(1, 2000)',
  'checkpoint',
  "update t set r = random() where r < 0.5; begin; delete from t where r > 0.9; prepare transaction 'p'",
  "vacuum full t; commit prepared 'p'",
  "rollback prepared 'p'",
  'select name, size, modification from pg_ls_waldir() order by 1',
  'create index on t (r); cluster t using t_pkey; analyze t',
  "select to_char(now(), 'TMDay TMMonth TZ'), now()::timestamp, current_setting('lc_messages'), md5(string_agg(t::text, ',' order by id)) from t",
];

/** A hash of all that a server answers, and of the WAL that it writes. */
export async function hashOfRun(): Promise<string> {
  const rig = new Rig(await openNodeEngine());
  const { server, wal } = await rig.primary();
  const hash = createHash('sha256');
  for (const [second, sql] of STATEMENTS.entries()) {
    hash.update(JSON.stringify(server.execute(sql, at(second))));
    wal.take(server);
  }
  const replica = await rig.standby(wal.upTo());
  hash.update(JSON.stringify(replica.execute('table t', at(99)))).update(wal.bytes);
  rig.closeAll();
  return hash.digest('hex');
}
