import type { CheckpointFacts } from '../../../src/postgres/record-log.ts';
import { ByteWriter } from '../../../src/postgres/wal/byte-cursor.ts';
import { commitData } from '../../../src/postgres/wal/commit-data.ts';
import { ResourceManager, XlogOperation } from '../../../src/postgres/wal/record-reader.ts';
import {
  HAS_INFO,
  type TransactionEffects,
  XactOperation,
} from '../../../src/postgres/wal/transaction-records.ts';
import type { Change } from './database.ts';
import type { RecordContent } from './wal-writer.ts';

/** The first resource manager id that PostgreSQL leaves to extensions for experiments (RM_EXPERIMENTAL_ID, rmgr.h). */
export const CHANGE_RMID = 128;

/** Locks for standbys to hold (RM_STANDBY_ID, XLOG_STANDBY_LOCK). */
const STANDBY = { rmid: 8, lock: 0x00 };
/** XLOG_CHECKPOINT_REDO (pg_control.h): where recovery begins after the checkpoint that follows. */
const CHECKPOINT_REDO = 0xe0;

const DATABASE_OID = 5;
const TWO_PHASE_MAGIC = 0x57f94534;

const effectsOf = (xid: number, time: number): TransactionEffects => ({
  xid,
  time,
  subtransactions: [],
  droppedRelations: [],
  droppedStatistics: [],
  invalidations: new Uint8Array(),
  updatesRelcacheFile: false,
  accessExclusiveLocks: false,
  database: DATABASE_OID,
  gid: null,
  origin: null,
});

const transaction = (info: number, xid: number, mainData: Uint8Array): RecordContent => ({
  rmid: ResourceManager.transaction,
  info,
  xid,
  mainData,
});

/** What PostgreSQL has pages for, the fake has in words: its own resource manager's record is a change as JSON. */
export const changeContent = (xid: number, change: Change): RecordContent => ({
  rmid: CHANGE_RMID,
  info: 0,
  xid,
  mainData: new TextEncoder().encode(JSON.stringify(change)),
});

export const commitContent = (xid: number, time: number): RecordContent =>
  transaction(
    XactOperation.commit | HAS_INFO,
    xid,
    commitData(effectsOf(xid, time), null, {}).bytes,
  );

export const abortContent = (xid: number, time: number): RecordContent =>
  transaction(
    XactOperation.abort | HAS_INFO,
    xid,
    commitData(effectsOf(xid, time), null, {}).bytes,
  );

/** COMMIT PREPARED or ROLLBACK PREPARED: written outside the transaction that it ends. */
export const preparedEndContent = (
  kind: 'commitPrepared' | 'abortPrepared',
  xid: number,
  gid: string,
  time: number,
): RecordContent =>
  transaction(XactOperation[kind] | HAS_INFO, 0, commitData(effectsOf(xid, time), gid, {}).bytes);

/** The two-phase state as StartPrepare and EndPrepare write it (twophase.c), without locks in it. */
export function prepareContent(xid: number, gid: string, time: number): RecordContent {
  const name = new TextEncoder().encode(`${gid}\0`);
  const state = new Uint8Array(72 + Math.ceil(name.length / 8) * 8 + 8);
  const view = new DataView(state.buffer);
  view.setUint32(0, TWO_PHASE_MAGIC, true);
  view.setUint32(4, state.length, true);
  view.setUint32(8, xid, true);
  view.setUint32(12, DATABASE_OID, true);
  view.setBigInt64(16, BigInt(time), true);
  view.setUint16(54, name.length, true);
  state.set(name, 72);
  return transaction(XactOperation.prepare, xid, state);
}

/** AccessExclusiveLock on a relation, which standbys hold until the transaction ends. */
export function lockContent(xid: number, relation: number): RecordContent {
  const writer = new ByteWriter();
  writer.uint32(1, xid, DATABASE_OID, relation);
  return { rmid: STANDBY.rmid, info: STANDBY.lock, xid, mainData: writer.finish() };
}

/** pg_logical_emit_message(false, '', …): its header on 32 bits, the empty prefix's zero byte, the content. */
export function messageContent(xid: number, content: string): RecordContent {
  const text = new TextEncoder().encode(content);
  const mainData = new Uint8Array(17 + text.length);
  mainData.set(text, 17);
  return { rmid: ResourceManager.logicalMessage, info: 0, xid, mainData };
}

export const switchContent = (): RecordContent => ({
  rmid: ResourceManager.xlog,
  info: XlogOperation.switch,
  xid: 0,
  mainData: new Uint8Array(),
});

export const redoContent = (): RecordContent => ({
  rmid: ResourceManager.xlog,
  info: CHECKPOINT_REDO,
  xid: 0,
  mainData: new Uint8Array(4),
});

/** struct CheckPoint (pg_control.h), as far as the fake knows what to say. */
export function checkpointContent(
  operation: number,
  facts: Pick<CheckpointFacts, 'redoLsn' | 'time'> & {
    readonly timeline: number;
    readonly prevTimeline: number;
    readonly nextXid: number;
    readonly nextOid: number;
  },
): RecordContent {
  const writer = new ByteWriter();
  writer.int64(facts.redoLsn);
  writer.uint32(facts.timeline, facts.prevTimeline, 1, 1);
  writer.int64(facts.nextXid);
  writer.uint32(facts.nextOid, 1, 0, FIRST_XID, 1, 1, DATABASE_OID, 0);
  writer.int64(facts.time);
  writer.uint32(0, 0, facts.nextXid, 0);
  return { rmid: ResourceManager.xlog, info: operation, xid: 0, mainData: writer.finish() };
}

/** Below it lie the transactions of initdb. */
export const FIRST_XID = 750;
