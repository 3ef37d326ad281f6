import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupDamage } from '../cluster/action.ts';
import { damagedBytes, FORGOTTEN } from '../cluster/backup-damage.ts';
import { endedItself, isCompared, logMessage, shutDownAtTarget } from '../scenario/recovery-log.ts';
import { ActionFailed, type NodeSetting, type ServerMessage } from '../scenario/target.ts';
import { withControl } from './control.ts';
import { runAs } from './installation.ts';
import type { RealNode } from './node.ts';
import { pollUntil } from './poll.ts';
import { type ServerUser, writeOwned } from './server-user.ts';

/** Until a recovery that neither stops nor ends is taken for one that waits for WAL. */
const COMES_TO_REST_MS = 3000;

/** Copies a running server's files into a folder, as `tar` and pg_backup_start would, without pg_wal. */
export async function takeBackup(from: RealNode, folder: string, user: ServerUser): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await withControl(from.port, async (ask) => {
    await ask("select pg_backup_start('backup', fast => true)");
    await runAs(user, 'cp', ['-a', from.directory, folder]);
    const [row] = await ask('select labelfile from pg_backup_stop(wait_for_archive => false)');
    writeOwned(user, join(folder, 'backup_label'), row?.[0] ?? '');
  });
  for (const file of ['postmaster.pid', 'postmaster.opts', 'pg_wal'])
    rmSync(join(folder, file), { recursive: true, force: true });
  await runAs(user, 'mkdir', ['-p', join(folder, 'pg_wal', 'archive_status')]);
}

/** One file of a backup is no longer as it was copied. */
export function damageFile(path: string, damage: BackupDamage): void {
  const bytes = damagedBytes(damage === 'add' ? FORGOTTEN : readFileSync(path), damage);
  if (bytes) writeFileSync(path, bytes);
  else rmSync(path);
}

export interface RestoreOptions {
  readonly node: RealNode;
  readonly backup: string;
  readonly signal: 'recovery' | 'standby' | 'none';
  readonly settings: readonly NodeSetting[];
  readonly user: ServerUser;
}

/** Starts a node, which is down, on a backup's files. Resolves when recovery has come to rest. */
export async function restoreBackup(options: RestoreOptions): Promise<void> {
  const { node, backup, signal, settings, user } = options;
  node.wipe();
  await runAs(user, 'cp', ['-a', backup, node.directory]);
  for (const file of ['standby.signal', 'recovery.signal', 'postgresql.auto.conf'])
    rmSync(join(node.directory, file), { force: true });
  node.configure(null, settings);
  if (signal !== 'none') writeOwned(user, join(node.directory, `${signal}.signal`), '');
  node.logFrom = statSync(node.log).size;
  try {
    await node.start();
  } catch (error) {
    if (!(error instanceof ActionFailed)) throw error;
  }
  const log = () => recoveryLog(node, () => true);
  const isAtRest = () =>
    !node.isUp ||
    log().some(({ message }) =>
      /^(?:pausing at the end|archive recovery complete|shutdown at recovery target)/.test(message),
    );
  await pollUntil(isAtRest, COMES_TO_REST_MS, 20);
  // The shutdown of a server that has reached its target, or the end of recovery, takes a moment more.
  await pollUntil(() => false, 200, 200);
  if (node.isUp) return;
  const fatal = log().find(({ severity }) => severity === 'FATAL');
  throw new ActionFailed(
    fatal ? endedItself(node.name, fatal.message) : shutDownAtTarget(node.name),
  );
}

/** What the server has logged since it was restored or started last. */
export function recoveryLog(
  node: RealNode,
  wanted: (message: string) => boolean = isCompared,
): readonly ServerMessage[] {
  const text = readFileSync(node.log).subarray(node.logFrom).toString('utf8');
  const lines: ReturnType<typeof logMessage>[] = [];
  for (const line of text.split('\n')) {
    const [, label = '', words = ''] = /^\S+ \S+ \S+ \[\d+\] ([A-Z]+): {2}(.*)$/.exec(line) ?? [];
    const last = lines.at(-1);
    if (label === 'HINT' || label === 'DETAIL') {
      if (last)
        lines[lines.length - 1] = {
          ...last,
          [label.toLowerCase()]: words.replaceAll(node.directory, 'DATA'),
        };
    } else if (label !== '') lines.push(logMessage(label, words, null, null));
  }
  return lines.filter(({ message }) => wanted(message));
}
