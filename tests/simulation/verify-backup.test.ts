import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/cluster/action.ts';
import { ActionRefused } from '../../src/cluster/action.ts';
import { openCluster, type Rig } from './rig.ts';

const ARCHIVE = { archive_mode: 'on', archive_command: 'cp %p /archive/%f' };
type Damage = Extract<Action, { kind: 'damageBackup' }>['damage'];

/** A backup of the accounts, their file in it, and all the WAL that it needs in the archive. */
async function backedUp(): Promise<{ rig: Rig; file: string }> {
  const rig = await openCluster({
    nodes: ['primary', 'standby1', 'standby2'],
    spares: ['standby2'],
    settings: { primary: ARCHIVE },
  });
  const file = await rig.psql('till').value("select pg_relation_filepath('accounts')");
  await rig.do({ kind: 'backup', node: 'primary', name: 'monday' });
  await rig.wait(500);
  return { rig, file: file ?? '' };
}

const damage = (rig: Rig, file: string, how: Damage): Promise<void> =>
  rig.do({ kind: 'damageBackup', backup: 'monday', file, damage: how });

async function verify(rig: Rig, wal: 'archive' | 'backup' | 'skip' = 'archive'): Promise<string> {
  await rig.do({ kind: 'verifyBackup', backup: 'monday', wal });
  const { facts } = rig.cluster.trace.findLast(({ kind }) => kind === 'backupVerified') ?? {};
  return String(facts?.output);
}

describe('pg_verifybackup', () => {
  it('finds a sound backup sound, as long as it can read the WAL', async () => {
    const { rig } = await backedUp();
    expect(await verify(rig)).toBe('backup successfully verified');
    expect(await verify(rig, 'skip')).toBe('backup successfully verified');
    expect(await verify(rig, 'backup')).toBe(
      'pg_waldump: error: could not find any WAL file\npg_verifybackup: error: WAL parsing failed for timeline 1',
    );
  });

  it('misses the WAL that was never archived', async () => {
    const rig = await openCluster({
      settings: { primary: { ...ARCHIVE, archive_command: 'false' } },
    });
    await rig.do({ kind: 'backup', node: 'primary', name: 'monday' });
    expect(await verify(rig)).toMatch(/could not find any WAL file/);
    expect(await verify(rig, 'skip')).toBe('backup successfully verified');
  });

  it('names what is wrong with each file', async () => {
    const { rig, file } = await backedUp();
    await damage(rig, file, 'flip');
    expect(await verify(rig)).toBe(`pg_verifybackup: error: checksum mismatch for file "${file}"`);
    await damage(rig, file, 'truncate');
    await damage(rig, 'PG_VERSION', 'remove');
    await damage(rig, 'nohup.out', 'add');
    expect((await verify(rig)).split('\n')).toEqual([
      `pg_verifybackup: error: "${file}" has size 4096 on disk but size 8192 in the manifest`,
      'pg_verifybackup: error: "nohup.out" is present on disk but not in the manifest',
      'pg_verifybackup: error: "PG_VERSION" is present in the manifest but not on disk',
    ]);
    await expect(damage(rig, 'base/5/1', 'flip')).rejects.toThrow(ActionRefused);
    await damage(rig, 'backup_manifest', 'remove');
    expect(await verify(rig)).toBe(
      'pg_verifybackup: error: could not open file "/backup/monday/backup_manifest": No such file or directory',
    );
  });
});

describe('a backup that rots', () => {
  it('is restored without a word, and fails whoever reads that page', async () => {
    const { rig, file } = await backedUp();
    await damage(rig, file, 'flip');
    const conf = "restore_command = 'cp /archive/%f %p'";
    const what = { node: 'standby2', backup: 'monday', signal: 'recovery', conf } as const;
    await rig.do({ kind: 'restore', ...what });
    await rig.until(() => rig.node('standby2').role === 'primary');
    const guest = rig.psql('guest', 'standby2');
    const read = await guest.run('select count(*) from accounts');
    expect(read.view.error?.message).toBe(`invalid page in block 0 of relation "${file}"`);
    expect(await guest.value("select count(*) from pg_class where relname = 'accounts'")).toBe('1');
    // The one that was backed up is well.
    expect(await rig.psql('till').value('select count(*) from accounts')).toBe('3');
  });
});

describe('pg_backup_stop()', () => {
  const start = "select pg_backup_start('slow', fast => true)";
  const stop = "select labelfile like '%LABEL: slow%' from pg_backup_stop()";
  const stuck = () =>
    openCluster({ settings: { primary: { ...ARCHIVE, archive_command: 'false' } } });

  it('warns after one minute, then after two, and answers when the archive has its WAL', async () => {
    const rig = await stuck();
    const psql = rig.psql('dba');
    await psql.ok(start);
    const stopping = await psql.send(stop);
    expect(stopping.waitsFor).toBe('IPC/BackupWaitWalArchive');
    await rig.wait(125_000);
    expect(stopping.view.notices.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      'NOTICE base backup done, waiting for required WAL segments to be archived',
      'WARNING still waiting for all required WAL segments to be archived (60 seconds elapsed)',
      'WARNING still waiting for all required WAL segments to be archived (120 seconds elapsed)',
    ]);
    await rig.psql('other').ok("alter system set archive_command = 'cp %p /archive/%f'");
    await rig.psql('other').ok('select pg_reload_conf()');
    const answer = await stopping.answer();
    expect(answer.rows).toEqual(['t']);
    expect(stopping.view.notices.at(-1)?.message).toBe(
      'all required WAL segments have been archived',
    );
  });

  it('can be cancelled and timed out; the backup is over all the same', async () => {
    const rig = await stuck();
    const psql = rig.psql('dba');
    await psql.ok(start);
    const stopping = await psql.send(stop);
    await rig.do({ kind: 'cancel', node: 'primary', session: 'dba' });
    expect((await stopping.answer()).view.error?.sqlstate).toBe('57014');
    expect((await psql.run(stop)).view.error?.message).toBe('backup is not in progress');
    await psql.ok(start);
    await psql.ok("set statement_timeout = '3s'");
    expect((await psql.run(stop)).view.error?.message).toBe(
      'canceling statement due to statement timeout',
    );
    expect(await psql.value('select 1')).toBe('1');
  });
});
