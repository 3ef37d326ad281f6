import { instantOfTimestamp, timestampOf } from '../postgres/epoch.ts';
import { formatLsn, type Lsn, type TimelineId } from '../postgres/lsn.ts';
import {
  PrimaryTransactions,
  type TransactionFacts,
  type TransactionTraces,
} from '../postgres/primary-transactions.ts';
import type { WalRecord } from '../postgres/record-log.ts';
import { crc32c } from '../postgres/wal/crc32c.ts';
import {
  commitPreparedLength,
  messageToCommitPrepared,
  prepareToCommit,
  recordToNoop,
} from '../postgres/wal/rewrite.ts';
import { endedBy, type PlacedTransaction, scanRecords } from '../postgres/wal/scan.ts';
import type { PrepareRecord, TransactionRecord } from '../postgres/wal/transaction-records.ts';
import type { WalStore } from '../postgres/wal/wal-store.ts';
import type { Instant } from '../sim/instant.ts';
import type { HiddenCommit } from './live-backend.ts';
import type { Server } from './sql-engine.ts';
import type { WalMark } from './standing.ts';

/** A record that ended or prepared a transaction, and whether PostgreSQL flushed it at once: then its session may have to wait. */
export interface WrittenTransaction extends PlacedTransaction {
  readonly flushed: boolean;
}

interface Unpublished extends Pick<WalRecord, 'end' | 'commit' | 'checkpoint'> {
  readonly traces: TransactionTraces;
}

/**
 * The WAL of a primary: what its server wrote, with the records of waiting commits rewritten as the commits that they
 * stand for (see `postgres/wal/rewrite.ts`). Records are published to the processes that ship and flush them once they say what they must.
 */
export class PrimaryWal {
  #store: WalStore;
  #scannedTo: Lsn;
  #written: WrittenTransaction[] = [];
  #unpublished: Unpublished[] = [];
  #transactions = new PrimaryTransactions();
  /** Transactions that have ended since the last record. */
  #endedSince: readonly number[] = [];
  /** Where the record ends that committed a transaction, by its id. */
  readonly #commits = new Map<number, Lsn>();
  /** The records that do not say what the server itself wrote. */
  #rewritten: { readonly lsn: Lsn; readonly endLsn: Lsn }[] = [];
  /** What each crash took away, for those who ask how things stood before it. */
  readonly #lost: { readonly from: Lsn; readonly bytes: Uint8Array }[] = [];

  constructor(store: WalStore) {
    this.#store = store;
    this.#scannedTo = store.end;
  }

  get store(): WalStore {
    return this.#store;
  }

  /** The end of the last whole record. */
  get scannedTo(): Lsn {
    return this.#scannedTo;
  }

  /** Takes over what the server wrote since the last call. */
  harvest(server: Server): void {
    const { flushLsn } = server.walPosition();
    const { from, bytes } = server.takeWal();
    if (bytes.length === 0) return;
    this.#store.append(from, bytes);
    const { ends, traces, transactions, checkpoints } = scanRecords(this.#store, this.#scannedTo);
    const byEnd = new Map(
      transactions.map((transaction) => [transaction.endLsn, transaction.record]),
    );
    for (const [index, end] of ends.entries()) {
      const record = byEnd.get(end);
      const applyFeedback =
        record !== undefined && 'applyFeedback' in record && record.applyFeedback;
      const commit = record ? { timestamp: instantOfTimestamp(record.time), applyFeedback } : null;
      const trace = traces[index] as TransactionTraces;
      const late =
        this.#endedSince.length === 0 ? trace.ends : [...trace.ends, ...this.#endedSince];
      this.#endedSince = [];
      const checkpoint = checkpoints.get(end);
      this.#unpublished.push({
        end,
        commit,
        traces: { ...trace, ends: late },
        ...(checkpoint && { checkpoint }),
      });
    }
    for (const transaction of transactions) {
      const { record, endLsn } = transaction;
      this.#written.push({ ...transaction, flushed: endLsn <= flushLsn });
      // A PREPARE is the COMMIT of a waiting transaction, or one of the learner's own that nobody asks for here.
      if (record.kind === 'commit' || record.kind === 'prepare')
        this.#commits.set(record.xid, endLsn);
    }
    this.#scannedTo = ends.at(-1) ?? this.#scannedTo;
  }

  /** Where the record ends that committed a transaction; null where none has, or a crash took it. */
  commitOf(xid: number): Lsn | null {
    return this.#commits.get(xid) ?? null;
  }

  /** The records that ended or prepared transactions since the last call. */
  takeWritten(): readonly WrittenTransaction[] {
    return this.#written.splice(0);
  }

  /** The learner's own transactions that are prepared as of its end. */
  prepared(): readonly PrepareRecord[] {
    const open = new Map<number, PrepareRecord>();
    for (const { record } of scanRecords(this.#store, this.#store.start, this.#scannedTo)
      .transactions)
      if (record.kind === 'prepare') open.set(record.xid, record);
      else open.delete(record.xid);
    return [...open.values()];
  }

  /** How copies of this WAL leave out a commit: there its transaction is one that has not ended. */
  withoutCommit(lsn: Lsn, endLsn: Lsn, xid: number, pid: number): HiddenCommit {
    const copy = this.#store.cut(endLsn);
    recordToNoop(copy, lsn);
    return { gid: null, xid, pid, lsn, endLsn, prepareBytes: copy.read(lsn, endLsn) };
  }

  /**
   * A block was rolled back on the server but lives on for its client: to standbys the transaction has not ended.
   * @returns what ends when the block does; see {@link ended}.
   */
  livesOn(xid: number): readonly number[] {
    const index = this.#unpublished.findLastIndex(({ traces }) => traces.ends.includes(xid));
    const record = this.#unpublished[index];
    if (record === undefined) return [];
    this.#unpublished[index] = { ...record, traces: { ...record.traces, ends: [] } };
    return record.traces.ends;
  }

  /** The block has ended: known to standbys with the last record that was written, or the next one. */
  ended(xids: readonly number[]): void {
    const last = this.#unpublished.at(-1);
    if (last === undefined) this.#endedSince = [...this.#endedSince, ...xids];
    else
      this.#unpublished[this.#unpublished.length - 1] = {
        ...last,
        traces: { ...last.traces, ends: [...last.traces.ends, ...xids] },
      };
  }

  /** The records that nobody has been told of yet. */
  publish(): readonly WalRecord[] {
    return this.#unpublished.splice(0).map(({ traces, ...record }) => ({
      ...record,
      conflicts: traces.conflicts,
      transactions: this.#transactions.observe(traces),
    }));
  }

  /** What a standby knows of transactions that has replayed all that was published. */
  get transactions(): TransactionFacts {
    return this.#transactions.facts;
  }

  /** Makes the PREPARE of a waiting commit the COMMIT that it stands for. */
  hide(
    { lsn, endLsn, record }: PlacedTransaction,
    pid: number,
    applyFeedback: boolean,
  ): HiddenCommit {
    const prepareBytes = this.#store.read(lsn, endLsn);
    prepareToCommit(this.#store, lsn, { applyFeedback });
    this.#rewritten.push({ lsn, endLsn });
    this.#mark(endLsn, record, applyFeedback);
    return { gid: record.gid ?? '', xid: record.xid, pid, lsn, endLsn, prepareBytes };
  }

  /** Makes a PREPARE, of a statement that still runs, a record that does nothing. */
  hold({ lsn, endLsn, record }: PlacedTransaction<PrepareRecord>, pid: number): HiddenCommit {
    const prepareBytes = this.#store.read(lsn, endLsn);
    recordToNoop(this.#store, lsn);
    this.#rewritten.push({ lsn, endLsn });
    this.#unpublished = this.#unpublished.map((one) =>
      one.end === endLsn
        ? { ...one, commit: null, traces: { ...one.traces, prepares: false } }
        : one,
    );
    const { gid, xid } = record;
    return { gid, xid, pid, lsn, endLsn, prepareBytes, runs: true };
  }

  blank({ lsn, endLsn }: PlacedTransaction): void {
    recordToNoop(this.#store, lsn);
    this.#rewritten.push({ lsn, endLsn });
  }

  /**
   * Has the server write a record of the right length (`emit` runs SQL on it), and makes it the COMMIT PREPARED of a
   * transaction that stays prepared until its wait is over.
   */
  writeCommitPrepared(
    server: Server,
    state: PrepareRecord,
    applyFeedback: boolean,
    now: Instant,
  ): HiddenCommit {
    this.harvest(server);
    const start = this.#scannedTo;
    const options = { applyFeedback };
    const content = `repeat('x', ${commitPreparedLength(state, options)})`;
    server.execute(`select pg_catalog.pg_logical_emit_message(false, '', ${content}, true)`, now);
    this.harvest(server);
    const [message] = scanRecords(this.#store, start).ends;
    if (message === undefined) throw new Error(`the server wrote no record at ${formatLsn(start)}`);
    messageToCommitPrepared(this.#store, start, state, timestampOf(now), options);
    this.#rewritten.push({ lsn: start, endLsn: message });
    this.#mark(message, state, applyFeedback);
    return this.withoutCommit(start, message, state.xid, 0);
  }

  /** The record that ends here is a commit by now. */
  #mark(endLsn: Lsn, ended: TransactionRecord, applyFeedback: boolean): void {
    this.#unpublished = this.#unpublished.map((record) =>
      record.end === endLsn
        ? {
            end: endLsn,
            commit: record.commit && { ...record.commit, applyFeedback },
            traces: {
              ...record.traces,
              ends: [...record.traces.ends, ...endedBy(ended)],
              prepares: false,
            },
          }
        : record,
    );
  }

  /** Runs work that looks into the server's own files with the WAL there as it is shipped. */
  asShipped<T>(server: Server, work: () => T): T {
    const records = this.#rewritten.map(({ lsn, endLsn }) => ({
      at: lsn,
      bytes: this.#store.read(lsn, endLsn),
    }));
    return server.withWal(records, work);
  }

  /** The same WAL, in which the waiting commits are still prepared transactions. */
  beside(hidden: Iterable<HiddenCommit>): WalStore {
    const copy = this.#store.cut(this.#store.end);
    for (const { lsn, prepareBytes } of hidden) copy.overwrite(lsn, prepareBytes);
    return copy;
  }

  /** Where it stands now. */
  mark(): WalMark {
    return { cuts: this.#lost.length, end: this.#store.end };
  }

  /** A copy of the WAL as it stood at a mark, in which the commits that waited then are still prepared transactions. */
  asOf({ cuts, end }: WalMark, hidden: Iterable<HiddenCommit>): WalStore {
    let copy = this.#store;
    for (const { from, bytes } of this.#lost.slice(cuts).reverse()) {
      copy = copy.cut(from);
      copy.append(from, bytes);
    }
    copy = copy.cut(end);
    for (const { lsn, prepareBytes } of hidden) copy.overwrite(lsn, prepareBytes);
    return copy;
  }

  /** A promoted standby had replayed up to here: what it writes from now on, on a timeline of its own, begins with this. */
  fork(forkedAt: Lsn, timeline: TimelineId): PrimaryWal {
    const forked = new PrimaryWal(this.#store.cut(forkedAt, timeline));
    for (const [xid, end] of this.#commits) if (end <= forkedAt) forked.#commits.set(xid, end);
    forked.#observeAll();
    return forked;
  }

  /** A crash: what was not kept is gone. */
  cut(keptUpTo: Lsn): void {
    this.#lost.push({ from: keptUpTo, bytes: this.#store.read(keptUpTo, this.#store.end) });
    this.#store = this.#store.cut(keptUpTo);
    this.#scannedTo = keptUpTo;
    this.#rewritten = this.#rewritten.filter(({ endLsn }) => endLsn <= keptUpTo);
    for (const [xid, end] of this.#commits) if (end > keptUpTo) this.#commits.delete(xid);
    this.#written = [];
    this.#unpublished = [];
    this.#observeAll();
  }

  #observeAll(): void {
    this.#transactions = new PrimaryTransactions();
    for (const traces of scanRecords(this.#store, this.#store.start).traces)
      this.#transactions.observe(traces);
  }

  /** CRC-32C of all bytes, for the hash of a run. */
  hash(): string {
    const { start, end } = this.#store;
    return crc32c(this.#store.read(start, end)).toString(16).padStart(8, '0');
  }
}
