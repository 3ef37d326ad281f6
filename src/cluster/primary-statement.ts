import type { SynchronousCommit } from '../postgres/sync-rep.ts';
import type { PlacedTransaction } from '../postgres/wal/scan.ts';
import { after, ms } from '../sim/instant.ts';
import { awaitArchive } from './backup-stop.ts';
import { clear, type Uncleared } from './clearance.ts';
import { ConcurrentStatement } from './concurrent-statement.ts';
import { messages } from './messages.ts';
import { runOnOwnSnapshot } from './own-snapshot.ts';
import { PreparedBlocks } from './prepared-blocks.ts';
import type { PrimaryHost } from './primary-host.ts';
import { PrimaryWaits } from './primary-waits.ts';
import type { WrittenTransaction } from './primary-wal.ts';
import type { Session } from './session.ts';
import type { Execution } from './sql-engine.ts';
import { mayBeWrapped, type ParsedStatement, type SqlPiece } from './sql-text.ts';
import { failed, type PieceOutcome, toOutcome } from './statement-outcome.ts';
import type { Running } from './wait.ts';

/** What ends a block of the simulator's own around a statement. */
const COMMIT = 'commit';

/** Whether the session's role may end a prepared transaction. */
const mayFinishSql = (gid: string): string => `
select exists (
  select from pg_catalog.pg_prepared_xacts p, pg_catalog.pg_roles r
  where p.gid = '${gid.replaceAll("'", "''")}' and r.rolname = current_user and (r.rolsuper or p.owner = r.rolname))`;

/** A statement that takes less is over before anybody could notice its locks; its client waits all the same. */
const SHORTEST_HOLD = ms(1);

/** Runs one piece of a string on a primary, through its waits for locks, for the disk and for standbys. */
export class PrimaryStatement {
  readonly #host: PrimaryHost;
  readonly #session: Session;
  readonly #piece: SqlPiece;
  readonly #waits: PrimaryWaits;
  readonly #prepared: PreparedBlocks;
  /** What it had written before something stood in for it; see {@link #rest}. */
  #setAside: readonly WrittenTransaction[] = [];

  constructor(host: PrimaryHost, session: Session, piece: SqlPiece) {
    this.#host = host;
    this.#session = session;
    this.#piece = piece;
    this.#waits = new PrimaryWaits(host, session, piece);
    this.#prepared = new PreparedBlocks(host, session, piece, this.#waits);
  }

  *run(): Running<PieceOutcome> {
    const outcome = yield* this.#completed(yield* this.#dispatch());
    if (outcome.error !== null || outcome.ended || !this.#changedCatalog()) return outcome;
    return {
      ...outcome,
      notices: [...outcome.notices, ...this.#waits.warning(messages.catalogChanged)],
    };
  }

  /** pg_backup_stop() answers when the archive has what the backup needs. */
  *#completed(outcome: PieceOutcome): Running<PieceOutcome> {
    const { backupStop } = this.#session;
    this.#session.backupStop = null;
    if (backupStop === null || outcome.error !== null || outcome.ended) return outcome;
    return yield* awaitArchive(this.#host, this.#waits, outcome, backupStop);
  }

  /** Whether the piece could have touched the functions and views of the simulator, and they are not what they were. */
  #changedCatalog(): boolean {
    if (!this.#piece.statements.some((statement) => statement.mayChangeCatalog)) return false;
    const { seat, server } = this.#host.live;
    return seat.privileged(() => server.catalogChanged(this.#host.now()));
  }

  *#dispatch(): Running<PieceOutcome> {
    const { statements } = this.#piece;
    const refusal = statements.find((statement) => statement.refusal !== null)?.refusal;
    if (refusal) return this.#waits.refuse(refusal.words, refusal.hint);
    const last = statements.at(-1);
    if (last?.control === 'commit') return yield* this.#commitBlock(last);
    if (last?.control === 'rollback prepared' && this.#host.live.busy.has(last.gid ?? ''))
      return failed(messages.preparedBusy(last.gid ?? ''));
    if (last?.control === 'commit prepared' && this.#host.commitsMayWait())
      return yield* this.#commitPrepared(last.gid ?? '');
    if (last?.waitsForUsersOf && statements.length === 1 && this.#session.status === 'idle')
      return yield* this.#concurrently(last, last.waitsForUsersOf);
    const wrappable = mayBeWrapped(statements);
    const takesTime = this.#host.workCost !== null || this.#host.commitsMayWait();
    if (this.#session.status === 'idle' && wrappable && takesTime) return yield* this.#autocommit();
    return yield* this.#plain(this.#piece.sql);
  }

  /** As it stands: control statements, statements of an open block, and what must not be put into a block. */
  *#plain(sql: string): Running<PieceOutcome> {
    const outcome = yield* this.#execute(sql);
    const written = [...this.#setAside, ...this.#host.takeWritten()];
    this.#keepBook(written);
    if (this.#piece.statements.some(({ node }) => node === 'CheckPointStmt') && !outcome.error)
      return yield* this.#waits.durable(
        outcome,
        this.#host.live.server.walPosition().insertLsn,
        'local',
      );
    const committed = written.findLast(
      ({ record, flushed }) => flushed && !record.kind.startsWith('abort'),
    );
    if (committed === undefined || outcome.ended) return outcome;
    const level = this.#level();
    if (level === 'off') return outcome;
    if (this.#session.tie === null)
      return yield* this.#waits.durable(outcome, committed.endLsn, level);
    const { hidden } = this.#host.live;
    const gid = `tied:${this.#session.pid}`;
    hidden.set(gid, this.#host.leaveOut(committed, this.#session));
    const end = yield* this.#waits.durable(outcome, committed.endLsn, level);
    hidden.delete(gid);
    this.#host.locksReleased();
    return end;
  }

  /** CREATE INDEX CONCURRENTLY and DETACH PARTITION CONCURRENTLY: they wait for those who use the table. */
  *#concurrently(statement: ParsedStatement, table: string): Running<PieceOutcome> {
    const work = new ConcurrentStatement(this.#host, this.#waits, this.#session, {
      piece: this.#piece,
      statement,
      table,
    });
    const { stopped, begun } = yield* work.wait();
    if (stopped !== null) return stopped;
    return yield* this.#plain(begun && statement.finalizes ? statement.finalizes : this.#piece.sql);
  }

  /** The last statement is COMMIT: what stands before it runs first, then the block ends the way its commit must. */
  *#commitBlock(commit: ParsedStatement): Running<PieceOutcome> {
    const body = this.#piece.beforeLast;
    const before = body.trim() === '' ? null : yield* this.#execute(body);
    if (before !== null && (before.error !== null || before.ended)) return before;
    const mayHide = this.#session.status === 'transaction' && this.#host.commitsMayWait();
    if (mayHide && !this.#host.live.take(this.#session)) return this.#waits.changedMeanwhile();
    const next = mayHide && commit.chains ? this.#nextOfChain() : null;
    const end = mayHide ? yield* this.#endBlock() : yield* this.#plain(commit.text);
    if (next !== null && end.error === null && !end.ended && this.#host.live.take(this.#session))
      this.#host.live.run(this.#session, next);
    if (before === null) return end;
    return {
      ...end,
      results: [...before.results, ...end.results],
      notices: [...before.notices, ...end.notices],
    };
  }

  /** What begins the block that COMMIT AND CHAIN opens. */
  #nextOfChain(): string {
    const ask = (name: string) =>
      this.#host.live.seat.ask(this.#session, `show transaction_${name}`);
    const readOnly = ask('read_only') === 'on' ? 'read only' : 'read write';
    const deferrable = ask('deferrable') === 'on' ? 'deferrable' : 'not deferrable';
    return `begin isolation level ${ask('isolation')}, ${readOnly}, ${deferrable}`;
  }

  /** Ordinary statements outside a block, whose commit may have to wait: they get a block of their own. */
  *#autocommit(): Running<PieceOutcome> {
    const { live } = this.#host;
    for (;;) {
      const clearance = yield* clear(this.#host, this.#waits, this.#statement(this.#piece.sql));
      if (clearance.outcome !== null) return clearance.outcome;
      live.take(this.#session);
      live.run(this.#session, 'begin');
      const execution = live.run(this.#session, this.#piece.sql);
      if (execution.error === null) {
        if (this.#holds(execution)) return yield* this.#prepared.hold(execution, this.#level());
        if (this.#host.workCost !== null && execution.slept === 0)
          return yield* this.#brief(execution);
        const outcome = yield* this.#waits.rest(execution);
        // While it slept others may have had the backend.
        const back = outcome.error === null && !outcome.ended && live.take(this.#session);
        if (!back) {
          const changed = outcome.error === null && !outcome.ended;
          const told = changed ? this.#waits.changedMeanwhile() : outcome;
          live.release(this.#session);
          this.#host.locksReleased();
          return told;
        }
        const end = yield* this.#endBlock();
        this.#host.heard(this.#session, execution);
        return {
          ...end,
          results: end.error === null && !end.ended ? outcome.results : [],
          notices: [...outcome.notices, ...end.notices],
        };
      }
      live.run(this.#session, 'rollback');
      this.#keepBook(this.#host.takeWritten());
      // A procedure that ends transactions itself cannot stand in a block.
      if (execution.error.sqlstate === '2D000' && this.#host.workCost !== null)
        return this.#waits.refuse(
          'where statements take time, a procedure that ends transactions itself cannot run: nobody could come between its transactions',
          'Send the transactions one by one.',
        );
      if (execution.error.sqlstate === '2D000') return yield* this.#plain(this.#piece.sql);
      if (execution.wait?.kind !== 'lock') return toOutcome(execution);
      const stopped = yield* this.#waits.waitForLock(execution.wait, null);
      if (stopped !== null) return stopped;
    }
  }

  /**
   * Commits at once what is over before anybody could notice; its client is told when its work would be done. Left open
   * meanwhile, the block would have to be run again for whoever comes between.
   */
  *#brief(execution: Execution): Running<PieceOutcome> {
    const outcome = toOutcome(execution);
    const end = yield* this.#endBlock();
    this.#host.heard(this.#session, execution);
    if (end.error !== null || end.ended) return end;
    const until = after(this.#host.now(), this.#waits.lengthOf(execution));
    const wake = yield { kind: 'time', until, event: null };
    return {
      ...end,
      results: outcome.results,
      notices: [...outcome.notices, ...end.notices],
      ended: wake.kind === 'terminate',
    };
  }

  /** Whether others must see that this statement takes its time, and can: a transaction with a tie cannot be prepared. */
  #holds(execution: Execution): boolean {
    const tied = this.#session.tie ?? this.#piece.statements.find(({ ties }) => ties !== null);
    return (
      this.#host.workCost !== null && !tied && this.#waits.lengthOf(execution) >= SHORTEST_HOLD
    );
  }

  /** Ends the block that is on the live server with a commit that others see only when its wait is over. */
  *#endBlock(): Running<PieceOutcome> {
    const { live } = this.#host;
    const level = this.#level();
    const waits = level !== 'off' && live.blockWroteWal;
    const gid = `standby:${this.#session.pid}:${this.#host.now()}`;
    for (const { ties } of this.#piece.statements) this.#session.tie ??= ties;
    if (!waits || this.#session.tie !== null) {
      const end = yield* this.#plain(COMMIT);
      this.#host.live.seat.capture(this.#session, this.#piece.statements);
      return end;
    }
    const written = this.#prepared.prepare(gid);
    if ('severity' in written) return failed(written);
    live.seat.capture(this.#session, this.#piece.statements);
    const hidden = this.#host.hidePrepared(written, this.#session, level);
    live.hidden.set(gid, hidden);
    const committed = { command: 'COMMIT', columns: [], rows: [] };
    const outcome = yield* this.#waits.durable(
      { results: [committed], notices: [], error: null, ended: false },
      hidden.endLsn,
      level,
    );
    live.hidden.delete(gid);
    this.#prepared.finish(gid);
    return outcome;
  }

  /** The learner's own COMMIT PREPARED: its record is durable at once, the transaction ends when the wait is over. */
  *#commitPrepared(gid: string): Running<PieceOutcome> {
    const { live } = this.#host;
    const state = live.prepared.get(gid);
    if (state === undefined || this.#session.status !== 'idle')
      return yield* this.#plain(this.#piece.sql);
    if (live.busy.has(gid)) return failed(messages.preparedBusy(gid));
    live.take(this.#session);
    // LockGXact, twophase.c: the words are PostgreSQL's.
    const mayFinish = live.seat.ask(this.#session, mayFinishSql(gid));
    if (mayFinish !== 't') return yield* this.#plain(this.#piece.sql);
    live.busy.add(gid);
    live.take(this.#session);
    const level = this.#level();
    const hidden = this.#host.writeCommitPrepared(state, level);
    live.hidden.set(`busy:${gid}`, hidden);
    const done = { command: 'COMMIT PREPARED', columns: [], rows: [] };
    const outcome = yield* this.#waits.durable(
      { results: [done], notices: [], error: null, ended: false },
      hidden.endLsn,
      level,
    );
    live.hidden.delete(`busy:${gid}`);
    live.busy.delete(gid);
    live.prepared.delete(gid);
    this.#prepared.finish(gid);
    return outcome;
  }

  /** Runs a string on the live server as soon as no lock stands in its way. */
  *#execute(sql: string): Running<PieceOutcome> {
    const { live } = this.#host;
    const session = this.#session;
    for (;;) {
      if (session.transaction?.snapshot)
        return yield* runOnOwnSnapshot(this.#host, this.#waits, session, sql);
      const clearance = yield* clear(this.#host, this.#waits, this.#statement(sql));
      if (clearance.outcome !== null) return clearance.outcome;
      if (!live.take(session)) return this.#waits.changedMeanwhile();
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
      const stopped = yield* this.#waits.waitForLock(execution.wait, null);
      if (stopped !== null) return stopped;
    }
  }

  /**
   * VACUUM and CREATE INDEX CONCURRENTLY lock their table for as long as they work, in no transaction that could be prepared:
   * another, of the same session, stands in for them.
   */
  *#rest(execution: Execution): Running<PieceOutcome> {
    const { live } = this.#host;
    const [statement, ...more] = this.#piece.statements;
    const lock = more.length === 0 ? statement?.locksTable : null;
    const lasts = execution.error === null && this.#holds(execution);
    if (!lock || !lasts || this.#session.status !== 'idle')
      return yield* this.#waits.rest(execution);
    this.#setAside = this.#host.takeWritten();
    live.run(this.#session, 'begin');
    const { error } = live.run(this.#session, `lock table ${lock.table} in ${lock.mode} mode`);
    if (error === null) return yield* this.#prepared.hold(execution, 'off');
    live.run(this.#session, 'rollback');
    return yield* this.#waits.rest(execution);
  }

  #statement(sql: string): Uncleared {
    return { session: this.#session, piece: this.#piece, sql, endsBlock: sql === COMMIT };
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
    return (this.#host.live.server.setting('synchronous_commit') ?? 'on') as SynchronousCommit;
  }
}
