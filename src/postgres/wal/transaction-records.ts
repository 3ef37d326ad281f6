import { type Lsn, lsn } from '../lsn.ts';
import { ByteReader } from './byte-cursor.ts';
import { readPrepareState } from './prepare-state.ts';
import { type RelFileLocator, readRelFileLocator } from './record-body.ts';
import { ResourceManager, type WalRecord } from './record-reader.ts';
import type { Timestamp } from './timestamp.ts';

/** Operations of the transaction resource manager (XLOG_XACT_* in xact.h). */
export const XactOperation = {
  commit: 0x00,
  prepare: 0x10,
  abort: 0x20,
  commitPrepared: 0x30,
  abortPrepared: 0x40,
} as const;
const OPERATION_MASK = 0x70;
/** XLOG_XACT_HAS_INFO: flags in xinfo say which optional parts follow. */
export const HAS_INFO = 0x80;

/** Flags in xinfo (XACT_XINFO_* and XACT_COMPLETION_* in xact.h). */
export const Xinfo = {
  database: 2 ** 0,
  subtransactions: 2 ** 1,
  droppedRelations: 2 ** 2,
  invalidations: 2 ** 3,
  twophase: 2 ** 4,
  origin: 2 ** 5,
  accessExclusiveLocks: 2 ** 6,
  gid: 2 ** 7,
  droppedStatistics: 2 ** 8,
  applyFeedback: 2 ** 29,
  updateRelcacheFile: 2 ** 30,
} as const;

/** xl_xact_stats_item: statistics that go with a dropped object. */
export interface DroppedStatistics {
  readonly kind: number;
  readonly database: number;
  readonly objectId: bigint;
}

/** Where a transaction that came from another server stands there. */
export interface OriginPosition {
  readonly lsn: Lsn;
  readonly time: Timestamp;
}

/** What a transaction's end does, which its commit, abort or prepare record says. */
export interface TransactionEffects {
  /** The transaction that ends: with COMMIT PREPARED and ROLLBACK PREPARED the prepared one, not the one that runs the command. */
  readonly xid: number;
  /** Of the commit, abort or preparation. */
  readonly time: Timestamp;
  /** Subtransactions that end with it. */
  readonly subtransactions: readonly number[];
  /** Relations whose files go: those dropped, on commit; those created, on abort. */
  readonly droppedRelations: readonly RelFileLocator[];
  readonly droppedStatistics: readonly DroppedStatistics[];
  /** SharedInvalidationMessage structs (sinval.h), 16 bytes each; their padding bytes are whatever was in memory. */
  readonly invalidations: Uint8Array;
  readonly updatesRelcacheFile: boolean;
  readonly accessExclusiveLocks: boolean;
  /** The database's object identifier where the record tells it, else 0. */
  readonly database: number;
  readonly gid: string | null;
  readonly origin: OriginPosition | null;
}

export interface CompletionRecord extends TransactionEffects {
  readonly kind: 'commit' | 'abort' | 'commit prepared' | 'abort prepared';
  /** A session waits for this commit with `synchronous_commit = remote_apply`: standbys report as soon as they applied it. */
  readonly applyFeedback: boolean;
}

/** PREPARE TRANSACTION: what its later commit will do. (What its rollback would do is in the record, too, but not read.) */
export interface PrepareRecord extends TransactionEffects {
  readonly kind: 'prepare';
  readonly gid: string;
}

export type TransactionRecord = CompletionRecord | PrepareRecord;

/** Reads a record that ends or prepares a transaction; null for any other record. */
export function transactionRecord(record: WalRecord): TransactionRecord | null {
  if (record.rmid !== ResourceManager.transaction) return null;
  switch (record.info & OPERATION_MASK) {
    case XactOperation.commit:
      return readCompletion('commit', record);
    case XactOperation.abort:
      return readCompletion('abort', record);
    case XactOperation.commitPrepared:
      return readCompletion('commit prepared', record);
    case XactOperation.abortPrepared:
      return readCompletion('abort prepared', record);
    case XactOperation.prepare:
      return readPrepareState(record.mainData());
    default:
      return null;
  }
}

/** sizeof(SharedInvalidationMessage) (sinval.h). */
export const MESSAGE_SIZE = 16;

/** ParseCommitRecord and ParseAbortRecord (xactdesc.c), whose records have the same form. */
function readCompletion(kind: CompletionRecord['kind'], record: WalRecord): CompletionRecord {
  const reader = new ByteReader(record.mainData());
  const time = reader.int64();
  const xinfo = record.info & HAS_INFO ? reader.uint32() : 0;
  const has = (flag: number): boolean => (xinfo & flag) !== 0;
  const database = has(Xinfo.database) ? reader.uint32() : 0;
  if (has(Xinfo.database)) reader.skip(4); // its tablespace
  const countIf = (flag: number): number => (has(flag) ? reader.uint32() : 0);
  return {
    kind,
    time,
    database,
    subtransactions: reader.list(countIf(Xinfo.subtransactions), () => reader.uint32()),
    droppedRelations: reader.list(countIf(Xinfo.droppedRelations), () =>
      readRelFileLocator(reader),
    ),
    droppedStatistics: reader.list(countIf(Xinfo.droppedStatistics), () =>
      readDroppedStatistics(reader),
    ),
    invalidations: reader.bytes(countIf(Xinfo.invalidations) * MESSAGE_SIZE),
    xid: has(Xinfo.twophase) ? reader.uint32() : record.xid,
    gid: has(Xinfo.gid) ? reader.text() : null,
    origin: has(Xinfo.origin) ? { lsn: lsn(reader.int64()), time: reader.int64() } : null,
    updatesRelcacheFile: has(Xinfo.updateRelcacheFile),
    accessExclusiveLocks: has(Xinfo.accessExclusiveLocks),
    applyFeedback: has(Xinfo.applyFeedback),
  };
}

export function readDroppedStatistics(reader: ByteReader): DroppedStatistics {
  const kind = reader.uint32();
  const database = reader.uint32();
  return { kind, database, objectId: BigInt(reader.uint32()) | (BigInt(reader.uint32()) << 32n) };
}
