import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { withControl } from './control.ts';
import { runAs } from './installation.ts';
import type { RealNode } from './node.ts';
import { type ServerUser, writeOwned } from './server-user.ts';

/** Fills a node's data directory with a base backup of a running server, as pg_basebackup would. */
export async function takeBaseBackup(
  upstream: RealNode,
  node: RealNode,
  user: ServerUser,
): Promise<void> {
  node.wipe();
  await withControl(upstream.port, async (ask) => {
    await ask("select pg_backup_start('standby', fast => true)");
    await runAs(user, 'cp', ['-a', upstream.directory, node.directory]);
    const [row] = await ask('select labelfile from pg_backup_stop(wait_for_archive => false)');
    writeOwned(user, join(node.directory, 'backup_label'), row?.[0] ?? '');
  });
  // The WAL of the backup must be whole, up to the record that ends it.
  await runAs(user, 'cp', [
    '-a',
    `${join(upstream.directory, 'pg_wal')}/.`,
    join(node.directory, 'pg_wal'),
  ]);
  for (const file of ['postmaster.pid', 'postmaster.opts']) {
    rmSync(join(node.directory, file), { force: true });
  }
}
