import { backedUp } from '../postgres/backup/backup-files.ts';
import { systemIdentifier } from '../postgres/backup/control-file.ts';
import { fileChecksum, manifestText, type WalRange } from '../postgres/backup/manifest.ts';
import { timestampText } from '../postgres/epoch.ts';
import type { Instant } from '../sim/instant.ts';
import type { BaseBackup, SqlEngine } from './sql-engine.ts';

/** A base backup in /backup, taken as `pg_basebackup -X none` does: a server's files without pg_wal, and backup_manifest. */
export interface KeptBackup {
  readonly name: string;
  /** Where it was taken. */
  readonly node: string;
  readonly takenAt: Instant;
  /** Whose WAL it needs, by index. */
  readonly branch: number;
  /** Its files as they were taken. */
  readonly taken: BaseBackup;
  /** Its files as they lie there now. */
  readonly base: BaseBackup;
  /** The text of backup_label. */
  readonly label: string;
  /** Without this WAL it is never consistent; a target must not lie before its end. */
  readonly wal: WalRange;
  /** Whether backup_manifest is there. */
  readonly hasManifest: boolean;
}

/** The directory /backup, which every node has mounted. A backup of a known name takes the other's place. */
export class Backups {
  readonly #all = new Map<string, KeptBackup>();

  get names(): readonly string[] {
    return [...this.#all.keys()];
  }

  get(name: string): KeptBackup | null {
    return this.#all.get(name) ?? null;
  }

  keep(backup: KeptBackup): void {
    this.#all.set(backup.name, backup);
  }
}

/** The files of a backup as it was taken, or as they are now, backup_manifest not among them. */
export function filesOf(
  engine: SqlEngine,
  { label }: KeptBackup,
  base: BaseBackup,
): ReadonlyMap<string, Uint8Array> {
  const labelFile = ['backup_label', new TextEncoder().encode(label)] as const;
  return new Map([labelFile, ...backedUp(engine.baseFiles(base))]);
}

/** The text of backup_manifest. Simplified: every file was modified last when the backup was taken. */
export function manifestOf(engine: SqlEngine, backup: KeptBackup): string {
  const { taken, takenAt, wal } = backup;
  const files = filesOf(engine, backup, taken);
  const lastModified = `${timestampText(takenAt).slice(0, 19).replace('T', ' ')} GMT`;
  return manifestText({
    version: 2,
    systemIdentifier: systemIdentifier(files.get('global/pg_control') as Uint8Array),
    files: [...files].map(([path, bytes]) => ({
      path,
      size: bytes.length,
      lastModified,
      checksum: fileChecksum(bytes),
    })),
    walRanges: [wal],
  });
}
