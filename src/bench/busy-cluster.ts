import type { ClusterSpec } from '../cluster/action.ts';
import { Cluster } from '../cluster/cluster.ts';
import type { SqlEngine } from '../cluster/sql-engine.ts';
import { after, type Duration, ms, seconds, us } from '../sim/instant.ts';

/** 50 commits a second: half of them a session's, since one that waits for a standby must not hold up the next. */
const BETWEEN_COMMITS = ms(20);
const CLIENTS = ['a', 'b'];

export const busySpec = (synchronousStandbyNames: string): ClusterSpec => ({
  nodes: ['primary', 'standby1', 'standby2'],
  settings: { primary: { synchronous_standby_names: synchronousStandbyNames } },
  seed: 1,
  setup: ['create table payments (id int primary key, what text, amount numeric(8,2))'],
});

/**
 * Lets three nodes live through `length` of virtual time with 50 single-row commits a second, and says how many virtual
 * seconds passed in a second of the given clock (milliseconds). Starting the cluster is not counted.
 */
export async function virtualSecondsPerSecond(
  engine: SqlEngine,
  synchronousStandbyNames: string,
  clock: () => number,
  length: Duration = seconds(20),
): Promise<number> {
  const cluster = await Cluster.open(busySpec(synchronousStandbyNames), engine);
  const from = cluster.now;
  const startedAt = clock();
  const commits = length / BETWEEN_COMMITS;
  for (let id = 0; id < commits; id++) {
    const sql = `insert into payments values (${id}, 'tea', 4.20)`;
    const session = CLIENTS[id % CLIENTS.length] ?? '';
    await cluster.act({ kind: 'sql', node: 'primary', session, sql });
    await cluster.advance(after(from, us((id + 1) * BETWEEN_COMMITS)));
  }
  const rate = length / 1_000 / (clock() - startedAt);
  const done = cluster.statements.filter(({ state }) => state === 'done').length;
  cluster.close();
  if (done < commits - CLIENTS.length)
    throw new Error(`${done} of ${commits} commits were answered`);
  return rate;
}
