import { ByteReader } from './byte-cursor.ts';
import type { RecordBody } from './record-body.ts';
import type { WalRecord } from './record-reader.ts';

/** A table lock that a transaction of the primary holds and every standby must hold with it (xl_standby_lock, lockdefs.h). */
export interface ReplayLock {
  readonly xid: number;
  readonly relation: number;
}

/** A page of a relation's main fork, by the number of the relation's files. */
export interface Page {
  readonly relNumber: number;
  readonly block: number;
}

/**
 * What a record asks of the queries of a standby that replays it:
 * - `snapshot`: none may have an xmin at or before the horizon, the newest transaction whose rows the record removes;
 * - `lock`: none may hold any lock on these relations;
 * - `bufferpin`: none may stand on this page, whose rows the record moves together;
 * - `tablespace`: none may have temporary files in it.
 */
export type ConflictRecord =
  | { readonly kind: 'snapshot'; readonly horizon: number }
  | { readonly kind: 'lock'; readonly locks: readonly ReplayLock[] }
  | { readonly kind: 'bufferpin'; readonly page: Page }
  | { readonly kind: 'tablespace'; readonly tablespace: number };

/** Resource managers (rmgrlist.h). */
const Rmgr = {
  tablespace: 5,
  standby: 8,
  heap2: 9,
  btree: 11,
  hash: 12,
  gist: 14,
  spgist: 16,
} as const;

/** Operations, in the upper four bits of xl_info (heapam_xlog.h, nbtxlog.h, hash_xlog.h, gistxlog.h, spgxlog.h, standbydefs.h, tablespace.h). */
const Heap2 = {
  pruneOnAccess: 0x10,
  vacuumScan: 0x20,
  vacuumCleanup: 0x30,
  visible: 0x40,
} as const;
const HEAP_OPERATION_MASK = 0x70;
const Btree = { vacuum: 0xc0, delete: 0x70, reusePage: 0xd0 } as const;
const HASH_VACUUM_ONE_PAGE = 0xc0;
const Gist = { delete: 0x10, pageReuse: 0x20 } as const;
const SPGIST_VACUUM_REDIRECT = 0x80;
const STANDBY_LOCK = 0x00;
const TABLESPACE_DROP = 0x10;
const OPERATION_MASK = 0xf0;

/** XLHP_CLEANUP_LOCK and XLHP_HAS_CONFLICT_HORIZON (heapam_xlog.h). */
const CLEANUP_LOCK = 0x04;
const HAS_CONFLICT_HORIZON = 0x08;

const NOTHING: readonly ConflictRecord[] = [];

/**
 * What a record may conflict with on a standby, in the order in which its replay meets it; empty for the many that conflict
 * with nothing. Simplified: of the records that want a page to themselves, those of heaps and B-trees are known.
 */
export function conflictRecords(record: WalRecord): readonly ConflictRecord[] {
  const operation = record.info & OPERATION_MASK;
  switch (record.rmid) {
    case Rmgr.standby:
      return operation === STANDBY_LOCK ? standbyLocks(record) : NOTHING;
    case Rmgr.tablespace:
      return operation === TABLESPACE_DROP
        ? [{ kind: 'tablespace', tablespace: wordAt(record, 0) }]
        : NOTHING;
    case Rmgr.heap2:
      return heapConflicts(record);
    case Rmgr.btree:
      return operation === Btree.vacuum ? pinOf(record.body()) : snapshots(horizonOf(record));
    default:
      return snapshots(horizonOf(record));
  }
}

const snapshots = (horizon: number): readonly ConflictRecord[] =>
  horizon === 0 ? NOTHING : [{ kind: 'snapshot', horizon }];

/** LockBufferForCleanup: the page that it changes, with nobody else's pin on it. */
const pinOf = ({ blocks: [page] }: RecordBody): readonly ConflictRecord[] =>
  page
    ? [{ kind: 'bufferpin', page: { relNumber: page.relation.relNumber, block: page.block } }]
    : [];

/** Its snapshotConflictHorizon; 0 (InvalidTransactionId) where it has none. */
function horizonOf(record: WalRecord): number {
  const operation = record.info & OPERATION_MASK;
  switch (record.rmid) {
    case Rmgr.btree:
      if (operation === Btree.delete) return wordAt(record, 0);
      return operation === Btree.reusePage ? wordAt(record, REUSED_PAGE_HORIZON) : 0;
    case Rmgr.hash:
      return operation === HASH_VACUUM_ONE_PAGE ? wordAt(record, 0) : 0;
    case Rmgr.gist:
      if (operation === Gist.delete) return wordAt(record, 0);
      return operation === Gist.pageReuse ? wordAt(record, REUSED_PAGE_HORIZON) : 0;
    case Rmgr.spgist:
      // xl spgxlogVacuumRedirect: two counts of 16 bits come first.
      return operation === SPGIST_VACUUM_REDIRECT ? wordAt(record, 4) : 0;
    default:
      return 0;
  }
}

/** Behind a RelFileLocator and a block number; the lower half of a FullTransactionId. */
const REUSED_PAGE_HORIZON = 16;

/** xl_heap_prune is two bytes, and the horizon follows where its flags say so; xl_heap_visible begins with it. */
function heapConflicts(record: WalRecord): readonly ConflictRecord[] {
  switch (record.info & HEAP_OPERATION_MASK) {
    case Heap2.pruneOnAccess:
    case Heap2.vacuumScan:
    case Heap2.vacuumCleanup: {
      const body = record.body();
      const flags = body.mainData[1] ?? 0;
      return [
        ...snapshots(flags & HAS_CONFLICT_HORIZON ? wordIn(body.mainData, 2) : 0),
        ...(flags & CLEANUP_LOCK ? pinOf(body) : NOTHING),
      ];
    }
    case Heap2.visible:
      return snapshots(wordAt(record, 0));
    default:
      return NOTHING;
  }
}

/** xl_standby_locks: a count, then transaction, database and relation of each. */
function standbyLocks(record: WalRecord): readonly ConflictRecord[] {
  const reader = new ByteReader(record.mainData());
  const locks = reader.list(reader.uint32(), () => {
    const xid = reader.uint32();
    reader.skip(4);
    return { xid, relation: reader.uint32() };
  });
  return [{ kind: 'lock', locks }];
}

const wordAt = (record: WalRecord, offset: number): number => wordIn(record.mainData(), offset);

const wordIn = (data: Uint8Array, offset: number): number => {
  const reader = new ByteReader(data);
  reader.skip(offset);
  return reader.uint32();
};
