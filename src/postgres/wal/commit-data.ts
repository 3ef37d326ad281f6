import { ByteWriter } from './byte-cursor.ts';
import { MESSAGE_SIZE, type TransactionEffects, Xinfo } from './transaction-records.ts';

export interface CommitOptions {
  /** The session waits with `synchronous_commit = remote_apply`. */
  readonly applyFeedback?: boolean;
  /** `wal_level = logical`: the record also tells its database and, of a prepared transaction, the gid. */
  readonly logical?: boolean;
}

/** The main data of a commit record, and the xinfo flags in it. */
export interface CommitData {
  readonly xinfo: number;
  readonly bytes: Uint8Array;
}

/** DEFAULTTABLESPACE_OID (pg_tablespace.dat): where every database of the course is. */
const DEFAULT_TABLESPACE = 1663;

/** What XactLogCommitRecord (xact.c) writes for COMMIT, or, given a gid, for COMMIT PREPARED. */
export function commitData(
  effects: TransactionEffects,
  gid: string | null,
  options: CommitOptions,
): CommitData {
  const { subtransactions, droppedRelations, droppedStatistics, invalidations, origin } = effects;
  const flags: readonly (readonly [number, boolean])[] = [
    [Xinfo.database, invalidations.length > 0 || options.logical === true],
    [Xinfo.subtransactions, subtransactions.length > 0],
    [Xinfo.droppedRelations, droppedRelations.length > 0],
    [Xinfo.droppedStatistics, droppedStatistics.length > 0],
    [Xinfo.invalidations, invalidations.length > 0],
    [Xinfo.twophase, gid !== null],
    [Xinfo.gid, gid !== null && options.logical === true],
    [Xinfo.origin, origin !== null],
    [Xinfo.accessExclusiveLocks, effects.accessExclusiveLocks],
    [Xinfo.applyFeedback, options.applyFeedback === true],
    [Xinfo.updateRelcacheFile, effects.updatesRelcacheFile],
  ];
  const xinfo = flags.reduce((sum, [flag, set]) => (set ? sum + flag : sum), 0);
  const has = (flag: number): boolean => (xinfo & flag) !== 0;

  const writer = new ByteWriter();
  writer.int64(effects.time);
  writer.uint32(xinfo);
  if (has(Xinfo.database)) writer.uint32(effects.database, DEFAULT_TABLESPACE);
  if (has(Xinfo.subtransactions)) writer.uint32(subtransactions.length, ...subtransactions);
  if (has(Xinfo.droppedRelations)) {
    writer.uint32(droppedRelations.length);
    for (const { tablespace, database, relNumber } of droppedRelations)
      writer.uint32(tablespace, database, relNumber);
  }
  if (has(Xinfo.droppedStatistics)) {
    writer.uint32(droppedStatistics.length);
    for (const { kind, database, objectId } of droppedStatistics) {
      writer.uint32(kind, database, Number(objectId & 0xffffffffn), Number(objectId >> 32n));
    }
  }
  if (has(Xinfo.invalidations)) {
    writer.uint32(invalidations.length / MESSAGE_SIZE);
    writer.bytes(invalidations);
  }
  if (has(Xinfo.twophase)) writer.uint32(effects.xid);
  if (gid !== null && has(Xinfo.gid)) writer.text(gid);
  if (origin) {
    writer.int64(origin.lsn);
    writer.int64(origin.time);
  }
  return { xinfo, bytes: writer.finish() };
}
