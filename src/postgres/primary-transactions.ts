import type { ConflictRecord, ReplayLock } from './wal/conflict-records.ts';

/** What a standby knows of the primary's transactions once it has replayed a record. */
export interface TransactionFacts {
  /**
   * The xmin of a snapshot that is taken now: the oldest transaction that has not ended, or the next one there will be.
   * Null before the first transaction that is seen.
   */
  readonly xmin: number | null;
  /** ACCESS EXCLUSIVE locks that the startup process holds for transactions that have not ended. */
  readonly locks: readonly ReplayLock[];
}

export const NO_TRANSACTIONS: TransactionFacts = { xmin: null, locks: [] };

/** What of one WAL record concerns transactions. */
export interface TransactionTraces {
  /** The transaction or subtransaction that wrote it; 0 for none. */
  readonly xid: number;
  /** Transactions that end with it, their subtransactions among them. */
  readonly ends: readonly number[];
  /** It prepares the transaction that wrote it, which then outlives a crash. */
  readonly prepares: boolean;
  /** The primary has shut down or recovered: only prepared transactions go on (a shutdown checkpoint). */
  readonly endsAll: boolean;
  readonly conflicts: readonly ConflictRecord[];
}

/**
 * Transactions in progress as WAL shows them to a standby. Follows RecordKnownAssignedTransactionIds and
 * ExpireTreeKnownAssignedTransactionIds (procarray.c): once a transaction id is seen, all before it are in progress until
 * they are seen to end. Locks: StandbyAcquireAccessExclusiveLock, StandbyReleaseLocks (standby.c).
 */
export class PrimaryTransactions {
  #next: number | null = null;
  readonly #running = new Set<number>();
  readonly #prepared = new Set<number>();
  #locks = NO_TRANSACTIONS.locks;
  #told: TransactionFacts = NO_TRANSACTIONS;

  /** As of the last record. */
  get facts(): TransactionFacts {
    return this.#told;
  }

  /** Takes the next record into account. Null where nothing changes by it. */
  observe(traces: TransactionTraces): TransactionFacts | null {
    const { xid, ends, prepares, endsAll, conflicts } = traces;
    for (const seen of xid === 0 ? ends : [xid, ...ends]) this.#assignUpTo(seen);
    if (prepares) this.#prepared.add(xid);
    for (const ended of ends) {
      this.#running.delete(ended);
      this.#prepared.delete(ended);
    }
    if (endsAll)
      for (const running of this.#running)
        if (!this.#prepared.has(running)) this.#running.delete(running);
    for (const conflict of conflicts)
      if (conflict.kind === 'lock') this.#locks = [...this.#locks, ...conflict.locks];
    const held = this.#locks.filter((lock) => this.#running.has(lock.xid));
    if (held.length < this.#locks.length) this.#locks = held;
    const xmin = this.#running.size === 0 ? this.#next : Math.min(...this.#running);
    if (xmin === this.#told.xmin && this.#locks === this.#told.locks) return null;
    this.#told = { xmin, locks: this.#locks };
    return this.#told;
  }

  #assignUpTo(xid: number): void {
    for (let next = this.#next ?? xid; next <= xid; next++) this.#running.add(next);
    this.#next = Math.max(this.#next ?? 0, xid + 1);
  }
}
