import type { Instant } from '../sim/instant.ts';
import type { WaitingCommit } from './cluster-view.ts';
import type { QueuedLock } from './primary-host.ts';
import type { SessionActivity } from './server-state.ts';
import type { Session } from './session.ts';
import type { ServerMessage } from './sql-engine.ts';
import type { PieceOutcome } from './statement-outcome.ts';
import type { LockWait, Running, Wait, Wake } from './wait.ts';

/** A statement in flight: the generator that runs it, and what it waits for. */
export interface Flight {
  /** Index of its statement. */
  readonly id: number;
  readonly node: string;
  readonly session: Session;
  readonly sql: string;
  readonly running: Running<PieceOutcome>;
  wait: Wait | null;
  waitSince: Instant;
  /** The lock that it queues for, or queued for until it tries again at this very instant. */
  queued: { readonly lock: LockWait; readonly since: Instant } | null;
  /** What befell it while it could not be interrupted (fsync): dealt with at its next wait. */
  pending: Wake | null;
  /** Has a timer for statement_timeout. */
  timed: boolean;
  /** Counts its waits: an event that was meant for an earlier one finds another number. */
  turn: number;
}

/** One that has just begun. */
export const newFlight = (
  sent: Pick<Flight, 'id' | 'node' | 'session' | 'sql' | 'running'>,
  at: Instant,
): Flight => ({
  ...sent,
  wait: null,
  waitSince: at,
  pending: null,
  timed: false,
  turn: 0,
  queued: null,
});

/** Something that must happen to a statement at an instant. `turn` names the wait that it was meant for. */
export type FlightEvent =
  | { readonly kind: 'wake'; readonly id: number; readonly turn: number }
  | { readonly kind: 'statementTimeout'; readonly id: number }
  | {
      readonly kind: 'lockTimeout' | 'deadlockCheck' | 'transactionTimeout';
      readonly id: number;
      readonly turn: number;
    }
  | {
      readonly kind: 'idleTimeout';
      readonly session: Session;
      readonly statementId: number;
      readonly error: ServerMessage;
    };

/** What pg_stat_activity says of a wait. */
export function waitEventOf(wait: Wait | null): {
  readonly type: string | null;
  readonly event: string | null;
} {
  switch (wait?.kind) {
    case 'flush':
      return { type: 'IO', event: 'WalSync' };
    case 'sync':
      return { type: 'IPC', event: 'SyncRep' };
    case 'lock':
      return { type: 'Lock', event: wait.lock.event };
    case 'time':
      if (wait.event === 'Promote' || wait.event === 'BackupWaitWalArchive')
        return { type: 'IPC', event: wait.event };
      return wait.event === null
        ? { type: null, event: null }
        : { type: 'Timeout', event: wait.event };
    default:
      return { type: null, event: null };
  }
}

/** Since when a statement queues for a lock: one that tries again and finds the same lock taken has not left the queue. */
export function lockSince({ queued }: Flight, lock: LockWait, now: Instant): Instant {
  const same =
    queued?.lock.relation === lock.relation &&
    queued.lock.xid === lock.xid &&
    queued.lock.event === lock.event;
  return queued !== null && same ? queued.since : now;
}

/** What a session does, for the system views; `flight`: what it runs now. */
export function activityOf(
  session: Session,
  query: string,
  flight: Flight | undefined,
): SessionActivity {
  const { type, event } = waitEventOf(flight?.wait ?? null);
  const lock = flight?.wait?.kind === 'lock' ? flight.wait.lock : null;
  return {
    session,
    query,
    running: flight !== undefined,
    waitEventType: type,
    waitEvent: event,
    lock,
    lockSince: lock && flight ? flight.waitSince : null,
  };
}

/** Table locks that statements of other sessions queue for, if they came before this session's. */
export const queuedBefore = (
  flights: Iterable<Flight>,
  node: string,
  session: Session,
): readonly QueuedLock[] =>
  [...flights].flatMap(({ id, node: where, session: other, wait }) => {
    const lock = wait?.kind === 'lock' ? wait.lock : null;
    const before = where === node && other !== session && id < (session.statementId ?? 0);
    return before && lock?.relation != null && lock.mode !== null
      ? [{ relation: lock.relation, mode: lock.mode, pid: other.pid }]
      : [];
  });

/** Commits that wait for standbys. */
export const commitsThatWait = (flights: Iterable<Flight>): readonly WaitingCommit[] =>
  [...flights].flatMap(({ id, node, session, wait }) =>
    wait?.kind === 'sync'
      ? [{ statementId: id, node, session: session.name, lsn: wait.lsn, level: wait.level }]
      : [],
  );
