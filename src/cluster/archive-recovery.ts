import type { Lsn, TimelineId } from '../postgres/lsn.ts';
import type { Instant } from '../sim/instant.ts';
import type { BaseBackup, Server, Settings } from './sql-engine.ts';

/**
 * Recovery from an archive, done by PostgreSQL itself: a backup's files without pg_wal, its backup_label, and a
 * restore_command that is answered from outside.
 */
export interface ArchiveRecoveryOptions {
  readonly base: BaseBackup;
  /** The text of backup_label, as pg_backup_stop() returned it. */
  readonly backupLabel: string;
  /** Whether there is a recovery.signal. */
  readonly recoverySignal: boolean;
  /** Lines of postgresql.conf, the recovery targets among them. A restore_command is answered by `archived`, whatever it says. */
  readonly settings: Settings;
  /** The bytes of an archived file (a segment, a timeline's history) by its name; null where the archive has none. */
  readonly archived: (file: string) => Uint8Array | null;
  /** Where the archive's WAL begins, maybe within a segment: what is before it in that segment, the backup has. */
  readonly archivedFrom: Lsn;
  readonly at: Instant;
  readonly seed: number;
}

/** What became of it. */
export interface ArchiveRecovery {
  /** What PostgreSQL wrote into its log, without time and process: `LOG:  redo starts at 0/3000028`. */
  readonly log: readonly string[];
  /** The server, out of recovery and on its new timeline; null where PostgreSQL ended itself: the log says why. */
  readonly recovered: RecoveredServer | null;
}

export interface RecoveredServer {
  readonly server: Server;
  readonly timeline: TimelineId;
  /** The text of the timeline's history file. */
  readonly history: string;
  /** Where the old timeline ends, and the new one begins: the end of the last record that was replayed. */
  readonly forkLsn: Lsn;
}
