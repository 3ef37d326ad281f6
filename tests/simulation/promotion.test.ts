import { describe, expect, it } from 'vitest';
import { openCluster, type Rig } from './rig.ts';

const IDS = "select string_agg(id::text, ' ' order by id) from accounts";
const TIMELINE = 'select timeline_id from pg_control_checkpoint()';
const WAL_FILE = 'select left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)';

async function promote(rig: Rig, node: 'standby1' | 'standby2' = 'standby1'): Promise<void> {
  await rig.do({ kind: 'promote', node });
  await rig.until(() => rig.node(node).role === 'primary');
}

describe('a standby that is promoted', () => {
  it('takes writes on a timeline of its own, and keeps its sessions', async () => {
    const rig = await openCluster();
    await rig.psql('till').ok('insert into accounts values (4, 0)');
    await rig.settle();
    const guest = rig.psql('guest', 'standby1');
    expect((await guest.run('insert into accounts values (5, 0)')).error).toBe(
      '25006 cannot execute INSERT in a read-only transaction',
    );
    const pid = await guest.value('select pg_backend_pid()');
    await rig.do({ kind: 'kill', node: 'primary' });
    await promote(rig);
    await guest.ok('insert into accounts values (5, 0)');
    expect(await guest.value(IDS)).toBe('1 2 3 4 5');
    expect(await guest.value('select pg_backend_pid()')).toBe(pid);
    expect(
      await guest.rows('select pg_is_in_recovery(), pg_last_wal_receive_lsn() is null'),
    ).toEqual(['f|f']);
    expect(await guest.value(TIMELINE)).toBe('2');
    expect(await guest.value(WAL_FILE)).toBe('00000002');
    expect(await guest.value(`select pg_read_file('pg_wal/00000002.history')`)).toMatch(
      /^1\t0\/[0-9A-F]+\tno recovery target specified\n$/,
    );
  });

  it('leaves the old primary one too, and both can be looked back at', async () => {
    const rig = await openCluster();
    const [till, guest] = [rig.psql('till'), rig.psql('guest', 'standby1')];
    await till.ok('insert into accounts values (4, 0)');
    await rig.settle();
    const before = rig.cluster.standing();
    await promote(rig);
    await till.ok('insert into accounts values (5, 0)');
    await guest.ok('insert into accounts values (6, 0)');
    const apart = rig.cluster.standing();
    await rig.wait(1000);
    for (const node of ['primary', 'standby1'] as const) {
      await rig.restart('powerOff', node);
      await rig.psql('later', node).ok('insert into accounts values (9, 0)');
    }
    expect(await rig.psql('later').value(IDS)).toBe('1 2 3 4 5 9');
    expect(await rig.psql('later', 'standby1').value(IDS)).toBe('1 2 3 4 6 9');
    expect(await rig.psql('later', 'standby1').value(WAL_FILE)).toBe('00000002');
    expect(await rig.psql('later').value(WAL_FILE)).toBe('00000001');
    const ids = async (node: string, standing = before) =>
      (await rig.cluster.ask(node, IDS, standing)).results[0]?.rows[0]?.[0];
    expect(await ids('standby1')).toBe('1 2 3 4');
    expect(await ids('standby1', apart)).toBe('1 2 3 4 6');
    expect(await ids('primary', apart)).toBe('1 2 3 4 5');
    expect(await ids('standby1', rig.cluster.standing())).toBe('1 2 3 4 6 9');
    expect(
      (await rig.cluster.ask('standby1', 'select pg_is_in_recovery()', before)).results[0]?.rows,
    ).toEqual([['t']]);
  });

  it('replays first what it has received', async () => {
    const rig = await openCluster();
    await rig.freeze('standby1', 'startup');
    await rig.psql('till').ok('insert into accounts values (4, 0)');
    await rig.wait(100);
    await rig.do({ kind: 'kill', node: 'primary' });
    await rig.do({ kind: 'promote', node: 'standby1' });
    await rig.wait(1000);
    expect(rig.node('standby1').role).toBe('standby');
    await rig.thaw('standby1', 'startup');
    await rig.until(() => rig.node('standby1').role === 'primary');
    expect(await rig.psql('guest', 'standby1').value(IDS)).toBe('1 2 3 4');
  });

  it('is paused no longer', async () => {
    const rig = await openCluster();
    const guest = rig.psql('guest', 'standby1');
    await guest.ok('select pg_wal_replay_pause()');
    await rig.psql('till').ok('insert into accounts values (4, 0)');
    await rig.wait(100);
    expect(await guest.value(IDS)).toBe('1 2 3');
    await promote(rig);
    expect(await guest.value(IDS)).toBe('1 2 3 4');
  });

  it('keeps prepared transactions, with their locks', async () => {
    const rig = await openCluster();
    await rig
      .psql('till')
      .ok("begin; update accounts set balance = 0 where id = 1; prepare transaction 'two'");
    await rig.settle();
    await promote(rig);
    const guest = rig.psql('guest', 'standby1');
    const blocked = await guest.send('update accounts set balance = 7 where id = 1');
    expect(blocked.waitsFor).toBe('Lock/transactionid');
    await rig.psql('clerk', 'standby1').ok("rollback prepared 'two'");
    await blocked.answer();
    expect(await guest.value('select balance from accounts where id = 1')).toBe('7');
  });

  it('makes the same run again, to the byte', async () => {
    const play = async () => {
      const rig = await openCluster();
      await rig.psql('till').ok('insert into accounts values (4, 0)');
      await promote(rig);
      await rig.psql('guest', 'standby1').ok('insert into accounts values (5, 0)');
      await rig.restart('kill', 'standby1');
      await rig.psql('later', 'standby1').ok('insert into accounts values (6, 0)');
      return rig.cluster.hashes();
    };
    expect(await play()).toEqual(await play());
  });
});
