import type { Lsn } from '../postgres/lsn.ts';
import type { Instant } from '../sim/instant.ts';
import type { BaseBackup } from './sql-engine.ts';

/** A base backup in /backup: the files of a server, copied between pg_backup_start() and pg_backup_stop(), without pg_wal. */
export interface KeptBackup {
  readonly name: string;
  /** Where it was taken. */
  readonly node: string;
  readonly takenAt: Instant;
  /** Whose WAL it needs, by index. */
  readonly branch: number;
  readonly base: BaseBackup;
  /** The text of backup_label. */
  readonly label: string;
  /** A target must not lie before this. */
  readonly stopLsn: Lsn;
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
