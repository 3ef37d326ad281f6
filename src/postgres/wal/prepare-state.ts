import { lsn } from '../lsn.ts';
import { ByteReader } from './byte-cursor.ts';
import { readRelFileLocator } from './record-body.ts';
import { MESSAGE_SIZE, type PrepareRecord, readDroppedStatistics } from './transaction-records.ts';

/** TWOPHASE_MAGIC (twophase.c). */
const MAGIC = 0x57f94534;

/** Modules that keep something in a state file (twophase_rmgr.h). */
const TwophaseModule = { end: 0, lock: 1 } as const;
const LOCKTAG_RELATION = 0;
const ACCESS_EXCLUSIVE_LOCK = 8;

/** Reads the state of a prepared transaction as StartPrepare and EndPrepare write it (twophase.c): each part is aligned. */
export function readPrepareState(state: Uint8Array): PrepareRecord {
  const reader = new ByteReader(state);
  const magic = reader.uint32();
  if (magic !== MAGIC)
    throw new RangeError(`not a two-phase state of PostgreSQL 18: magic ${magic.toString(16)}`);
  reader.skip(4); // total_len
  const xid = reader.uint32();
  const database = reader.uint32();
  const time = reader.int64();
  reader.skip(4); // owner
  const subtransactionCount = reader.uint32();
  const commitRelationCount = reader.uint32();
  const abortRelationCount = reader.uint32();
  const commitStatisticsCount = reader.uint32();
  const abortStatisticsCount = reader.uint32();
  const messageCount = reader.uint32();
  const updatesRelcacheFile = reader.uint8() !== 0;
  reader.skip(1);
  const gidLength = reader.uint16();
  const originLsn = lsn(reader.int64());
  const originTime = reader.int64();

  const part = <T>(read: () => T): T => {
    const value = read();
    reader.align();
    return value;
  };
  const gid = part(() => new TextDecoder().decode(reader.bytes(gidLength).subarray(0, -1)));
  const subtransactions = part(() => reader.list(subtransactionCount, () => reader.uint32()));
  const droppedRelations = part(() =>
    reader.list(commitRelationCount, () => readRelFileLocator(reader)),
  );
  part(() => reader.list(abortRelationCount, () => readRelFileLocator(reader)));
  const droppedStatistics = part(() =>
    reader.list(commitStatisticsCount, () => readDroppedStatistics(reader)),
  );
  part(() => reader.list(abortStatisticsCount, () => readDroppedStatistics(reader)));
  const invalidations = part(() => reader.bytes(messageCount * MESSAGE_SIZE));
  return {
    kind: 'prepare',
    xid,
    time,
    subtransactions,
    droppedRelations,
    droppedStatistics,
    invalidations,
    updatesRelcacheFile,
    accessExclusiveLocks: holdsAccessExclusiveLock(reader),
    database,
    gid,
    origin: originLsn > 0 ? { lsn: originLsn, time: originTime } : null,
  };
}

/**
 * Whether a lock is among the modules' parts (TwoPhaseRecordOnDisk) for which the primary wrote a LOCK record, so that
 * standbys hold it, too: AccessExclusiveLock on a relation (LockAcquireExtended in lock.c). One that a rolled-back
 * savepoint gave up is not there; its ABORT record released it.
 */
function holdsAccessExclusiveLock(reader: ByteReader): boolean {
  for (;;) {
    const length = reader.uint32();
    const module = reader.uint8();
    reader.align();
    if (module === TwophaseModule.end) return false;
    const part = new ByteReader(reader.bytes(length));
    reader.align();
    if (module !== TwophaseModule.lock) continue;
    part.skip(14); // locktag_field1 to 4
    const lockTagType = part.uint8();
    part.skip(1);
    if (lockTagType === LOCKTAG_RELATION && part.uint32() === ACCESS_EXCLUSIVE_LOCK) return true;
  }
}
