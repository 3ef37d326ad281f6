import type { Instant } from '../sim/instant.ts';
import type { Session } from './session.ts';
import type { PieceOutcome } from './statement-outcome.ts';
import type { Running, Wait, Wake } from './wait.ts';

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
  /** What befell it while it could not be interrupted (fsync): dealt with at its next wait. */
  pending: Wake | null;
  /** Has a timer for statement_timeout. */
  timed: boolean;
  /** Counts its waits: an event that was meant for an earlier one finds another number. */
  turn: number;
}

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
      return wait.event === null
        ? { type: null, event: null }
        : { type: 'Timeout', event: wait.event };
    default:
      return { type: null, event: null };
  }
}
