import { modesConflict } from '../postgres/lock-modes.ts';
import { INVALID_LSN, type Lsn } from '../postgres/lsn.ts';
import type { SynchronousCommit } from '../postgres/sync-rep.ts';
import type { PlacedTransaction } from '../postgres/wal/scan.ts';
import type { PrepareRecord } from '../postgres/wal/transaction-records.ts';
import { after, type Instant } from '../sim/instant.ts';
import type { HiddenCommit, LiveBackend } from './live-backend.ts';
import { messages } from './messages.ts';
import type { WrittenTransaction } from './primary-wal.ts';
import { digest, Seat, type SeatHost } from './seat.ts';
import type { OpenTransaction, Session } from './session.ts';
import type { BackendWait, Execution, Server, ServerMessage } from './sql-engine.ts';
import type { SqlPiece } from './sql-text.ts';
import { ENDED, failed, type PieceOutcome, toOutcome } from './statement-outcome.ts';
import { openServer, type Running } from './wait.ts';

/** What running statements ask of their primary. */
export interface PrimaryHost extends SeatHost {
  readonly live: LiveBackend;
  /** Other sessions whose open block, or whose tie to the backend, stands between this session and the live server. */
  othersThan(session: Session): readonly Session[];
  /** Whether a commit may have to wait long enough for others to notice: standbys are named, or the disk is slow. */
  commitsMayWait(): boolean;
  standbysNamed(): boolean;
  /** The records that ended or prepared transactions since the last call. */
  takeWritten(): readonly WrittenTransaction[];
  /** Makes the PREPARE record of a waiting commit the COMMIT that it stands for. */
  hidePrepared(
    written: PlacedTransaction,
    session: Session,
    level: SynchronousCommit,
  ): HiddenCommit;
  /** Makes the COMMIT PREPARED that ended a wait a record that does nothing. */
  blank(written: PlacedTransaction): void;
  /** Writes the COMMIT PREPARED record of a transaction that stays prepared until its wait is over. Returns its end. */
  writeCommitPrepared(state: PrepareRecord, level: SynchronousCommit): Lsn;
  /** A copy that can be written to and thrown away, in which every waiting commit is still in progress. */
  openBeside(): Promise<Server>;
  /** Table locks that other statements queue for, and queued for before this session's. */
  queueBefore(session: Session): readonly QueuedLock[];
  /** The pids of the sessions that hold what a statement would wait for. */
  blockersOf(session: Session, wait: BackendWait): readonly number[];
  /** Locks may have become free: who waits for one tries again. */
  locksReleased(): void;
  /** What the functions of a statement that ran asked of the simulator (pg_cancel_backend, pg_reload_conf, …). */
  heard(session: Session, execution: Execution): void;
}

/** A table lock for which a statement queues. */
export interface QueuedLock {
  readonly relation: number;
  readonly mode: string;
  readonly pid: number;
}

type WantedLock = BackendWait & { readonly kind: 'lock'; readonly blockers: readonly number[] };

/** `outcome`: the string is answered already. Else the live server may run it; `seen` is what its client is told. */
interface Clearance {
  readonly outcome: PieceOutcome | null;
  readonly seen: Execution | null;
}

const FREE: Clearance = { outcome: null, seen: null };

const COPY_HINT = 'Copy to or from the client (STDIN, STDOUT) instead.';

const SNAPSHOT_LIMIT =
  "this transaction's snapshot is older than what others have committed since, and the one backend of this node cannot write for it any more; the transaction is rolled back";

/** Runs one piece of a string on a primary, through its waits for locks, for the disk and for standbys. */
export class PrimaryStatement {
  readonly #host: PrimaryHost;
  readonly #session: Session;
  readonly #piece: SqlPiece;

  constructor(host: PrimaryHost, session: Session, piece: SqlPiece) {
    this.#host = host;
    this.#session = session;
    this.#piece = piece;
  }

  *run(): Running<PieceOutcome> {
    const { statements } = this.#piece;
    const last = statements.at(-1);
    if (last?.control === 'commit' && !/\bchain\b/i.test(last.text))
      return yield* this.#commitBlock(last.text);
    if (last?.control === 'commit prepared' && this.#host.commitsMayWait())
      return yield* this.#commitPrepared(last.gid ?? '');
    const wrappable = statements.length > 0 && statements.every((statement) => statement.inBlock);
    if (this.#session.status === 'idle' && wrappable && this.#host.commitsMayWait())
      return yield* this.#autocommit();
    return yield* this.#plain(this.#piece.sql);
  }

  /** As it stands: control statements, statements of an open block, and what must not be put into a block. */
  *#plain(sql: string): Running<PieceOutcome> {
    const outcome = yield* this.#execute(sql);
    const written = this.#host.takeWritten();
    this.#keepBook(written);
    const committed = written.findLast(
      ({ record, flushed }) => flushed && !record.kind.startsWith('abort'),
    );
    if (committed === undefined || outcome.ended) return outcome;
    const level = this.#level();
    return level === 'off' ? outcome : yield* this.#durable(outcome, committed.endLsn, level);
  }

  /** The last statement is COMMIT: what stands before it runs first, then the block ends the way its commit must. */
  *#commitBlock(commit: string): Running<PieceOutcome> {
    const body = this.#piece.sql.slice(0, this.#piece.sql.lastIndexOf(commit));
    const before = body.trim() === '' ? null : yield* this.#execute(body);
    if (before !== null && (before.error !== null || before.ended)) return before;
    const mayHide = this.#session.status === 'transaction' && this.#host.commitsMayWait();
    if (mayHide && !this.#host.live.take(this.#session)) return this.#changedMeanwhile();
    const end = mayHide ? yield* this.#endBlock() : yield* this.#plain(commit);
    if (before === null) return end;
    return {
      ...end,
      results: [...before.results, ...end.results],
      notices: [...before.notices, ...end.notices],
    };
  }

  /** Ordinary statements outside a block, whose commit may have to wait: they get a block of their own. */
  *#autocommit(): Running<PieceOutcome> {
    const { live } = this.#host;
    for (;;) {
      const clearance = yield* this.#clear(this.#piece.sql);
      if (clearance.outcome !== null) return clearance.outcome;
      live.take(this.#session);
      live.run(this.#session, 'begin');
      const execution = live.run(this.#session, this.#piece.sql);
      if (execution.error === null) {
        const outcome = yield* this.#rest(execution);
        if (outcome.error !== null || outcome.ended) {
          live.run(this.#session, 'rollback');
          return outcome;
        }
        const end = yield* this.#endBlock();
        live.seat.capture(this.#session, this.#piece.statements);
        this.#host.heard(this.#session, execution);
        return {
          ...end,
          results: end.error === null && !end.ended ? outcome.results : [],
          notices: [...outcome.notices, ...end.notices],
        };
      }
      live.run(this.#session, 'rollback');
      this.#keepBook(this.#host.takeWritten());
      if (execution.wait?.kind !== 'lock') return toOutcome(execution);
      const stopped = yield* this.#waitForLock(execution.wait, null);
      if (stopped !== null) return stopped;
    }
  }

  /** Ends the block that is on the live server with a commit that others see only when its wait is over. */
  *#endBlock(): Running<PieceOutcome> {
    const { live } = this.#host;
    const level = this.#level();
    const waits =
      level !== 'off' && live.blockWroteWal && (level === 'local' || this.#host.standbysNamed());
    const gid = `standby:${this.#session.pid}:${this.#host.now()}`;
    if (!waits || this.#session.tie !== null) return yield* this.#plain('commit');
    const prepared = live.run(this.#session, `prepare transaction '${gid}'`);
    const written = this.#host
      .takeWritten()
      .find(({ record }) => record.kind === 'prepare' && record.gid === gid);
    if (prepared.error !== null || written === undefined) return toOutcome(prepared);
    const hidden = this.#host.hidePrepared(written, this.#session, level);
    live.hidden.set(gid, hidden);
    const committed = { command: 'COMMIT', columns: [], rows: [] };
    const outcome = yield* this.#durable(
      { results: [committed], notices: [], error: null, ended: false },
      hidden.endLsn,
      level,
    );
    live.hidden.delete(gid);
    this.#finishPrepared(gid);
    return outcome;
  }

  /** The learner's own COMMIT PREPARED: its record is durable at once, the transaction ends when the wait is over. */
  *#commitPrepared(gid: string): Running<PieceOutcome> {
    const { live } = this.#host;
    const state = live.prepared.get(gid);
    if (state === undefined || this.#session.status !== 'idle')
      return yield* this.#plain(this.#piece.sql);
    if (live.busy.has(gid)) return failed(messages.preparedBusy(gid));
    live.busy.add(gid);
    live.take(this.#session);
    const level = this.#level();
    const endLsn = this.#host.writeCommitPrepared(state, level);
    const done = { command: 'COMMIT PREPARED', columns: [], rows: [] };
    const outcome = yield* this.#durable(
      { results: [done], notices: [], error: null, ended: false },
      endLsn,
      level,
    );
    live.busy.delete(gid);
    live.prepared.delete(gid);
    this.#finishPrepared(gid);
    return outcome;
  }

  #finishPrepared(gid: string): void {
    this.#host.live.runApart(`commit prepared '${gid}'`);
    for (const written of this.#host.takeWritten())
      if (written.record.kind === 'commit prepared') this.#host.blank(written);
    this.#host.locksReleased();
  }

  /** Waits until the commit that ends here is as safe as its level asks. A cancelled wait is not a rollback. */
  *#durable(outcome: PieceOutcome, endLsn: Lsn, level: SynchronousCommit): Running<PieceOutcome> {
    if (level === 'off') return outcome;
    const flush = yield { kind: 'flush', lsn: endLsn };
    if (flush.kind === 'terminate') return { ...outcome, ended: true, error: messages.terminated };
    if (level === 'local' || !this.#host.standbysNamed()) return outcome;
    const sync = yield { kind: 'sync', lsn: endLsn, level };
    if (sync.kind === 'cancel')
      return {
        ...outcome,
        notices: [...outcome.notices, ...this.#warning(messages.syncWaitCanceled)],
      };
    if (sync.kind === 'terminate')
      return {
        ...outcome,
        results: [],
        notices: [...outcome.notices, ...this.#warning(messages.syncWaitTerminated)],
        ended: true,
      };
    return outcome;
  }

  /** A session that wants no warnings (client_min_messages) gets none. */
  #warning(message: ServerMessage): readonly ServerMessage[] {
    return this.#session.state.settings.get('client_min_messages') === 'error' ? [] : [message];
  }

  /** Runs a string on the live server as soon as no lock stands in its way. */
  *#execute(sql: string): Running<PieceOutcome> {
    const { live } = this.#host;
    const session = this.#session;
    for (;;) {
      const refusal = this.#piece.statements.find(({ refusal }) => refusal !== null)?.refusal;
      if (refusal) return this.#refuse(refusal, COPY_HINT);
      if (session.transaction?.snapshot)
        return yield* this.#onOwnSnapshot(sql, session.transaction);
      const clearance = yield* this.#clear(sql);
      if (clearance.outcome !== null) return clearance.outcome;
      if (!live.take(session)) return this.#changedMeanwhile();
      const inBlock = session.status !== 'idle';
      const execution = live.run(session, sql);
      if (execution.error === null) {
        live.seat.capture(session, this.#piece.statements);
        this.#host.heard(session, execution);
      }
      if (session.status === 'idle' || execution.error !== null) this.#host.locksReleased();
      const told = clearance.seen ?? execution;
      if (execution.wait?.kind !== 'lock' || inBlock) return yield* this.#rest(told);
      this.#keepBook(this.#host.takeWritten());
      const stopped = yield* this.#waitForLock(execution.wait, null);
      if (stopped !== null) return stopped;
    }
  }

  /**
   * Where others hold locks or queue for them, runs the string on a copy first. If it would wait there, it waits. If it
   * wrote nothing, or failed, the copy's answer is the answer. Else the live server may run it; what SELECT … FOR UPDATE
   * has seen on the copy is what its client is told, since only there the others' locks stand.
   */
  *#clear(sql: string): Running<Clearance> {
    const { live } = this.#host;
    const session = this.#session;
    for (;;) {
      const others = this.#host.othersThan(session);
      const queue = this.#host.queueBefore(session);
      const inBlock = session.transaction !== null;
      if (session.status === 'failed' || (inBlock && this.#onlyControls())) return FREE;
      const prepared = inBlock ? live.hidden.size + live.prepared.size : 0;
      if (others.length + queue.length + prepared === 0) return FREE;
      const server = yield* openServer(() => this.#host.openBeside());
      const seat = new Seat(server, this.#host);
      for (const other of others) seat.embed(other);
      seat.load(session);
      seat.replay(session, session.transaction?.lines ?? []);
      const lock = queue.length > 0 ? this.#queuedLock(seat, sql, queue) : null;
      const start = server.walPosition();
      const execution = seat.run(session, sql);
      const end = server.walPosition();
      const wrote = end.xid !== start.xid || end.insertLsn !== start.insertLsn;
      const { error, wait, status } = execution;
      const wanted =
        wait?.kind === 'lock' ? { ...wait, blockers: this.#blockers(seat, wait) } : lock;
      const answered =
        wanted === null && (error !== null || (!inBlock && !wrote && status === 'idle'));
      if (answered && error === null) seat.capture(session, this.#piece.statements);
      server.close();
      if (wanted !== null) {
        const stopped = yield* this.#waitForLock(wanted, wanted.blockers);
        if (stopped !== null) return { outcome: stopped, seen: null };
        continue;
      }
      if (error !== null) return { outcome: this.#fail(error), seen: null };
      if (answered) {
        this.#host.heard(session, execution);
        return { outcome: yield* this.#rest(execution), seen: null };
      }
      const tied = others.find((other) => other.tie !== null);
      if (tied) return { outcome: this.#refuseBeside(tied), seen: null };
      const locksRows = this.#piece.statements.every((statement) => statement.locksRows);
      return { outcome: null, seen: locksRows ? execution : null };
    }
  }

  /** A lock that the string would take and that conflicts with one for which another queues already (LockAcquire, lock.c). */
  #queuedLock(seat: Seat, sql: string, queue: readonly QueuedLock[]): WantedLock | null {
    const session = this.#session;
    const ownBlock = session.transaction === null;
    if (ownBlock && !this.#piece.statements.every(({ inBlock }) => inBlock)) return null;
    seat.run(session, ownBlock ? 'begin' : 'savepoint standby');
    seat.run(session, sql);
    const { results } = seat.run(
      session,
      `select relation, mode from pg_catalog.pg_locks where locktype = 'relation' and pid = ${session.pid}`,
    );
    seat.run(session, ownBlock ? 'rollback' : 'rollback to savepoint standby');
    for (const [relation, mode] of results[0]?.rows ?? []) {
      const ahead = queue.find(
        (one) => one.relation === Number(relation) && modesConflict(one.mode, mode ?? ''),
      );
      if (ahead)
        return {
          kind: 'lock',
          event: 'relation',
          xid: null,
          relation: Number(relation),
          mode: mode ?? null,
          blockers: [ahead.pid],
        };
    }
    return null;
  }

  #blockers(seat: Seat, wait: BackendWait & { kind: 'lock' }): readonly number[] {
    const owner = seat.ownerOf(wait.xid);
    return owner === null ? this.#host.blockersOf(this.#session, wait) : [owner];
  }

  /** A block whose snapshot is older than what others have committed since: it lives on, to read, on a server of its own. */
  *#onOwnSnapshot(sql: string, transaction: OpenTransaction): Running<PieceOutcome> {
    const session = this.#session;
    if (transaction.seat === null && transaction.snapshot !== null) {
      const seat = new Seat(yield* openServer(transaction.snapshot), this.#host);
      seat.load(session);
      seat.replay(session, transaction.lines);
      transaction.seat = { seat, replayedTo: INVALID_LSN };
    }
    const seat = transaction.seat?.seat;
    if (!seat) return this.#changedMeanwhile();
    const execution = seat.run(session, sql);
    session.status = execution.status;
    transaction.lines.push({ sql, at: this.#host.now(), outcome: digest(execution) });
    const wrote = seat.server.walPosition().xid !== 0;
    if (execution.status === 'idle' || wrote) {
      seat.server.close();
      session.transaction = null;
      session.xactStart = null;
    }
    if (!wrote) return yield* this.#rest(execution);
    session.status = 'idle';
    return failed(messages.limit(SNAPSHOT_LIMIT, 'Write in a transaction of its own.'));
  }

  /** Statements like SAVEPOINT or SHOW take no lock that another session could hold. */
  #onlyControls(): boolean {
    return this.#piece.statements.every(
      ({ control, node }) => control !== null || node.startsWith('Variable'),
    );
  }

  /** Queues for a lock. Null: it may have become free, try again. */
  *#waitForLock(
    wait: BackendWait & { kind: 'lock' },
    known: readonly number[] | null,
  ): Running<PieceOutcome | null> {
    const blockers = known ?? this.#host.blockersOf(this.#session, wait);
    const wake = yield { kind: 'lock', lock: { ...wait, blockers } };
    if (wake.kind === 'terminate') return ENDED;
    if (wake.kind === 'cancel') return this.#fail(messages.canceled);
    if (wake.kind === 'deadlock') return this.#fail(messages.deadlock(wake.detail));
    if (wake.kind === 'timeout')
      return this.#fail(
        wake.setting === 'lock_timeout' ? messages.lockTimeout : messages.statementTimeout,
      );
    return null;
  }

  /** Lets the time pass that the statement slept. */
  *#rest(execution: Execution): Running<PieceOutcome> {
    if (execution.slept === 0) return toOutcome(execution);
    const until: Instant = after(this.#host.now(), execution.slept);
    const wake = yield { kind: 'time', until, event: 'PgSleep' };
    if (wake.kind === 'terminate') return ENDED;
    if (wake.kind === 'cancel') return this.#fail(messages.canceled);
    if (wake.kind === 'timeout') return this.#fail(messages.statementTimeout);
    return toOutcome(execution);
  }

  #fail(error: PieceOutcome['error']): PieceOutcome {
    this.#host.live.fail(this.#session);
    this.#host.locksReleased();
    return failed(error);
  }

  #refuseBeside(tied: Session): PieceOutcome {
    return this.#refuse(
      `session ${tied.name} keeps ${tied.tie} in this node's one backend, so no other session can write here`,
      `Close session ${tied.name} (pg_terminate_backend) to go on.`,
    );
  }

  #refuse(text: string, hint: string): PieceOutcome {
    return this.#fail(messages.limit(text, hint));
  }

  #changedMeanwhile(): PieceOutcome {
    return this.#fail(
      messages.limit(
        'what this transaction has read was changed by others since, and the one backend of this node cannot rebuild it',
        'ROLLBACK and run the transaction again.',
      ),
    );
  }

  /** Remembers the learner's own prepared transactions. */
  #keepBook(written: readonly PlacedTransaction[]): void {
    const { prepared } = this.#host.live;
    for (const { record } of written) {
      if (record.kind === 'prepare') prepared.set(record.gid, record);
      if (record.kind !== 'commit prepared' && record.kind !== 'abort prepared') continue;
      for (const [gid, { xid }] of prepared) if (xid === record.xid) prepared.delete(gid);
    }
  }

  /** The level in force, SET LOCAL included, as the backend itself knows it. */
  #level(): SynchronousCommit {
    const { results } = this.#host.live.seat.run(this.#session, 'show synchronous_commit');
    return (results[0]?.rows[0]?.[0] ?? 'on') as SynchronousCommit;
  }
}
