import { describe, expect, it } from 'vitest';
import type { Standing } from '../../src/cluster/standing.ts';
import { type NodeName, openCluster, type Rig } from './rig.ts';

const COUNT = 'select count(*) from accounts';
const POSITIONS =
  'select application_name, sent_lsn, replay_lsn, sync_state from pg_stat_replication order by 1';

/** The rows of an answer; an error as its first row. */
async function ask(
  { cluster }: Rig,
  node: NodeName,
  sql: string,
  asOf?: Standing,
): Promise<readonly (readonly (string | null)[])[]> {
  const { error, results } = await cluster.ask(node, sql, asOf, asOf?.at);
  return error ? [[error.sqlstate, error.message]] : (results.at(-1)?.rows ?? []);
}

/** A commit that waits for standby1, and has been replayed by standby2; then it is let go. */
async function aWaitingCommit(rig: Rig, meanwhile = async () => {}) {
  const anna = rig.psql('anna');
  await rig.wait(100);
  const before = rig.cluster.standing();
  await meanwhile();
  await rig.freeze('standby1', 'walreceiver');
  const commit = await anna.send('insert into accounts values (4, 0)');
  await rig.wait(20);
  const during = rig.cluster.standing();
  await meanwhile();
  await rig.thaw('standby1', 'walreceiver');
  await commit.answer();
  await rig.wait(100);
  await meanwhile();
  return { before, during };
}

describe('a question to a node', () => {
  it('sees what the node shows its own sessions, now and at every earlier moment', async () => {
    const rig = await openCluster({ names: 'standby1' });
    const seen: string[][] = [];
    const { before, during } = await aWaitingCommit(rig, async () => {
      const rows: string[] = [];
      for (const node of ['primary', 'standby1', 'standby2'] as const)
        rows.push(String((await ask(rig, node, COUNT))[0]?.[0]));
      seen.push(rows);
    });
    expect(seen).toEqual([
      ['3', '3', '3'],
      ['3', '3', '4'],
      ['4', '4', '4'],
    ]);
    for (const [standing, rows] of [
      [before, seen[0]],
      [during, seen[1]],
    ] as const)
      for (const [i, node] of (['primary', 'standby1', 'standby2'] as const).entries())
        expect(await ask(rig, node, COUNT, standing)).toEqual([[rows?.[i]]]);
  });

  it('changes nothing of the run', async () => {
    const quiet = await openCluster({ names: 'standby1' });
    await aWaitingCommit(quiet);
    const asked = await openCluster({ names: 'standby1' });
    let past: Standing | undefined;
    await aWaitingCommit(asked, async () => {
      for (const node of ['primary', 'standby2'] as const) {
        await ask(asked, node, `${COUNT}; select * from pg_stat_replication, pg_locks`);
        await ask(asked, node, 'select pg_reload_conf(); insert into accounts values (99, 0)');
        if (past) await ask(asked, node, COUNT, past);
      }
      past ??= asked.cluster.standing();
    });
    expect(asked.cluster.hashes()).toEqual(quiet.cluster.hashes());
    expect(asked.cluster.statements).toEqual(quiet.cluster.statements);
  });

  it('shows the positions and waits of its moment', async () => {
    const rig = await openCluster({ names: 'standby1' });
    const { during } = await aWaitingCommit(rig);
    const rows = await ask(rig, 'primary', POSITIONS, during);
    const [one, two] = rows;
    expect(rows.map((row) => row[3])).toEqual(['sync', 'async']);
    expect(one?.[2]).not.toBe(two?.[2]);
    expect(
      await ask(
        rig,
        'primary',
        "select query, wait_event from pg_stat_activity where wait_event = 'SyncRep'",
        during,
      ),
    ).toEqual([['insert into accounts values (4, 0)', 'SyncRep']]);
    expect(
      await ask(
        rig,
        'primary',
        "select count(*) from pg_stat_activity where wait_event = 'SyncRep'",
      ),
    ).toEqual([['0']]);
  });

  it('leaves open blocks where they are: their rows unseen, their locks held', async () => {
    const rig = await openCluster();
    const [anna, ben] = [rig.psql('anna'), rig.psql('ben')];
    await anna.ok('begin');
    await anna.ok('update accounts set balance = 0 where id = 1');
    expect(await ask(rig, 'primary', 'select balance from accounts where id = 1')).toEqual([
      ['100'],
    ]);
    const locks =
      "select mode from pg_locks join pg_class on relation = pg_class.oid where relname = 'accounts'";
    expect(await ask(rig, 'primary', locks)).toEqual([['RowExclusiveLock']]);
    const open = rig.cluster.standing();
    await anna.ok('lock table accounts');
    expect(await ask(rig, 'primary', COUNT)).toMatchObject([['55P03', expect.anything()]]);
    await anna.ok('commit');
    expect(await ben.value('select balance from accounts where id = 1')).toBe('0');
    expect(await ask(rig, 'primary', 'select balance from accounts where id = 1', open)).toEqual([
      ['100'],
    ]);
  });

  it('may only read: PostgreSQL refuses the rest in its own words', async () => {
    const rig = await openCluster();
    const insert = 'insert into accounts values (4, 0)';
    for (const node of ['primary', 'standby1'] as const) {
      expect(await ask(rig, node, insert)).toEqual([
        ['25006', 'cannot execute INSERT in a read-only transaction'],
      ]);
      expect(await ask(rig, node, 'create table t ()')).toEqual([
        ['25006', 'cannot execute CREATE TABLE in a read-only transaction'],
      ]);
      expect(await ask(rig, node, 'select 1/0')).toEqual([['22012', 'division by zero']]);
    }
    expect(await ask(rig, 'primary', 'select pg_reload_conf()')).toEqual([
      ['25006', 'a question changes nothing, and this one calls a function that would'],
    ]);
    expect(await ask(rig, 'primary', COUNT)).toEqual([['3']]);
  });

  it('reaches behind a crash, to what the crash took away', async () => {
    const rig = await openCluster();
    await rig.psql('anna').ok('set synchronous_commit = off; insert into accounts values (4, 0)');
    const before = rig.cluster.standing();
    expect(await ask(rig, 'primary', COUNT)).toEqual([['4']]);
    await rig.do({ kind: 'powerOff', node: 'primary' });
    expect(await ask(rig, 'primary', COUNT)).toEqual([
      ['57P03', 'primary takes no connections at this moment'],
    ]);
    await rig.start('primary');
    expect(await ask(rig, 'primary', COUNT)).toEqual([['3']]);
    await rig.psql('ben').ok('insert into accounts values (5, 0), (6, 0)');
    expect(await ask(rig, 'primary', COUNT, before)).toEqual([['4']]);
    expect(await ask(rig, 'primary', COUNT)).toEqual([['5']]);
  });
});
