/**
 * Where the records of one timeline's WAL end, and which of them are commits: what the processes need of WAL without
 * its bytes. Grows at its end and is cut there by a crash. A value: changing it gives another one.
 */
import { type AppendList, append, countUpTo, emptyList, lastOf } from '../sim/append-list.ts';
import type { Instant } from '../sim/instant.ts';
import type { Lsn } from './lsn.ts';
import { NO_TRANSACTIONS, type TransactionFacts } from './primary-transactions.ts';
import type { ConflictRecord } from './wal/conflict-records.ts';

/** What of a COMMIT (or ABORT, COMMIT PREPARED, …) record the processes read. */
export interface CommitFacts {
  /** The timestamp in the record: pg_last_xact_replay_timestamp() of a standby that has replayed it. */
  readonly timestamp: Instant;
  /** XACT_COMPLETION_APPLY_FEEDBACK, set at synchronous_commit = remote_apply: asks the standby for a reply once replayed. */
  readonly applyFeedback: boolean;
}

export interface PlacedCommit extends CommitFacts {
  readonly end: Lsn;
}

/** What a checkpoint's record says (struct CheckPoint in pg_control.h). */
export interface CheckpointFacts {
  /** Where the record starts. */
  readonly lsn: Lsn;
  /** Where recovery begins after it. */
  readonly redoLsn: Lsn;
  /** Seconds since 1970. */
  readonly time: number;
  /** The other fields, by pg_control_checkpoint()'s names for them. */
  readonly control: Readonly<Record<string, string | number | boolean>>;
}

export interface PlacedCheckpoint extends CheckpointFacts {
  /** Where its record ends. */
  readonly end: Lsn;
}

export interface WalRecord {
  readonly end: Lsn;
  /** Null for a record that is no commit. */
  readonly commit: CommitFacts | null;
  /** Of a record that is a checkpoint. */
  readonly checkpoint?: CheckpointFacts;
  /** What queries of a standby may conflict with, in order. */
  readonly conflicts?: readonly ConflictRecord[];
  /** What a standby that has replayed it knows of transactions, where that has changed. */
  readonly transactions?: TransactionFacts | null;
}

/** What a record asks of queries of a standby, and where it ends. */
export interface PlacedConflict {
  readonly end: Lsn;
  readonly conflict: ConflictRecord;
}

export interface RecordLog {
  /** Where the first record starts. */
  readonly start: Lsn;
  readonly ends: AppendList<Lsn>;
  readonly commits: AppendList<PlacedCommit>;
  readonly checkpoints: AppendList<PlacedCheckpoint>;
  readonly conflicts: AppendList<PlacedConflict>;
  readonly transactions: AppendList<{ readonly end: Lsn; readonly facts: TransactionFacts }>;
  /** As of its start. */
  readonly first: TransactionFacts;
}

export function emptyRecordLog(start: Lsn, first = NO_TRANSACTIONS): RecordLog {
  return {
    start,
    ends: emptyList(),
    commits: emptyList(),
    checkpoints: emptyList(),
    conflicts: emptyList(),
    transactions: emptyList(),
    first,
  };
}

/** Where the last record ends. */
export function logEnd(log: RecordLog): Lsn {
  return lastOf(log.ends) ?? log.start;
}

/** Adds records in order. Throws RangeError where one does not end after the last. */
export function appendRecords(log: RecordLog, records: readonly WalRecord[]): RecordLog {
  let last = logEnd(log);
  for (const { end } of records) {
    if (!(end > last)) throw new RangeError(`a WAL record ending at ${end} cannot follow ${last}`);
    last = end;
  }
  const ends = records.map((record) => record.end);
  const commits = records.flatMap(({ end, commit }) => (commit ? [{ end, ...commit }] : []));
  const checkpoints = records.flatMap(({ end, checkpoint }) =>
    checkpoint ? [{ end, ...checkpoint }] : [],
  );
  const conflicts = records.flatMap(({ end, conflicts: ofRecord = [] }) =>
    ofRecord.map((conflict) => ({ end, conflict })),
  );
  const transactions = records.flatMap(({ end, transactions: facts }) =>
    facts ? [{ end, facts }] : [],
  );
  return {
    ...log,
    ends: append(log.ends, ends),
    commits: append(log.commits, commits),
    checkpoints: checkpoints.length === 0 ? log.checkpoints : append(log.checkpoints, checkpoints),
    conflicts: append(log.conflicts, conflicts),
    transactions: append(log.transactions, transactions),
  };
}

/** The log up to the last record that ends at or before the position. */
export function cutRecords(log: RecordLog, position: Lsn): RecordLog {
  return {
    ...log,
    ends: { ...log.ends, length: countUpTo(log.ends, position, (end) => end) },
    commits: { ...log.commits, length: countUpTo(log.commits, position, endOf) },
    checkpoints: { ...log.checkpoints, length: countUpTo(log.checkpoints, position, endOf) },
    conflicts: { ...log.conflicts, length: countUpTo(log.conflicts, position, endOf) },
    transactions: { ...log.transactions, length: countUpTo(log.transactions, position, endOf) },
  };
}

/** The end of the last record that ends at or before the position; the log's start where there is none. */
export function lastEndUpTo(log: RecordLog, position: Lsn): Lsn {
  const count = countUpTo(log.ends, position, (end) => end);
  return count === 0 ? log.start : (log.ends.items[count - 1] as Lsn);
}

/** The end of the first record that ends after the position, or null. */
export function firstEndAfter(log: RecordLog, position: Lsn): Lsn | null {
  const count = countUpTo(log.ends, position, (end) => end);
  return count < log.ends.length ? (log.ends.items[count] as Lsn) : null;
}

/** Commits whose records end after `from` and at or before `to`. */
export function commitsBetween(log: RecordLog, from: Lsn, to: Lsn): readonly PlacedCommit[] {
  const first = countUpTo(log.commits, from, endOf);
  return log.commits.items.slice(first, countUpTo(log.commits, to, endOf));
}

/** The last checkpoint whose record ends at or before the position; null where the log has none. */
export function checkpointUpTo(log: RecordLog, position: Lsn): PlacedCheckpoint | null {
  return log.checkpoints.items[countUpTo(log.checkpoints, position, endOf) - 1] ?? null;
}

/** The first record that ends after `from` and at or before `to`, and that conflicts as `test` says; null where none does. */
export function firstConflict(
  log: RecordLog,
  from: Lsn,
  to: Lsn,
  test: (conflict: ConflictRecord) => boolean,
): PlacedConflict | null {
  for (let index = countUpTo(log.conflicts, from, endOf); index < log.conflicts.length; index++) {
    const placed = log.conflicts.items[index] as PlacedConflict;
    if (placed.end > to) return null;
    if (test(placed.conflict)) return placed;
  }
  return null;
}

/** The transactions of the primary as a standby knows them that has replayed up to a position. */
export function transactionsAt(log: RecordLog, position: Lsn): TransactionFacts {
  const count = countUpTo(log.transactions, position, endOf);
  return count === 0 ? log.first : (log.transactions.items[count - 1]?.facts ?? log.first);
}

const endOf = (placed: { readonly end: Lsn }): number => placed.end;
