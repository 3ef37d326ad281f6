import { formatLsn, type Lsn } from '../lsn.ts';
import { type CommitData, type CommitOptions, commitData } from './commit-data.ts';
import { piecesOf } from './page.ts';
import {
  INFO_OFFSET,
  ResourceManager,
  RMID_OFFSET,
  recordAt,
  sealRecord,
  type WalRecord,
  XlogOperation,
} from './record-reader.ts';
import type { Timestamp } from './timestamp.ts';
import {
  HAS_INFO,
  type PrepareRecord,
  transactionRecord,
  XactOperation,
  Xinfo,
} from './transaction-records.ts';
import type { WalStore } from './wal-store.ts';

/*
 * A commit that waits for a synchronous standby is in the WAL, while its effects are not visible yet and its locks are
 * held. A server here has one backend, which cannot stand still within COMMIT. So it runs PREPARE TRANSACTION (which
 * hides the effects and keeps the locks) and, at the end of the wait, COMMIT PREPARED; and the WAL that is shipped and
 * replayed is made to say what PostgreSQL would have written: a COMMIT at the place of the PREPARE, and nothing at the
 * place of COMMIT PREPARED. Records keep their length, so that no LSN moves.
 *
 * A base must not be kept between the two: its files have the transaction as a prepared one, its redo starts after the
 * COMMIT, and nothing in the shipped WAL would ever commit it. Some transactions cannot be prepared (temporary objects,
 * LISTEN and NOTIFY, cursors WITH HOLD, exported snapshots); a commit of those is hidden from others by `recordToNoop`
 * in a cut for them.
 */

/** XLR_SPECIAL_REL_UPDATE (xlogrecord.h): the record removes files of relations. */
const SPECIAL_REL_UPDATE = 0x01;

/**
 * Turns the PREPARE TRANSACTION at a position into the COMMIT of that transaction; says what was prepared.
 *
 * The state that PREPARE saves for the locks, statistics counters, multixact horizon and predicate locks is left out:
 * they live in shared memory and belong to a transaction that goes on. A commit ends them, and redo never had them (but
 * for access exclusive locks, which a standby takes from LOCK records and releases by a flag in the commit record).
 */
export function prepareToCommit(
  wal: WalStore,
  at: Lsn,
  options: CommitOptions = {},
): PrepareRecord {
  const record = recordAt(wal, at);
  const prepared = transactionRecord(record);
  if (prepared?.kind !== 'prepare')
    throw new RangeError(`no PREPARE TRANSACTION at ${formatLsn(at)}`);
  replaceByCommit(wal, record, XactOperation.commit, commitData(prepared, null, options));
  return prepared;
}

/** Turns the COMMIT PREPARED at a position into a record that does nothing. */
export function commitPreparedToNoop(wal: WalStore, at: Lsn): void {
  if (transactionRecord(recordAt(wal, at))?.kind !== 'commit prepared') {
    throw new RangeError(`no COMMIT PREPARED at ${formatLsn(at)}`);
  }
  recordToNoop(wal, at);
}

/** Turns any record into one that does nothing (XLOG_NOOP), of the same length. */
export function recordToNoop(wal: WalStore, at: Lsn): void {
  replace(wal, recordAt(wal, at), ResourceManager.xlog, XlogOperation.noop, new Uint8Array());
}

/** SizeOfLogicalMessage (message.h) on 32 bits, and the empty prefix's zero byte. */
const MESSAGE_OVERHEAD = 17;

/**
 * A COMMIT PREPARED of the learner's own that waits: nothing must be committed yet, so the server emits a message that
 * is not transactional, with an empty prefix, which then becomes the record. How long its content must be for that:
 */
export function commitPreparedLength(prepared: PrepareRecord, options: CommitOptions = {}): number {
  const { bytes } = commitPreparedData(prepared, prepared.time, options);
  return Math.max(0, bytes.length - MESSAGE_OVERHEAD);
}

/** Turns the logical message at a position into the COMMIT PREPARED of a transaction, at a time. */
export function messageToCommitPrepared(
  wal: WalStore,
  at: Lsn,
  prepared: PrepareRecord,
  time: Timestamp,
  options: CommitOptions = {},
): void {
  const record = recordAt(wal, at);
  if (record.rmid !== ResourceManager.logicalMessage)
    throw new RangeError(`no logical message at ${formatLsn(at)}`);
  replaceByCommit(
    wal,
    record,
    XactOperation.commitPrepared,
    commitPreparedData(prepared, time, options),
  );
}

/** COMMIT PREPARED always says that there may be locks to release (RecordTransactionCommitPrepared in twophase.c). */
function commitPreparedData(
  prepared: PrepareRecord,
  time: Timestamp,
  options: CommitOptions,
): CommitData {
  return commitData({ ...prepared, time, accessExclusiveLocks: true }, prepared.gid, options);
}

function replaceByCommit(
  wal: WalStore,
  record: WalRecord,
  operation: number,
  { xinfo, bytes }: CommitData,
): void {
  const special = xinfo & Xinfo.droppedRelations ? SPECIAL_REL_UPDATE : 0;
  replace(wal, record, ResourceManager.transaction, operation | HAS_INFO | special, bytes);
}

/**
 * Overwrites a record by another of its length: same xid, previous record and headers, with zeros after the main data.
 * ParseCommitRecord (xactdesc.c) reads no further than the flags tell it.
 */
function replace(
  wal: WalStore,
  record: WalRecord,
  rmid: number,
  info: number,
  mainData: Uint8Array,
): void {
  const room = record.mainData().length;
  if (mainData.length > room) {
    throw new RangeError(
      `${mainData.length} bytes do not fit into the record at ${formatLsn(record.lsn)}, which has ${room}`,
    );
  }
  const bytes = record.bytes.slice();
  bytes[INFO_OFFSET] = info;
  bytes[RMID_OFFSET] = rmid;
  bytes.fill(0, bytes.length - room).set(mainData, bytes.length - room);
  sealRecord(bytes);
  for (const { position, offset, length } of piecesOf(record.lsn, bytes.length)) {
    wal.overwrite(position, bytes.subarray(offset, offset + length));
  }
}
