import type { Lsn } from '../postgres/lsn.ts';
import { after } from '../sim/instant.ts';
import { messages } from './messages.ts';
import { digest, Seat, type SeatHost } from './seat.ts';
import type { Session } from './session.ts';
import type { Execution, Server } from './sql-engine.ts';
import { ADVISORY_TIE, type SqlPiece, takesSnapshot } from './sql-text.ts';
import { ENDED, failed, type PieceOutcome, TIMED_OUT, toOutcome } from './statement-outcome.ts';
import { openServer, type Running } from './wait.ts';

/** What running statements ask of their standby. */
export interface StandbyHost extends SeatHost {
  replayedTo(): Lsn;
  /** Other sessions that have an open block or something left in their backend. */
  othersThan(session: Session): readonly Session[];
  /** The seat that autocommit statements share, if its server has replayed just as much as the standby. */
  sharedSeat(): Seat | null;
  /** Keeps a seat for the statements that come before replay moves on. */
  shareSeat(seat: Seat): void;
  /** A server that has replayed what the standby has replayed, and refuses what a standby refuses. */
  openReader(): Promise<Server>;
  /** CHECKPOINT: a restartpoint, where a checkpoint was replayed since the last one. */
  restartpoint(): void;
  heard(session: Session, execution: Execution): void;
}

const CURSOR_LIMIT = messages.limit(
  'what this transaction has fetched was changed by replay since, and its server cannot be rebuilt; the transaction is rolled back',
  'Use REPEATABLE READ for a cursor on a standby.',
);

/** Runs one piece of a string on a hot standby: on a real server as of what the standby has replayed. */
export class StandbyStatement {
  readonly #host: StandbyHost;
  readonly #session: Session;
  readonly #piece: SqlPiece;

  constructor(host: StandbyHost, session: Session, piece: SqlPiece) {
    this.#host = host;
    this.#session = session;
    this.#piece = piece;
  }

  *run(): Running<PieceOutcome> {
    const session = this.#session;
    const { statements, sql } = this.#piece;
    const refusal = statements.find((statement) => statement.refusal !== null)?.refusal;
    if (refusal) return failed(messages.limit(refusal.words, refusal.hint));
    const lost = session.tie === ADVISORY_TIE && this.#host.sharedSeat() === null;
    const alone = !lost && this.#host.othersThan(session).length === 0;
    if (statements.some(({ usesAdvisoryLocks }) => usesAdvisoryLocks) && !alone)
      return failed(
        messages.limit(
          'an advisory lock on a standby is known to one session alone here, and only until replay moves on',
          'Take them on the primary.',
        ),
      );
    // The server beneath is no standby and would refuse.
    if (
      statements.length === 1 &&
      statements[0]?.node === 'CheckPointStmt' &&
      session.status === 'idle'
    ) {
      this.#host.restartpoint();
      return { ...failed(null), results: [{ command: 'CHECKPOINT', columns: [], rows: [] }] };
    }
    for (;;) {
      const seat =
        session.transaction === null ? yield* this.#sharedSeat() : yield* this.#ownSeat();
      if (seat === null) return failed(CURSOR_LIMIT);
      const execution = seat.run(session, sql);
      if (execution.wait?.kind === 'lock' && session.transaction === null) {
        // Only replay holds locks here that a reader must wait for.
        const wake = yield { kind: 'lock', lock: { ...execution.wait, blockers: [] } };
        if (wake.kind === 'terminate') return ENDED;
        if (wake.kind === 'done') continue;
        return failed(wake.kind === 'timeout' ? messages.lockTimeout : messages.canceled);
      }
      session.status = execution.status;
      if (execution.error === null) seat.capture(session, statements);
      yield* this.#keepBlock(seat, execution);
      if (execution.error === null) this.#host.heard(session, execution);
      return yield* this.#rest(seat, execution);
    }
  }

  *#sharedSeat(): Running<Seat> {
    const shared = this.#host.sharedSeat();
    const seat = shared ?? new Seat(yield* openServer(() => this.#host.openReader()), this.#host);
    if (shared === null) this.#host.shareSeat(seat);
    seat.load(this.#session);
    return seat;
  }

  /** READ COMMITTED sees what has been replayed since; a higher isolation level keeps the snapshot it has. */
  *#ownSeat(): Running<Seat | null> {
    const transaction = this.#session.transaction;
    const held = transaction?.seat;
    if (!transaction || !held)
      throw new Error(`no transaction block in session ${this.#session.name}`);
    if (held.replayedTo === this.#host.replayedTo() || this.#session.status === 'failed')
      return held.seat;
    const isolation = held.seat.server.setting('transaction_isolation');
    if (isolation !== 'read committed' && transaction.lines.some(({ sql }) => takesSnapshot(sql)))
      return held.seat;
    held.seat.server.close();
    const seat = new Seat(yield* openServer(() => this.#host.openReader()), this.#host);
    seat.load(this.#session);
    const same = seat.replay(this.#session, transaction.lines);
    transaction.seat = { seat, replayedTo: this.#host.replayedTo() };
    if (same) return seat;
    transaction.lines.push(seat.fail(this.#session));
    this.#session.status = 'failed';
    return null;
  }

  /** A block that begins gets a server of its own; one that ended gives it up. */
  *#keepBlock(seat: Seat, execution: Execution): Running<void> {
    const session = this.#session;
    const at = this.#host.now();
    if (execution.status === 'idle') {
      session.transaction?.seat?.seat.server.close();
      session.transaction = null;
      session.xactStart = null;
      return;
    }
    const line = { sql: this.#piece.sql, at, outcome: digest(execution) };
    if (session.transaction !== null) {
      session.transaction.lines.push(line);
      return;
    }
    seat.run(null, 'rollback');
    if (session.unread.length > 0) seat.forget();
    const own = new Seat(yield* openServer(() => this.#host.openReader()), this.#host);
    own.load(session);
    own.replay(session, [line]);
    session.xactStart = at;
    session.transaction = {
      lines: [line],
      startedAt: at,
      written: null,
      seat: { seat: own, replayedTo: this.#host.replayedTo() },
      snapshot: null,
    };
  }

  *#rest(seat: Seat, execution: Execution): Running<PieceOutcome> {
    if (execution.slept === 0) return toOutcome(execution);
    const wake = yield {
      kind: 'time',
      until: after(this.#host.now(), execution.slept),
      event: 'PgSleep',
    };
    if (wake.kind === 'done') return toOutcome(execution);
    if (wake.kind === 'terminate') return ENDED;
    if (wake.kind === 'timeout' && wake.setting === 'transaction_timeout') return TIMED_OUT;
    if (this.#session.transaction !== null) {
      this.#session.transaction.lines.push(seat.fail(this.#session));
      this.#session.status = 'failed';
    }
    return failed(wake.kind === 'timeout' ? messages.statementTimeout : messages.canceled);
  }
}
