import { after, type Instant, ms } from '../sim/instant.ts';
import type { Flight, FlightEvent } from './flight.ts';
import { messages } from './messages.ts';
import type { Session, SessionTimeouts } from './session.ts';
import type { Wait } from './wait.ts';

/** Something that a setting has happen at an instant, unless the session has gone on by then. */
export interface Timer {
  readonly at: Instant;
  readonly event: FlightEvent;
}

/** A timeout of 0 is none. What is over already happens now. */
function timer(start: Instant, timeoutMs: number, now: Instant, event: FlightEvent): Timer[] {
  const at = after(start, ms(timeoutMs));
  return timeoutMs > 0 ? [{ at: at > now ? at : now, event }] : [];
}

/**
 * What ends a wait: statement_timeout and transaction_timeout end sleeps and waits for locks, lock_timeout and the search
 * for deadlocks the latter alone; nothing ends a wait for standbys. `sentAt`: when the client sent the statement.
 */
export function timersOfWait(flight: Flight, wait: Wait, sentAt: Instant, now: Instant): Timer[] {
  if (wait.kind !== 'time' && wait.kind !== 'lock') return [];
  const { id, turn, session } = flight;
  const { timeouts } = session;
  const statement = flight.timed
    ? []
    : timer(sentAt, timeouts.statement_timeout, now, { kind: 'statementTimeout', id });
  flight.timed ||= timeouts.statement_timeout > 0;
  const startedAt = session.transaction?.startedAt ?? sentAt;
  const transaction = timer(startedAt, timeouts.transaction_timeout, now, {
    kind: 'transactionTimeout',
    id,
    turn,
  });
  if (wait.kind === 'time') return [...statement, ...transaction];
  const lock = timer(flight.waitSince, timeouts.lock_timeout, now, {
    kind: 'lockTimeout',
    id,
    turn,
  });
  const at = after(now, ms(timeouts.deadlock_timeout));
  return [
    ...statement,
    ...transaction,
    ...lock,
    { at, event: { kind: 'deadlockCheck', id, turn } },
  ];
}

/** What ends a session that runs nothing, counted from the answer to its last statement. */
export function idleTimers(session: Session, statementId: number, now: Instant): Timer[] {
  const { status, transaction, timeouts } = session;
  const overdue =
    transaction === null
      ? []
      : timer(transaction.startedAt, timeouts.transaction_timeout, now, {
          kind: 'idleTimeout',
          session,
          statementId,
          error: messages.transactionTimeout,
        });
  const setting: keyof SessionTimeouts =
    status === 'idle' ? 'idle_session_timeout' : 'idle_in_transaction_session_timeout';
  const error = status === 'idle' ? messages.idleSession : messages.idleInTransaction;
  const idle = timer(now, timeouts[setting], now, {
    kind: 'idleTimeout',
    session,
    statementId,
    error,
  });
  return [...overdue, ...idle];
}
