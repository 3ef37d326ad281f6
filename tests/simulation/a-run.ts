import { openNodeEngine } from '../../src/cli/node-engine.ts';
import type { Action } from '../../src/cluster/action.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { after, ms, us } from '../../src/sim/instant.ts';

/** A run with something of everything: what is done, and how long after the step before it. */
const sql = (node: string, session: string, text: string): Action => ({
  kind: 'sql',
  node,
  session,
  sql: text,
});
const STEPS: readonly (readonly [milliseconds: number, Action])[] = [
  [
    0,
    sql(
      'primary',
      'anna',
      'create table t (id uuid default gen_random_uuid(), r float default random(), at timestamptz default now())',
    ),
  ],
  [20, sql('primary', 'anna', 'insert into t select from generate_series(1, 500)')],
  [0, sql('primary', 'ben', 'begin; update t set r = r + 1 where r < 0.5')],
  [7, { kind: 'loss', a: 'primary', b: 'standby2', ratio: 0.3 }],
  [5, sql('primary', 'carl', 'update t set r = 0')],
  [
    30,
    sql(
      'standby1',
      'dora',
      "begin isolation level repeatable read; select count(*), now(), to_char(now(), 'TMDay TMMonth TZ') from t",
    ),
  ],
  [11, { kind: 'freeze', node: 'standby1', process: 'walreceiver' }],
  [1, sql('primary', 'ben', 'commit')],
  [
    400,
    sql(
      'primary',
      'reader',
      'select pid, state, wait_event, query_start from pg_stat_activity order by pid',
    ),
  ],
  [0, { kind: 'cancel', node: 'primary', session: 'ben' }],
  [9, { kind: 'fsync', node: 'primary', time: ms(37) }],
  [3, sql('standby2', 'dora', 'select sum(r), min(id::text) from t')],
  [60, { kind: 'delay', a: 'primary', b: 'standby1', delay: us(12_345) }],
  [1, { kind: 'thaw', node: 'standby1', process: 'walreceiver' }],
  [700, { kind: 'powerOff', node: 'primary' }],
  [90, { kind: 'start', node: 'primary' }],
  [6_000, sql('primary', 'eve', 'insert into t default values returning *')],
  [10, sql('standby1', 'dora', 'select count(*) from t; commit')],
  [2_000, sql('standby1', 'dora', "select md5(string_agg(t::text, ',' order by id)) from t")],
];

/** Plays it to its end; `between` is called between the steps and must not matter. */
export async function aRun(seed: number, between: (cluster: Cluster) => void = () => {}) {
  const cluster = await Cluster.open(
    {
      nodes: ['primary', 'standby1', 'standby2'],
      seed,
      settings: { primary: { synchronous_standby_names: 'FIRST 1 (standby1, standby2)' } },
    },
    await openNodeEngine(),
  );
  try {
    for (const [wait, action] of STEPS) {
      await cluster.advance(after(cluster.now, ms(wait)));
      between(cluster);
      await cluster.act(action);
      between(cluster);
    }
    await cluster.advance(after(cluster.now, ms(3_000)));
    return { ...cluster.hashes(), events: cluster.trace.length, statements: cluster.statements };
  } finally {
    cluster.close();
  }
}
