import type { Lsn } from '../postgres/lsn.ts';
import type { ConflictReason } from '../postgres/recovery-conflict.ts';
import type { SynchronousCommit } from '../postgres/sync-rep.ts';
import type { Instant } from '../sim/instant.ts';
import type { Server, ServerMessage } from './sql-engine.ts';

/** A heavyweight lock that a statement queues for, and the pids of the sessions that hold it. */
export interface LockWait {
  /** PostgreSQL's wait event: `transactionid`, `relation`, `tuple`, … */
  readonly event: string;
  readonly xid: number | null;
  readonly relation: number | null;
  /** The lock mode it asks for, as in pg_locks (`ShareLock`), where the engine can tell. */
  readonly mode: string | null;
  readonly blockers: readonly number[];
}

/**
 * What a running statement asks of the cluster before it goes on. Statements are generators: they run SQL at one instant,
 * yield a wait, and are resumed with a {@link Wake} at a later instant (or, for `server`, at the same one).
 */
export type Wait =
  /** Virtual time passes: the statement's own cost, pg_sleep, or until it looks again (pg_promote, pg_backup_stop). */
  | {
      readonly kind: 'time';
      readonly until: Instant;
      readonly event: 'PgSleep' | 'Promote' | 'BackupWaitWalArchive' | null;
      /** What the client has been told so far, where it is told something before the answer. */
      readonly notices?: readonly ServerMessage[];
    }
  /** This node's WAL must be durable up to here. */
  | { readonly kind: 'flush'; readonly lsn: Lsn }
  /** Enough synchronous standbys must have it, at the level's stage (SyncRepWaitForLSN). */
  | { readonly kind: 'sync'; readonly lsn: Lsn; readonly level: SynchronousCommit }
  | { readonly kind: 'lock'; readonly lock: LockWait }
  /** The host builds a server: takes no virtual time. */
  | { readonly kind: 'server'; readonly open: () => Promise<Server> };

/** Why a wait ended. `done` also stands for "locks were released: try again". */
export type Wake =
  | { readonly kind: 'done' }
  | { readonly kind: 'server'; readonly server: Server }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'terminate' }
  | {
      readonly kind: 'timeout';
      readonly setting: 'statement_timeout' | 'lock_timeout' | 'transaction_timeout';
    }
  | { readonly kind: 'deadlock'; readonly detail: string }
  /** On a standby: replay has waited long enough. */
  | { readonly kind: 'conflict'; readonly reason: ConflictReason };

/** A statement in flight. */
export type Running<T> = Generator<Wait, T, Wake>;

/** Builds a server without letting virtual time pass. */
export function* openServer(open: () => Promise<Server>): Running<Server> {
  const wake = yield { kind: 'server', open };
  if (wake.kind !== 'server') throw new Error(`expected a server, was woken by ${wake.kind}`);
  return wake.server;
}
