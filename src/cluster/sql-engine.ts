import type { Lsn, TimelineId } from '../postgres/lsn.ts';
import type { CheckpointFacts } from '../postgres/record-log.ts';
import type { ConflictCounts } from '../postgres/recovery-conflict.ts';
import type { Page } from '../postgres/wal/conflict-records.ts';
import type { Duration, Instant } from '../sim/instant.ts';
import type { ArchiveRecovery, ArchiveRecoveryOptions } from './archive-recovery.ts';
import type { Work } from './work.ts';

/** First object identifier of what is a user's (FirstNormalObjectId, transam.h). */
export const FIRST_USER_OID = 16384;

/** A message of PostgreSQL to its client: an error or a notice. Fields as in the wire protocol; absent ones are null. */
export interface ServerMessage {
  readonly severity: string;
  readonly sqlstate: string;
  readonly message: string;
  readonly detail: string | null;
  readonly hint: string | null;
  /** 1-based character offset into the statement's string, where PostgreSQL reports one. */
  readonly position: number | null;
}

/** What one statement returned: the command tag, and rows in PostgreSQL's text output (null for NULL). */
export interface StatementResult {
  readonly command: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** How many more rows there were; only the first 100,000 are kept, and 32 million characters. */
  readonly omittedRows?: number;
  /** By column: the OID of its type. Where it is not known, a client has to guess. */
  readonly typeOids?: readonly number[];
}

/** ReadyForQuery's status: idle, in a transaction, in a failed transaction. */
export type TransactionStatus = 'idle' | 'transaction' | 'failed';

/**
 * Why a statement stopped in the middle of its work: PostgreSQL asked the operating system to let it wait.
 * - `lock`: it would queue for a heavyweight lock (wait event type Lock); `event` is PostgreSQL's wait event name.
 * - `sleep`: pg_sleep or another timed wait of `length`.
 */
export type BackendWait =
  | {
      readonly kind: 'lock';
      readonly event: string;
      /** The transaction id that is waited for, where the event is `transactionid`; else null. */
      readonly xid: number | null;
      /** The relation's OID, where the event is `relation` or `tuple`; else null. */
      readonly relation: number | null;
      /** The lock mode it asks for, as in pg_locks (`ShareLock`), where the engine can tell. */
      readonly mode: string | null;
    }
  | { readonly kind: 'sleep'; readonly length: Duration };

/** What the backend should do about a wait: give up with 57014 as on a cancel, or take the time as passed. */
export type WaitDecision = 'cancel' | 'elapse';

/** A call of a modelled function (pg_cancel_backend, pg_reload_conf, …) that the statement made, in order. */
export interface Signal {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** All that came of one simple-protocol string, run to completion at one instant. */
export interface Execution {
  readonly results: readonly StatementResult[];
  readonly notices: readonly ServerMessage[];
  readonly error: ServerMessage | null;
  readonly status: TransactionStatus;
  readonly signals: readonly Signal[];
  /** The first wait that was met, if any; with the decision `cancel`, `error` is then 57014. */
  readonly wait: BackendWait | null;
  /** Virtual time that sleeps took, where they were let elapse. */
  readonly slept: Duration;
  readonly work: Work;
}

/** Where the server's WAL stands, read from its shared memory without running SQL. */
export interface WalPosition {
  readonly timeline: TimelineId;
  /** End of the last record generated. At a page's end `pg_current_wal_insert_lsn()` is already behind the next page's header. */
  readonly insertLsn: Lsn;
  /** What PostgreSQL itself has flushed: a commit that flushes (every level but `off`) brings it to its own record's end. */
  readonly flushLsn: Lsn;
  /** The transaction id of the transaction in progress, 0 if none was assigned. */
  readonly xid: number;
  /** The xmin of its snapshot, 0 while it has none. */
  readonly xmin: number;
}

/** Bytes of WAL, and where they lie. */
export interface WalPatch {
  readonly at: Lsn;
  readonly bytes: Uint8Array;
}

/** A running PostgreSQL: one backend, so one transaction at a time. Calls are synchronous and take no virtual time. */
export interface Server {
  /** Runs one simple-protocol string at an instant: `now()` is that instant. */
  execute(
    sql: string,
    at: Instant,
    options?: { onWait?: (wait: BackendWait) => WaitDecision },
  ): Execution;
  walPosition(): WalPosition;
  /**
   * Makes the WAL generated so far readable and returns the bytes since the last call (`from` is where they start).
   * Writes no record and changes nothing that a client can see.
   */
  takeWal(): { readonly from: Lsn; readonly bytes: Uint8Array };
  /** Does some work while the files of pg_wal hold other bytes in these places. Segments that are gone are passed over. */
  withWal<T>(records: readonly WalPatch[], work: () => T): T;
  /** Whether functions or views through which modelled state shows are no longer as the template has them. Runs SQL. */
  catalogChanged(at: Instant): boolean;
  /** A setting in force in the backend, SET LOCAL included, read without running SQL; null for an unknown name. */
  setting(name: string): string | null;
  /**
   * From now on VACUUM and pruning leave rows that a snapshot of this xmin could see, as for a replication slot's xmin; null
   * holds nothing. Writes no WAL.
   */
  holdHorizon(xmin: number | null): void;
  /** Pages of users' relations that the backend stands on: its open cursors do so between two fetches. Runs no SQL. */
  pinnedPages(): readonly Page[];
  /** Does some work as an autovacuum worker would: PostgreSQL counts its VACUUM and ANALYZE as such. */
  asAutovacuumWorker<T>(work: () => T): T;
  /** The modelled state that the server's views and functions show from now on; asked for only where SQL looks at it. */
  present(state: () => ServerState): void;
  /**
   * Puts the server's own configuration files' changes in force, as SIGHUP does. `altered`: the text of postgresql.auto.conf that
   * somebody has written from outside before.
   */
  reload(at: Instant, altered?: string): void;
  /** The latest checkpoint that pg_control names, read without running SQL. */
  checkpoint(): CheckpointFacts;
  /** Removes segments of pg_wal that lie before a position: a checkpoint by itself removes none here. */
  removeWalBefore(position: Lsn): void;
  /** What ALTER SYSTEM has written so far (postgresql.auto.conf). WAL does not carry it: give it to the node's next boot. */
  alteredSettings(): string;
  close(): void;
}

/** How a node's server differs from the template's: lines of postgresql.conf. */
export type Settings = Readonly<Record<string, string>>;

/** Everything needed to rebuild a server as of an LSN: files at a checkpoint, and where replay starts. */
export interface BaseBackup {
  readonly id: number;
  readonly redoLsn: Lsn;
  /** Where the base's own WAL ends: a server booted from it can be had as of here at the earliest. */
  readonly endLsn: Lsn;
  readonly timeline: TimelineId;
}

/** The real servers of a cluster. `src/engine` implements it with PGlite; `tests/contract/fake` is one without PostgreSQL. */
export interface SqlEngine {
  /** The base every new cluster starts from. */
  readonly template: BaseBackup;
  /** The same files with WAL that starts at this segment, as pg_resetwal -l leaves them. A position that starts none is a RangeError. */
  templateAt(start: Lsn): BaseBackup;
  /**
   * Boots a server that writes: the template, or a crashed server's restart. Replays `wal` (the bytes from
   * `base.endLsn` on) by PostgreSQL's own crash recovery up to its end; `takeWal()` tells what is written after it.
   */
  boot(options: BootOptions): Promise<Server>;
  /**
   * Boots a server that has replayed `wal` up to its end and then ended recovery as a promoted standby does: PostgreSQL writes
   * the history file of the new timeline and a checkpoint on it, after which `takeWal()` begins.
   */
  promote(options: PromoteOptions): Promise<Server>;
  /**
   * Boots a read-only server that has replayed `wal` up to its end: a hot standby's view (`role: 'standby'`, refuses what a
   * standby refuses) or a past or hidden-from view of a primary (`role: 'primary'`, its writes are thrown away with it).
   */
  materialize(options: CopyOptions): Promise<Server>;
  /** Keeps a base of a running server's files right after a checkpoint (CHECKPOINT), from which later boots start. */
  keepBase(server: Server): BaseBackup;
  /** The files of a base by their paths from the data directory (`base/5/1259`), not to be changed. */
  baseFiles(base: BaseBackup): ReadonlyMap<string, Uint8Array>;
  /** The same base with another content of one file; null is without it. */
  withBaseFile(base: BaseBackup, path: string, bytes: Uint8Array | null): BaseBackup;
  /** Lets PostgreSQL recover a backup from an archive, to the target that its settings name. */
  recoverFromArchive(options: ArchiveRecoveryOptions): Promise<ArchiveRecovery>;
}

/** A server to read from, thrown away afterwards. */
export interface CopyOptions extends BootOptions {
  readonly role: 'primary' | 'standby';
  /** Object identifiers of relations that somebody else has locked ACCESS EXCLUSIVE there; those it does not know are left out. */
  readonly locked?: readonly number[];
}

export interface PromoteOptions extends BootOptions {
  /** The timeline that it begins: above that of its base. */
  readonly timeline: TimelineId;
}

export interface BootOptions {
  readonly base: BaseBackup;
  readonly wal: WalSource;
  readonly settings: Settings;
  /** What ALTER SYSTEM has changed: the text of postgresql.auto.conf. */
  readonly alteredSettings?: string;
  readonly at: Instant;
  /** Seeds the server's random source (pg_strong_random, random(), uuids). */
  readonly seed: number;
}

/** WAL bytes of one timeline from `start` to `end`, from a node's WAL store. */
export interface WalSource {
  readonly timeline: TimelineId;
  readonly start: Lsn;
  readonly end: Lsn;
  read(from: Lsn, to: Lsn): Uint8Array;
}

/** A row of a catalog view that the simulator models; keys are the view function's column names, values its text input. */
export type ModelledRow = Readonly<Record<string, string | number | boolean | null>>;

/** What the simulator knows and PostgreSQL's own views show: written before a statement runs. */
export interface ServerState {
  readonly nodeName: string;
  readonly inRecovery: boolean;
  /** pid of the session whose statement runs next, for pg_backend_pid(). */
  readonly backendPid: number;
  /** On a copy: where the WAL of the primary stood that it is a copy of; null: the server's own. */
  readonly insertLsn: string | null;
  readonly writeLsn: string | null;
  readonly flushLsn: string | null;
  readonly receiveLsn: string | null;
  readonly replayLsn: string | null;
  /** ISO text of the last replayed commit's time. */
  readonly lastReplayedXactTimestamp: string | null;
  readonly replayPauseState: 'not paused' | 'pause requested' | 'paused';
  /** Rows of pg_stat_get_activity: client backends, walsenders, walreceiver, startup process and the other processes. */
  readonly activity: readonly ModelledRow[];
  /** Rows of pg_stat_get_wal_senders. */
  readonly walsenders: readonly ModelledRow[];
  /** The row of pg_stat_get_wal_receiver, or null where none runs. */
  readonly walreceiver: ModelledRow | null;
  /** Rows of pg_get_replication_slots. */
  readonly slots: readonly ModelledRow[];
  /** The row of pg_stat_get_archiver. */
  readonly archiver: ModelledRow;
  /** Where a slot that reserves WAL begins to keep it. */
  readonly redoLsn: string;
  /** pg_control_checkpoint()'s row; null: the server's own. */
  readonly checkpoint: ModelledRow | null;
  /** Values of pg_stat_get_checkpointer_…(), by the part of the name that follows. */
  readonly checkpointer: ModelledRow;
  /** Names of the segments in pg_wal, oldest first. */
  readonly walSegments: readonly string[];
  /** Locks of modelled sessions and of replay, in pg_lock_status's columns; added to the real ones. */
  readonly waitingLocks: readonly ModelledRow[];
  /** Queries that replay has cancelled, by reason, for pg_stat_database_conflicts. */
  readonly conflicts: ConflictCounts;
  /** blocked pid → pids that block it, for pg_blocking_pids(). */
  readonly blockers: Readonly<Record<number, readonly number[]>>;
  /** Prepared transactions of the simulator's own (commits that wait), by xid: whose pid and virtual transaction to show for their locks. */
  readonly hiddenPrepared: readonly {
    readonly gid: string;
    readonly xid: number;
    readonly pid: number;
    readonly virtualTransaction: string;
  }[];
}
