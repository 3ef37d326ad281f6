import type { SynchronousCommit } from '../postgres/sync-rep.ts';
import type { PlacedTransaction } from '../postgres/wal/scan.ts';
import type { PrepareRecord } from '../postgres/wal/transaction-records.ts';
import { messages } from './messages.ts';
import type { PrimaryHost } from './primary-host.ts';
import type { PrimaryWaits } from './primary-waits.ts';
import type { Session } from './session.ts';
import type { Execution, ServerMessage } from './sql-engine.ts';
import type { SqlPiece } from './sql-text.ts';
import { failed, type PieceOutcome } from './statement-outcome.ts';
import type { Running } from './wait.ts';

const notPreparable = ({ message }: ServerMessage): ServerMessage =>
  messages.limit(
    `a transaction like this cannot wait for its commit in this course, so it is rolled back (${message.replace('cannot PREPARE', 'PostgreSQL cannot prepare')})`,
    'Leave out what PREPARE TRANSACTION does not allow: NOTIFY, LISTEN, temporary tables made by dynamic SQL.',
  );

/** Blocks that stand on the live server as prepared transactions while their session waits: rows unseen, locks held. */
export class PreparedBlocks {
  readonly #host: PrimaryHost;
  readonly #session: Session;
  readonly #piece: SqlPiece;
  readonly #waits: PrimaryWaits;

  constructor(host: PrimaryHost, session: Session, piece: SqlPiece, waits: PrimaryWaits) {
    this.#host = host;
    this.#session = session;
    this.#piece = piece;
    this.#waits = waits;
  }

  /** Prepares the block that is on the live server; says where in WAL, or why PostgreSQL refuses: then it is rolled back. */
  prepare(gid: string): PlacedTransaction<PrepareRecord> | ServerMessage {
    const { error } = this.#host.live.run(this.#session, `prepare transaction '${gid}'`);
    for (const written of this.#host.takeWritten()) {
      const { record } = written;
      if (record.kind === 'prepare' && record.gid === gid) return { ...written, record };
    }
    if (error === null) throw new Error(`${gid} is not in the WAL`);
    return notPreparable(error);
  }

  /**
   * The statement has done its work, at one instant, as of its own snapshot. It goes on for as long as that takes: until
   * then it is a prepared transaction of the live server, with every lock that it has, and nobody sees its rows.
   */
  *hold(execution: Execution, level: SynchronousCommit): Running<PieceOutcome> {
    const { live } = this.#host;
    const session = this.#session;
    const gid = `running:${session.pid}:${this.#host.now()}`;
    const wrote = live.blockWroteWal;
    const prepared = this.prepare(gid);
    if ('severity' in prepared) return failed(prepared);
    live.seat.capture(session, this.#piece.statements);
    live.hidden.set(gid, this.#host.holdPrepared(prepared, session));
    const outcome = yield* this.#waits.rest(execution);
    const stopped = outcome.error !== null || outcome.ended;
    if (stopped || !wrote || level === 'off' || !this.#host.commitsMayWait()) {
      live.hidden.delete(gid);
      live.runApart(`${stopped ? 'rollback' : 'commit'} prepared '${gid}'`);
      const written = this.#host.takeWritten().at(-1);
      this.#host.locksReleased();
      if (stopped) return outcome;
      this.#host.heard(session, execution);
      return wrote && written
        ? yield* this.#waits.durable(outcome, written.endLsn, level)
        : outcome;
    }
    const commit = this.#host.writeCommitPrepared(prepared.record, level);
    live.hidden.set(`busy:${gid}`, commit);
    const end = yield* this.#waits.durable(outcome, commit.endLsn, level);
    live.hidden.delete(`busy:${gid}`);
    live.hidden.delete(gid);
    this.finish(gid);
    this.#host.heard(session, execution);
    return end;
  }

  /** Ends one whose commit is in the WAL already, and lets everybody see it. */
  finish(gid: string): void {
    this.#host.live.runApart(`commit prepared '${gid}'`);
    for (const written of this.#host.takeWritten())
      if (written.record.kind === 'commit prepared') this.#host.blank(written);
    this.#host.locksReleased();
  }
}
