import type { Lsn } from '../lsn.ts';
import type { TransactionTraces } from '../primary-transactions.ts';
import type { CheckpointFacts } from '../record-log.ts';
import { checkpointRecord } from './checkpoint-record.ts';
import { conflictRecords } from './conflict-records.ts';
import { ResourceManager, readRecords, type WalRecord } from './record-reader.ts';
import { type TransactionRecord, transactionRecord } from './transaction-records.ts';
import type { WalBytes } from './wal-store.ts';

/** A transaction record and where it lies. */
export interface PlacedTransaction<Kind = TransactionRecord> {
  readonly lsn: Lsn;
  readonly endLsn: Lsn;
  readonly record: Kind;
}

/** What the simulator needs to know of newly written WAL. */
export interface WalScan {
  /** Ends of the records, in order: where replay can stand. */
  readonly ends: readonly Lsn[];
  /** By record: what of it concerns transactions on a standby. */
  readonly traces: readonly TransactionTraces[];
  /** Commits, aborts and prepares, in order. */
  readonly transactions: readonly PlacedTransaction[];
  /** Checkpoints, by the ends of their records. */
  readonly checkpoints: ReadonlyMap<Lsn, CheckpointFacts>;
}

/** Reads the whole records of a range that starts at a record's start. */
export function scanRecords(wal: WalBytes, from: Lsn, to: Lsn = wal.end): WalScan {
  const ends: Lsn[] = [];
  const traces: TransactionTraces[] = [];
  const transactions: PlacedTransaction[] = [];
  const checkpoints = new Map<Lsn, CheckpointFacts>();
  for (const walRecord of readRecords(wal, from, to)) {
    const { lsn, endLsn } = walRecord;
    ends.push(endLsn);
    const record = transactionRecord(walRecord);
    traces.push(tracesOf(walRecord, record));
    if (record) transactions.push({ lsn, endLsn, record });
    const checkpoint = checkpointRecord(walRecord);
    if (checkpoint) checkpoints.set(endLsn, checkpoint);
  }
  return { ends, traces, transactions, checkpoints };
}

/** A shutdown checkpoint, which recovery ends with too (XLOG_CHECKPOINT_SHUTDOWN, pg_control.h). */
const SHUTDOWN_CHECKPOINT = 0x00;

function tracesOf(walRecord: WalRecord, record: TransactionRecord | null): TransactionTraces {
  const { xid, rmid, info } = walRecord;
  const isEnd = record !== null && record.kind !== 'prepare';
  return {
    xid,
    ends: isEnd ? endedBy(record) : [],
    prepares: record?.kind === 'prepare',
    endsAll: rmid === ResourceManager.xlog && (info & 0xf0) === SHUTDOWN_CHECKPOINT,
    conflicts: conflictRecords(walRecord),
  };
}

/** The transactions that an end, or a prepared transaction's end, ends. */
export const endedBy = ({ xid, subtransactions }: TransactionRecord): readonly number[] => [
  xid,
  ...subtransactions,
];
