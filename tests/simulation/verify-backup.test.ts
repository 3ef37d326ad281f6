import { describe, expect, it } from 'vitest';
import { backupFigures, SUPPLIERS_FILE } from '../../content/backup-figures.ts';
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

it('the chapter knows where its table lies', async () => {
  const { nodes, spares, settings, seed, setup } = backupFigures.backup.cluster;
  const rig = await openCluster({ nodes, spares, settings, seed, setup });
  const file = await rig.psql('reader').value("select pg_relation_filepath('suppliers')");
  expect(file).toBe(SUPPLIERS_FILE);
});
