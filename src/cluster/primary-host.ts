import type { Lsn } from '../postgres/lsn.ts';
import type { SynchronousCommit } from '../postgres/sync-rep.ts';
import type { PlacedTransaction } from '../postgres/wal/scan.ts';
import type { PrepareRecord } from '../postgres/wal/transaction-records.ts';
import type { HiddenCommit, LiveBackend } from './live-backend.ts';
import type { WrittenTransaction } from './primary-wal.ts';
import type { SeatHost } from './seat.ts';
import type { Session } from './session.ts';
import type { BackendWait, Execution, Server } from './sql-engine.ts';
import type { WorkCost } from './work.ts';

/** What running statements ask of their primary. */
export interface PrimaryHost extends SeatHost {
  readonly live: LiveBackend;
  /** Other sessions whose open block, or whose tie to the backend, stands between this session and the live server. */
  othersThan(session: Session): readonly Session[];
  /** Whether a commit may have to wait long enough for others to notice: standbys are named, or the disk is slow. */
  commitsMayWait(): boolean;
  standbysNamed(): boolean;
  /** What work costs in this run; null where statements take no time by what they do. */
  readonly workCost: WorkCost | null;
  /** The records that ended or prepared transactions since the last call. */
  takeWritten(): readonly WrittenTransaction[];
  /** Makes the PREPARE record of a waiting commit the COMMIT that it stands for. */
  hidePrepared(
    written: PlacedTransaction,
    session: Session,
    level: SynchronousCommit,
  ): HiddenCommit;
  /** A statement that still runs: its PREPARE, which a crash must not find, does nothing in the WAL. */
  holdPrepared(written: PlacedTransaction<PrepareRecord>, session: Session): HiddenCommit;
  /** The commit of a session whose block cannot be prepared: copies, which others read from, leave it out. */
  leaveOut(written: PlacedTransaction, session: Session): HiddenCommit;
  /** Makes the COMMIT PREPARED that ended a wait a record that does nothing. */
  blank(written: PlacedTransaction): void;
  /** The xmin of a snapshot that is taken now. */
  snapshotXmin(): number | null;
  /** Writes the COMMIT PREPARED record of a transaction that stays prepared until its wait is over. Returns its end. */
  writeCommitPrepared(state: PrepareRecord, level: SynchronousCommit): HiddenCommit;
  /** A copy that can be written to and thrown away, in which every waiting commit is still in progress. */
  openBeside(): Promise<Server>;
  /** Table locks that other statements queue for, and queued for before this session's. */
  queueBefore(session: Session): readonly QueuedLock[];
  /** The pids of the sessions that hold what a statement would wait for. */
  blockersOf(session: Session, wait: BackendWait): readonly number[];
  /** Locks may have become free: who waits for one tries again. */
  locksReleased(): void;
  /** Whether the archiver is through with all segments before a position. */
  archivedUpTo(end: Lsn): boolean;
  /** What the functions of a statement that ran asked of the simulator (pg_cancel_backend, pg_reload_conf, …). */
  heard(session: Session, execution: Execution): void;
}

/** A table lock for which a statement queues. */
export interface QueuedLock {
  readonly relation: number;
  readonly mode: string;
  readonly pid: number;
}
