import { lsn } from '../lsn.ts';
import type { CheckpointFacts } from '../record-log.ts';
import { ByteReader } from './byte-cursor.ts';
import { ResourceManager, RMGR_INFO_MASK, type WalRecord, XlogOperation } from './record-reader.ts';

/** Where recovery begins after this checkpoint, and what else its record says; null for any other record. */
export function checkpointRecord(record: WalRecord): CheckpointFacts | null {
  if (record.rmid !== ResourceManager.xlog) return null;
  const operation = record.info & RMGR_INFO_MASK;
  const isCheckpoint =
    operation === XlogOperation.checkpointShutdown || operation === XlogOperation.checkpointOnline;
  return isCheckpoint ? readCheckpoint(record.lsn, record.mainData()) : null;
}

/** Reads struct CheckPoint (pg_control.h): the content of the record at `start`, and pg_control's copy of it. */
export function readCheckpoint(start: number, bytes: Uint8Array): CheckpointFacts {
  const reader = new ByteReader(bytes);
  const redoLsn = lsn(reader.int64());
  const timeline = { timeline_id: reader.uint32(), prev_timeline_id: reader.uint32() };
  const fullPageWrites = reader.uint8() !== 0;
  reader.align(); // past wal_level, which lies at the next multiple of four
  const nextFullXid = reader.int64();
  const ids = {
    next_xid: `${Math.floor(nextFullXid / 2 ** 32)}:${nextFullXid % 2 ** 32}`,
    next_oid: reader.uint32(),
    next_multixact_id: reader.uint32(),
    next_multi_offset: reader.uint32(),
    oldest_xid: reader.uint32(),
    oldest_xid_dbid: reader.uint32(),
    oldest_multi_xid: reader.uint32(),
    oldest_multi_dbid: reader.uint32(),
  };
  reader.align();
  const time = reader.int64();
  const last = {
    oldest_commit_ts_xid: reader.uint32(),
    newest_commit_ts_xid: reader.uint32(),
    oldest_active_xid: reader.uint32(),
  };
  const control = { ...timeline, full_page_writes: fullPageWrites, ...ids, ...last };
  return { lsn: lsn(start), redoLsn, time, control };
}
