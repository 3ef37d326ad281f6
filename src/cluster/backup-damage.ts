import { type Action, ActionRefused, type BackupDamage } from './action.ts';
import { filesOf, type KeptBackup } from './backups.ts';
import type { SqlEngine } from './sql-engine.ts';

type DamageAction = Extract<Action, { kind: 'damageBackup' }>;

export const DAMAGES: readonly BackupDamage[] = ['flip', 'truncate', 'remove', 'add'];

/** What somebody leaves behind in a backup's directory. */
export const FORGOTTEN = new TextEncoder().encode('note to self: buy vanilla\n');

/** From the end of the first page: there lies the row that a table got first. */
const IN_FIRST_ROW = 8192 - 40;

/** Throws ActionRefused where the backup has no such file, or has it already. */
export function checkDamage(
  engine: SqlEngine,
  backup: KeptBackup,
  { file, damage }: DamageAction,
): void {
  const files = filesOf(engine, backup, backup.base);
  if (damage === 'add') {
    if (!/^[\w.]+$/.test(file) || files.has(file))
      throw new ActionRefused(`"${file}" cannot be a new file of the backup "${backup.name}"`);
    return;
  }
  if (file === 'backup_manifest' && damage === 'remove') return;
  if (!files.has(file) || file === 'backup_label' || (files.get(file)?.length ?? 0) === 0)
    throw new ActionRefused(
      `there is nothing to damage in "${file}" of the backup "${backup.name}": ask pg_relation_filepath() for a table's file`,
    );
}

/** The backup with one file damaged; `checkDamage` has seen it. */
export function damaged(
  engine: SqlEngine,
  backup: KeptBackup,
  { file, damage }: DamageAction,
): KeptBackup {
  if (file === 'backup_manifest') return { ...backup, hasManifest: false };
  const bytes = engine.baseFiles(backup.base).get(file) ?? FORGOTTEN;
  return { ...backup, base: engine.withBaseFile(backup.base, file, damagedBytes(bytes, damage)) };
}

/** What is in the file afterwards; null: it is gone. */
export function damagedBytes(bytes: Uint8Array, damage: BackupDamage): Uint8Array | null {
  switch (damage) {
    case 'flip': {
      const rotten = bytes.slice();
      const place = Math.min(IN_FIRST_ROW, bytes.length - 1);
      rotten[place] = (rotten[place] as number) ^ 1;
      return rotten;
    }
    case 'truncate':
      return bytes.slice(0, Math.floor(bytes.length / 2));
    case 'remove':
      return null;
    case 'add':
      return bytes;
  }
}
