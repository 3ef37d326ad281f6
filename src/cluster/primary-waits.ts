import type { Lsn } from '../postgres/lsn.ts';
import type { SynchronousCommit } from '../postgres/sync-rep.ts';
import { after, type Duration, type Instant, us } from '../sim/instant.ts';
import { messages } from './messages.ts';
import { underOwnTimeouts } from './own-timeouts.ts';
import type { PrimaryHost } from './primary-host.ts';
import type { Session } from './session.ts';
import type { BackendWait, Execution, ServerMessage } from './sql-engine.ts';
import type { SqlPiece } from './sql-text.ts';
import { ENDED, failed, type PieceOutcome, TIMED_OUT, toOutcome } from './statement-outcome.ts';
import type { Running, Wait, Wake } from './wait.ts';
import { durationOf } from './work.ts';

/** What a statement on a primary waits for, and how it ends where a wait ends otherwise than it hoped. */
export class PrimaryWaits {
  readonly #host: PrimaryHost;
  readonly #session: Session;
  readonly #piece: SqlPiece;

  constructor(host: PrimaryHost, session: Session, piece: SqlPiece) {
    this.#host = host;
    this.#session = session;
    this.#piece = piece;
  }

  /** Waits until the commit that ends here is as safe as its level asks. A cancelled wait is not a rollback. */
  *durable(outcome: PieceOutcome, endLsn: Lsn, level: SynchronousCommit): Running<PieceOutcome> {
    if (level === 'off') return outcome;
    const flush = yield { kind: 'flush', lsn: endLsn };
    if (flush.kind === 'terminate') return { ...outcome, ended: true, error: messages.terminated };
    if (level === 'local' || !this.#host.standbysNamed()) return outcome;
    const sync = yield { kind: 'sync', lsn: endLsn, level };
    if (sync.kind === 'cancel')
      return {
        ...outcome,
        notices: [...outcome.notices, ...this.warning(messages.syncWaitCanceled)],
      };
    if (sync.kind === 'terminate')
      return {
        ...outcome,
        results: [],
        notices: [...outcome.notices, ...this.warning(messages.syncWaitTerminated)],
        ended: true,
      };
    return outcome;
  }

  /** A session that wants no warnings (client_min_messages) gets none. */
  warning(message: ServerMessage): readonly ServerMessage[] {
    return this.#leastMessage() === 'error' ? [] : [message];
  }

  notice(message: ServerMessage): readonly ServerMessage[] {
    return ['warning', 'error'].includes(this.#leastMessage() ?? '') ? [] : [message];
  }

  #leastMessage(): string | undefined {
    return this.#session.state.settings.get('client_min_messages');
  }

  /** Queues for a lock. Null: it may have become free, try again. */
  *waitForLock(
    wait: BackendWait & { kind: 'lock' },
    known: readonly number[] | null,
  ): Running<PieceOutcome | null> {
    const blockers = known ?? this.#host.blockersOf(this.#session, wait);
    const wake = yield* this.#pass({ kind: 'lock', lock: { ...wait, blockers } });
    if (wake.kind === 'terminate') return ENDED;
    if (wake.kind === 'timeout' && wake.setting === 'transaction_timeout') return TIMED_OUT;
    if (wake.kind === 'cancel') return this.fail(messages.canceled);
    if (wake.kind === 'deadlock') return this.fail(messages.deadlock(wake.detail));
    if (wake.kind === 'timeout')
      return this.fail(
        wake.setting === 'lock_timeout' ? messages.lockTimeout : messages.statementTimeout,
      );
    return null;
  }

  /** How long a statement that has run takes: what it slept, and what its work costs. */
  lengthOf({ slept, work }: Execution): Duration {
    return us(slept + durationOf(work, this.#host.workCost));
  }

  /** Lets the time pass that the statement slept and worked. */
  *rest(execution: Execution): Running<PieceOutcome> {
    const length = this.lengthOf(execution);
    if (length === 0) return toOutcome(execution);
    const until: Instant = after(this.#host.now(), length);
    const event = execution.slept > 0 ? 'PgSleep' : null;
    // Its snapshot holds VACUUM back while it takes its time.
    const { held } = this.#session;
    this.#session.held = { ...held, xmin: held.xmin ?? this.#host.snapshotXmin() };
    const stopped = yield* this.time({ kind: 'time', until, event });
    this.#session.held = held;
    return stopped ?? toOutcome(execution);
  }

  /** Lets time pass. Null: it has passed. */
  *time(wait: Wait & { kind: 'time' }): Running<PieceOutcome | null> {
    const wake = yield* this.#pass(wait);
    if (wake.kind === 'terminate') return ENDED;
    if (wake.kind === 'timeout' && wake.setting === 'transaction_timeout') return TIMED_OUT;
    if (wake.kind === 'cancel') return this.fail(messages.canceled);
    return wake.kind === 'timeout' ? this.fail(messages.statementTimeout) : null;
  }

  #pass(wait: Wait): Running<Wake> {
    return underOwnTimeouts(this.#session, this.#piece.statements, wait);
  }

  fail(error: PieceOutcome['error']): PieceOutcome {
    this.#host.live.fail(this.#session);
    this.#host.locksReleased();
    return failed(error);
  }

  refuseBeside(tied: Session): PieceOutcome {
    return this.refuse(
      `session ${tied.name} keeps ${tied.tie} in this node's one backend, so no other session can write here`,
      `Close session ${tied.name} (pg_terminate_backend) to go on.`,
    );
  }

  refuse(text: string, hint: string): PieceOutcome {
    return this.fail(messages.limit(text, hint));
  }

  changedMeanwhile(): PieceOutcome {
    return this.fail(
      messages.limit(
        'what this transaction has read was changed by others since, and the one backend of this node cannot rebuild it',
        'ROLLBACK and run the transaction again.',
      ),
    );
  }
}
