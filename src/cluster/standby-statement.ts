import type { Lsn } from '../postgres/lsn.ts';
import type { StandbyTransaction } from '../postgres/recovery-conflict.ts';
import { after, ms, seconds, us } from '../sim/instant.ts';
import { messages } from './messages.ts';
import { underOwnTimeouts } from './own-timeouts.ts';
import { digest, Seat, type SeatHost } from './seat.ts';
import { PROCESS_PIDS } from './server-state.ts';
import type { BlockSeat, OpenTransaction, Session } from './session.ts';
import type { BackendWait, Execution, Server } from './sql-engine.ts';
import { ADVISORY_TIE, type SqlPiece, takesSnapshot } from './sql-text.ts';
import { holdOfBlock, holdOfStatement, inSubtransaction } from './standby-hold.ts';
import {
  ENDED,
  endedBy,
  failed,
  type PieceOutcome,
  TIMED_OUT,
  toOutcome,
} from './statement-outcome.ts';
import { openServer, type Running, type Wake } from './wait.ts';
import { durationOf, type WorkCost } from './work.ts';

/** What running statements ask of their standby. */
export interface StandbyHost extends SeatHost {
  /** What work costs in this run; null where statements take no time by what they do. */
  readonly workCost: WorkCost | null;
  replayedTo(): Lsn;
  /** The xmin of a snapshot that is taken now. */
  snapshotXmin(): number | null;
  /** Relations that replay has locked, or queues to lock. */
  replayLocks(): readonly number[];
  /** What the session holds from now on that replay may have to wait for. */
  hold(session: Session, hold: StandbyTransaction | null): void;
  /** Other sessions that have an open block or something left in their backend. */
  othersThan(session: Session): readonly Session[];
  /** The seat that autocommit statements share, if its server stands where the standby stands. */
  sharedSeat(): Seat | null;
  /** Keeps a seat for the statements that come before replay moves on. */
  shareSeat(seat: Seat): void;
  /** A server that has replayed WAL up to here, in which these relations are locked, and that refuses what a standby refuses. */
  openReader(replayedTo: Lsn, locked: readonly number[]): Promise<Server>;
  /** CHECKPOINT: a restartpoint, where a checkpoint was replayed since the last one. */
  restartpoint(): void;
  heard(session: Session, execution: Execution): void;
  /** The node is no standby any more. */
  isPromoted(): boolean;
}

const CURSOR_LIMIT = messages.limit(
  'what this transaction has fetched was changed by replay since, and its server cannot be rebuilt; the transaction is rolled back',
  'Use REPEATABLE READ for a cursor on a standby.',
);

/** How often pg_promote() looks (WAITS_PER_SECOND, xlogfuncs.c). */
const PROMOTION_POLL = ms(100);

/** How many seconds pg_promote() waits, where a statement called it with `wait`. */
function promotionWait({ signals }: Execution): number | null {
  const [waits, seconds] = signals.find(({ name }) => name === 'promote')?.args ?? [];
  return waits === true ? Number(seconds) : null;
}

/** It was called alone, as people do: its one value is false then. */
const notPromoted = (execution: Execution, patience: number): PieceOutcome => ({
  ...toOutcome(execution),
  results: execution.results.map((result) => ({ ...result, rows: [['f']] })),
  notices: [...execution.notices, messages.notPromoted(patience)],
});

type LockToWaitFor = BackendWait & { readonly kind: 'lock' };

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
    const answered = this.#withoutServer();
    if (answered !== null) return answered;
    for (;;) {
      const seat =
        session.transaction === null ? yield* this.#sharedSeat() : yield* this.#ownSeat();
      if (seat === null) return failed(CURSOR_LIMIT);
      const xmin = this.#host.snapshotXmin();
      const execution = seat.run(session, sql);
      if (execution.wait?.kind === 'lock') {
        if (session.transaction === null && execution.status !== 'idle') seat.run(null, 'rollback');
        const stopped = yield* this.#waitForLock(execution.wait);
        if (stopped !== null) return stopped;
        continue;
      }
      session.status = execution.status;
      if (execution.error === null) seat.capture(session, statements);
      yield* this.#keepBlock(seat, execution);
      if (execution.error === null) this.#host.heard(session, execution);
      const wait = execution.error === null ? promotionWait(execution) : null;
      if (wait !== null) return yield* this.#awaitPromotion(execution, wait);
      return yield* this.#rest(seat, execution, xmin);
    }
  }

  /** What is refused, or answered without PostgreSQL; null for all else. */
  #withoutServer(): PieceOutcome | null {
    const session = this.#session;
    const { statements } = this.#piece;
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
    const isCheckpoint = statements.length === 1 && statements[0]?.node === 'CheckPointStmt';
    if (!isCheckpoint || session.status !== 'idle') return null;
    this.#host.restartpoint();
    return { ...failed(null), results: [{ command: 'CHECKPOINT', columns: [], rows: [] }] };
  }

  *#sharedSeat(): Running<Seat> {
    const shared = this.#host.sharedSeat();
    const seat = shared ?? (yield* this.#open(this.#host.replayedTo(), this.#host.replayLocks()));
    if (shared === null) this.#host.shareSeat(seat);
    seat.load(this.#session);
    return seat;
  }

  *#open(replayedTo: Lsn, locked: readonly number[]): Running<Seat> {
    const server = yield* openServer(() => this.#host.openReader(replayedTo, locked));
    return new Seat(server, this.#host);
  }

  /**
   * READ COMMITTED sees what has been replayed since; a higher isolation level keeps the snapshot it has. Locks that replay
   * has taken since stand in both's way.
   */
  *#ownSeat(): Running<Seat | null> {
    const transaction = this.#session.transaction;
    const held = transaction?.seat;
    if (!transaction || !held)
      throw new Error(`no transaction block in session ${this.#session.name}`);
    if (this.#session.status === 'failed') return held.seat;
    const keepsSnapshot =
      held.seat.server.setting('transaction_isolation') !== 'read committed' &&
      transaction.lines.some(({ sql }) => takesSnapshot(sql));
    const replayedTo = keepsSnapshot ? held.replayedTo : this.#host.replayedTo();
    const locked = this.#locksOfOthers();
    if (held.replayedTo === replayedTo && sameNumbers(held.locked, locked)) return held.seat;
    return yield* this.#rebuild(transaction, held, replayedTo, locked);
  }

  /** Runs the block again on another server. Null where it does not come out as its client knows it. */
  *#rebuild(
    transaction: OpenTransaction,
    held: BlockSeat,
    replayedTo: Lsn,
    locked: readonly number[],
  ): Running<Seat | null> {
    held.seat.server.close();
    const seat = yield* this.#open(replayedTo, locked);
    seat.load(this.#session);
    const same = seat.replay(this.#session, transaction.lines);
    transaction.seat = { seat, replayedTo, locked };
    if (same) return seat;
    transaction.lines.push(seat.fail(this.#session));
    this.#failBlock();
    return null;
  }

  /** The locks of replay that stand in this session's way: not those on relations that it has locked itself. */
  #locksOfOthers(): readonly number[] {
    const own = this.#session.hold?.relations ?? [];
    return this.#host.replayLocks().filter((relation) => !own.includes(relation));
  }

  /** Only replay holds locks here that a reader must wait for. Null: it may be free, try again. */
  *#waitForLock(wait: LockToWaitFor): Running<PieceOutcome | null> {
    const { transaction } = this.#session;
    // The failed attempt has ended the block on its server; it is run again on another one, if it goes on.
    const held = transaction?.seat;
    if (held) transaction.seat = { ...held, locked: [-1] };
    const wake = yield* underOwnTimeouts(this.#session, this.#piece.statements, {
      kind: 'lock',
      lock: { ...wait, blockers: [PROCESS_PIDS.startup] },
    });
    if (wake.kind === 'done') return null;
    return this.#stopped(wake, this.#words(wake));
  }

  /** What is said of a wait for a lock that came to nothing. */
  #words(wake: Wake): PieceOutcome['error'] {
    if (wake.kind === 'deadlock') return messages.deadlock(wake.detail);
    return wake.kind === 'timeout' ? messages.lockTimeout : messages.canceled;
  }

  /** pg_promote() looks every 100 ms whether the server is promoted, as long as its caller is patient. */
  *#awaitPromotion(execution: Execution, patienceSeconds: number): Running<PieceOutcome> {
    const until = after(this.#host.now(), seconds(patienceSeconds));
    while (!this.#host.isPromoted()) {
      if (this.#host.now() >= until) return notPromoted(execution, patienceSeconds);
      const wake = yield {
        kind: 'time',
        until: after(this.#host.now(), PROMOTION_POLL),
        event: 'Promote',
      };
      if (wake.kind !== 'done') return this.#stopped(wake, messages.canceled);
    }
    return toOutcome(execution);
  }

  /** A block that begins gets a server of its own; one that ended gives it up. */
  *#keepBlock(seat: Seat, execution: Execution): Running<void> {
    const session = this.#session;
    const at = this.#host.now();
    if (execution.status === 'idle') {
      session.transaction?.seat?.seat.server.close();
      session.transaction = null;
      session.xactStart = null;
      if (session.hold !== null) this.#host.hold(session, null);
      return;
    }
    const line = { sql: this.#piece.sql, at, outcome: digest(execution) };
    if (session.transaction !== null) session.transaction.lines.push(line);
    else {
      seat.run(null, 'rollback');
      if (session.unread.length > 0) seat.forget();
      const replayedTo = this.#host.replayedTo();
      const own = yield* this.#open(replayedTo, this.#host.replayLocks());
      own.load(session);
      own.replay(session, [line]);
      session.xactStart = at;
      session.transaction = {
        lines: [line],
        startedAt: at,
        written: null,
        seat: { seat: own, replayedTo, locked: this.#host.replayLocks() },
        snapshot: null,
      };
    }
    if (session.status === 'failed') this.#failBlock();
  }

  /** Its snapshot and its locks are gone. */
  #failBlock(): void {
    this.#session.status = 'failed';
    this.#host.hold(this.#session, null);
  }

  /** While a statement takes its time it holds its snapshot; a block goes on to hold what it holds. `xmin`: of its snapshot. */
  *#rest(seat: Seat, execution: Execution, xmin: number | null): Running<PieceOutcome> {
    const session = this.#session;
    const { transaction } = session;
    const block =
      transaction?.seat && session.status === 'transaction'
        ? holdOfBlock(session, transaction, transaction.seat, xmin)
        : null;
    const length = us(execution.slept + durationOf(execution.work, this.#host.workCost));
    if (length === 0) {
      if (block !== null) this.#host.hold(session, block);
      return toOutcome(execution);
    }
    const busy =
      block === null
        ? holdOfStatement(seat, session, this.#piece, xmin)
        : { ...block, xmin: block.xmin ?? xmin };
    this.#host.hold(session, busy);
    const wake = yield* underOwnTimeouts(session, this.#piece.statements, {
      kind: 'time',
      until: after(this.#host.now(), length),
      event: execution.slept > 0 ? 'PgSleep' : null,
    });
    if (wake.kind !== 'done')
      return this.#stopped(
        wake,
        wake.kind === 'timeout' ? messages.statementTimeout : messages.canceled,
      );
    this.#host.hold(session, block);
    return toOutcome(execution);
  }

  /** Something has put an end to a wait, and so to the statement: `otherwise` is what is said of it where nothing else is. */
  #stopped(wake: Wake, otherwise: PieceOutcome['error']): PieceOutcome {
    const session = this.#session;
    const { transaction } = session;
    if (wake.kind === 'terminate') return ENDED;
    if (wake.kind === 'timeout' && wake.setting === 'transaction_timeout') return TIMED_OUT;
    if (wake.kind === 'conflict' && transaction !== null && inSubtransaction(transaction))
      return endedBy(messages.endedByConflict(wake.reason));
    if (transaction?.seat) {
      transaction.lines.push(transaction.seat.seat.fail(session));
      this.#failBlock();
    } else this.#host.hold(session, null);
    return failed(wake.kind === 'conflict' ? messages.recoveryConflict(wake.reason) : otherwise);
  }
}

const sameNumbers = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((number, index) => number === other[index]);
