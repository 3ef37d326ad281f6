/**
 * Where the records of one timeline's WAL end, and which of them are commits: what the processes need of WAL without
 * its bytes. Grows at its end and is cut there by a crash.
 */
import type { Instant } from '../sim/instant.ts';
import type { Lsn } from './lsn.ts';

/** A COMMIT (or ABORT, PREPARE, COMMIT PREPARED) record's own facts. */
export interface CommitMark {
  readonly end: Lsn;
  /** The timestamp in the record: pg_last_xact_replay_timestamp() of a standby that has replayed it. */
  readonly timestamp: Instant;
  /** XACT_COMPLETION_APPLY_FEEDBACK: set at synchronous_commit = remote_apply; asks the standby for a reply once replayed. */
  readonly applyFeedback: boolean;
}

/** One WAL record as the log takes it in. */
export interface WalRecord {
  readonly end: Lsn;
  /** Null for a record that is no commit. */
  readonly commit: { readonly timestamp: Instant; readonly applyFeedback: boolean } | null;
}

/**
 * A value: adding gives another log and leaves this one as it is. The arrays behind it are shared with earlier values,
 * each of which looks only at its own length, so that adding at the end copies nothing.
 */
export interface RecordLog {
  /** Where the first record starts. */
  readonly start: Lsn;
  readonly ends: readonly Lsn[];
  readonly length: number;
  readonly commits: readonly CommitMark[];
  readonly commitCount: number;
}

export function emptyRecordLog(start: Lsn): RecordLog {
  return { start, ends: [], length: 0, commits: [], commitCount: 0 };
}

/** Where the last record ends. */
export function logEnd(log: RecordLog): Lsn {
  return log.length === 0 ? log.start : (log.ends[log.length - 1] as Lsn);
}

/** Adds records in order. Throws RangeError where one does not end after the last. */
export function appendRecords(log: RecordLog, records: readonly WalRecord[]): RecordLog {
  if (records.length === 0) return log;
  const ends = (log.ends.length === log.length ? log.ends : log.ends.slice(0, log.length)) as Lsn[];
  const commits = (
    log.commits.length === log.commitCount ? log.commits : log.commits.slice(0, log.commitCount)
  ) as CommitMark[];
  let last = logEnd(log);
  for (const { end, commit } of records) {
    if (end <= last)
      throw new RangeError(`a WAL record that ends at ${end} cannot follow one at ${last}`);
    last = end;
    ends.push(end);
    if (commit) commits.push({ end, ...commit });
  }
  return { start: log.start, ends, length: ends.length, commits, commitCount: commits.length };
}

/** The log up to the last record that ends at or before the position. */
export function cutRecords(log: RecordLog, position: Lsn): RecordLog {
  return {
    ...log,
    length: countUpTo(log.ends, log.length, position, (end) => end),
    commitCount: countUpTo(log.commits, log.commitCount, position, (commit) => commit.end),
  };
}

/** The end of the last record that ends at or before the position; the log's start where there is none. */
export function lastEndUpTo(log: RecordLog, position: Lsn): Lsn {
  const count = countUpTo(log.ends, log.length, position, (end) => end);
  return count === 0 ? log.start : (log.ends[count - 1] as Lsn);
}

/** The end of the first record that ends after the position, or null. */
export function firstEndAfter(log: RecordLog, position: Lsn): Lsn | null {
  const count = countUpTo(log.ends, log.length, position, (end) => end);
  return count < log.length ? (log.ends[count] as Lsn) : null;
}

/** Commits whose records end after `from` and at or before `to`. */
export function commitsBetween(log: RecordLog, from: Lsn, to: Lsn): readonly CommitMark[] {
  const first = countUpTo(log.commits, log.commitCount, from, (commit) => commit.end);
  const last = countUpTo(log.commits, log.commitCount, to, (commit) => commit.end);
  return log.commits.slice(first, last);
}

/** How many of the first `length` ordered items lie at or before the position. */
function countUpTo<T>(
  items: readonly T[],
  length: number,
  position: Lsn,
  endOf: (item: T) => Lsn,
): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (endOf(items[middle] as T) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
