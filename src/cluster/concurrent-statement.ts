import type { PrimaryHost } from './primary-host.ts';
import type { PrimaryWaits } from './primary-waits.ts';
import { rehearse } from './rehearsal.ts';
import type { Session } from './session.ts';
import type { BackendWait } from './sql-engine.ts';
import type { ParsedStatement, SqlPiece } from './sql-text.ts';
import type { PieceOutcome } from './statement-outcome.ts';
import type { Running } from './wait.ts';

/** Holds the table on the live server while the others who use it are parked. */
const STAND_IN = 'standby:stand-in';

/** VirtualXactLock of lock.c, as pg_locks shows it. */
const END_OF_TRANSACTION = { event: 'virtualxid', xid: null, relation: null, mode: 'ShareLock' };

/**
 * A statement with CONCURRENTLY that has to wait for transactions of others in the midst of its work. Their open blocks are
 * not on the live server, so a prepared transaction stands in for them there: PostgreSQL then stops where it would wait, with
 * all that it has committed by then.
 */
export class ConcurrentStatement {
  readonly #host: PrimaryHost;
  readonly #waits: PrimaryWaits;
  readonly #session: Session;
  readonly #piece: SqlPiece;
  readonly #statement: ParsedStatement;
  readonly #table: string;

  constructor(
    host: PrimaryHost,
    waits: PrimaryWaits,
    session: Session,
    { piece, statement, table }: { piece: SqlPiece; statement: ParsedStatement; table: string },
  ) {
    this.#host = host;
    this.#waits = waits;
    this.#session = session;
    this.#piece = piece;
    this.#statement = statement;
    this.#table = table;
  }

  /**
   * Waits for the others. `stopped` is null once nobody is in the way any more: the statement can run as it stands, or, where
   * it has `begun` (its first transaction has committed), `finalizes` completes it.
   */
  *wait(): Running<{ readonly stopped: PieceOutcome | null; readonly begun: boolean }> {
    let wanted = yield* this.#inTheWay(false);
    const begun = wanted !== null && this.#statement.finalizes !== null;
    if (begun) this.#runUpToTheWait();
    while (wanted !== null) {
      // It queues for the table only before it has begun: then it waits for transactions, and nobody queues behind it.
      const waitsForEnd = begun || wanted.event === 'transactionid';
      const lock = waitsForEnd ? { ...wanted, ...END_OF_TRANSACTION } : wanted;
      const stopped = yield* this.#waits.waitForLock(lock, wanted.blockers);
      if (stopped !== null) {
        if (!begun) this.#runUpToTheWait();
        return { stopped, begun };
      }
      wanted = yield* this.#inTheWay(begun);
    }
    return { stopped: null, begun };
  }

  *#inTheWay(
    begun: boolean,
  ): Running<(BackendWait & { kind: 'lock'; blockers: readonly number[] }) | null> {
    const { live } = this.#host;
    const sql = begun
      ? `begin; lock table ${this.#table} in access exclusive mode; rollback`
      : this.#piece.sql;
    const others = this.#host.othersThan(this.#session);
    const queue = begun ? [] : this.#host.queueBefore(this.#session);
    if (others.length + queue.length + live.hidden.size + live.prepared.size === 0) return null;
    const attempt = { session: this.#session, piece: this.#piece, sql, others, queue };
    return (yield* rehearse(this.#host, attempt)).wanted;
  }

  /** DETACH leaves the partition "detach pending", CREATE INDEX an invalid index. */
  #runUpToTheWait(): void {
    const { live } = this.#host;
    live.runApart('begin');
    live.runApart(`lock table ${this.#table} in row exclusive mode`);
    live.runApart(`prepare transaction '${STAND_IN}'`);
    for (const { record, ...place } of this.#host.takeWritten())
      if (record.kind === 'prepare') this.#host.holdPrepared({ ...place, record }, this.#session);
    if (live.take(this.#session)) live.run(this.#session, this.#piece.sql);
    live.runApart(`rollback prepared '${STAND_IN}'`);
    this.#host.takeWritten();
  }
}
