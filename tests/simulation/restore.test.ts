import { describe, expect, it } from 'vitest';
import { ActionRefused } from '../../src/cluster/action.ts';
import { openCluster, type Rig } from './rig.ts';

const ARCHIVE = { archive_mode: 'on', archive_command: 'cp %p /archive/%f' };
const RESTORE = "restore_command = 'cp /archive/%f %p'\n";

/** A backup, then a dropped table whose transaction is known, and all of it archived. */
async function dropped(): Promise<{ rig: Rig; xid: string }> {
  const rig = await openCluster({
    nodes: ['primary', 'standby1', 'standby2'],
    spares: ['standby2'],
    settings: { primary: ARCHIVE, standby2: ARCHIVE },
  });
  const till = rig.psql('till');
  await rig.do({ kind: 'backup', node: 'primary', name: 'monday' });
  await till.ok('insert into accounts values (4, 0)');
  const xid = await till.run('begin; drop table accounts; select pg_current_xact_id(); commit');
  await till.ok('select pg_switch_wal()');
  await rig.wait(500);
  return { rig, xid: xid.view.results[2]?.rows[0]?.[0] ?? '' };
}

async function restore(rig: Rig, conf: string): Promise<void> {
  const what = { node: 'standby2', backup: 'monday', signal: 'recovery' } as const;
  await rig.do({ kind: 'restore', ...what, conf: `${RESTORE}${conf}` });
  await rig.until(() => rig.node('standby2').status !== 'starting');
}

describe('a machine without data', () => {
  it('is down, starts on a backup alone, and shows what was dropped', async () => {
    const { rig, xid } = await dropped();
    expect(rig.cluster.unsettled()).toBeNull();
    await expect(rig.do({ kind: 'start', node: 'standby2' })).rejects.toThrow(/no data directory/);
    await restore(rig, `recovery_target_xid = '${xid}'\nrecovery_target_inclusive = off`);
    const guest = rig.psql('guest', 'standby2');
    expect(await guest.rows('select pg_is_in_recovery(), pg_get_wal_replay_pause_state()')).toEqual(
      ['t|paused'],
    );
    // Replay has taken the lock of the transaction that drops the table, and stops before its end.
    const count = await guest.send('select count(*) from accounts');
    expect(count.waitsFor).toBe('Lock/relation');
    const carry = { kind: 'copyTable', node: 'primary', table: 'accounts' } as const;
    await rig.do({ ...carry, from: 'standby2' });
    expect(rig.cluster.trace.some(({ kind }) => kind === 'copyFailed')).toBe(true);
    await rig.psql('operator', 'standby2').ok('select pg_wal_replay_resume()');
    await rig.until(() => rig.node('standby2').role === 'primary');
    expect((await count.answer()).rows).toEqual(['4']);
    await rig.do({ ...carry, from: 'standby2' });
    await rig.wait(500);
    expect(await rig.psql('till').value('select count(*) from accounts')).toBe('4');
    await rig.psql('till').ok('insert into accounts values (5, 0)');
    await rig.settle();
    expect(await rig.psql('guest', 'standby1').value('select count(*) from accounts')).toBe('5');
  });

  it('comes back to its target after a power cut, and can be restored again', async () => {
    const { rig, xid } = await dropped();
    await restore(rig, `recovery_target_xid = '${xid}'`);
    await rig.restart('powerOff', 'standby2');
    const gone = await rig.psql('guest', 'standby2').run('table accounts');
    expect(gone.error).toBe('42P01 relation "accounts" does not exist');
    await restore(
      rig,
      `recovery_target_xid = '${xid}'\nrecovery_target_inclusive = off\nrecovery_target_action = promote`,
    );
    await rig.until(() => rig.node('standby2').role === 'primary');
    await restore(rig, 'recovery_target = immediate');
    expect(await rig.psql('again', 'standby2').value('select count(*) from accounts')).toBe('3');
  });

  it('refuses what nobody could do', async () => {
    const { rig } = await dropped();
    const refused = (node: string, backup: string, conf: string) =>
      expect(rig.do({ kind: 'restore', node, backup, signal: 'recovery', conf })).rejects.toThrow(
        ActionRefused,
      );
    await refused('standby2', 'tuesday', RESTORE);
    await refused('standby2', 'monday', "restore_command = 'aws s3 cp s3://%f %p'");
    await refused('standby2', 'monday', 'restore_command');
    await refused('primary', 'monday', RESTORE);
  });
});
