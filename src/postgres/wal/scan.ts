import type { Lsn } from '../lsn.ts';
import type { CheckpointFacts } from '../record-log.ts';
import { checkpointRecord } from './checkpoint-record.ts';
import { readRecords } from './record-reader.ts';
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
  /** Commits, aborts and prepares, in order. */
  readonly transactions: readonly PlacedTransaction[];
  /** Checkpoints, by the ends of their records. */
  readonly checkpoints: ReadonlyMap<Lsn, CheckpointFacts>;
}

/** Reads the whole records of a range that starts at a record's start. */
export function scanRecords(wal: WalBytes, from: Lsn, to: Lsn = wal.end): WalScan {
  const ends: Lsn[] = [];
  const transactions: PlacedTransaction[] = [];
  const checkpoints = new Map<Lsn, CheckpointFacts>();
  for (const walRecord of readRecords(wal, from, to)) {
    const { lsn, endLsn } = walRecord;
    ends.push(endLsn);
    const record = transactionRecord(walRecord);
    if (record) transactions.push({ lsn, endLsn, record });
    const checkpoint = checkpointRecord(walRecord);
    if (checkpoint) checkpoints.set(endLsn, checkpoint);
  }
  return { ends, transactions, checkpoints };
}
