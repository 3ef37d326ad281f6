/** What Patroni and the rest see of PostgreSQL, and what they do to it: the port to the cluster that is governed. */
import type { Lsn, TimelineId } from '../postgres/lsn.ts';

/** A node's server and data directory at one instant. */
export interface PostgresFacts {
  /** `down`: no postmaster; `off`: the machine is stopped. */
  readonly status: 'up' | 'starting' | 'stopping' | 'down' | 'off';
  /** Whether it is, or would start as, a standby: standby.signal is there. */
  readonly inRecovery: boolean;
  readonly timeline: TimelineId;
  /** A primary's current position; the end of what is on the disk where no server runs. */
  readonly walLsn: Lsn;
  readonly receiveLsn: Lsn;
  readonly replayLsn: Lsn;
  /** Whether its walreceiver streams. */
  readonly streaming: boolean;
  /** The node that primary_conninfo names. */
  readonly upstream: string | null;
  /** Whether pg_control says `shut down` (or `shut down in recovery`): nothing is left to recover. */
  readonly cleanlyShutDown: boolean;
  /** Timelines before its own, and where they were left. */
  readonly history: readonly Fork[];
  /** Rows of pg_stat_replication. */
  readonly replication: readonly ReplicationRow[];
  readonly synchronousStandbyNames: string;
  readonly synchronousCommit: string;
}

export interface Fork {
  readonly timeline: TimelineId;
  readonly forkedAt: Lsn;
}

export interface ReplicationRow {
  readonly applicationName: string;
  readonly syncState: 'async' | 'potential' | 'sync' | 'quorum';
  readonly writeLsn: Lsn;
  readonly flushLsn: Lsn;
  readonly replayLsn: Lsn;
}

export type PostgresCommand =
  /** pg_ctl start; a standby whose upstream is null streams from nobody. */
  | { readonly kind: 'start'; readonly as: 'primary' }
  | { readonly kind: 'start'; readonly as: 'standby'; readonly upstream: string | null }
  | { readonly kind: 'stop'; readonly mode: 'fast' | 'immediate' }
  | { readonly kind: 'promote' }
  /** primary_conninfo of a running standby. */
  | { readonly kind: 'follow'; readonly upstream: string | null }
  /** Crash recovery, then pg_rewind from a running primary. The server stays stopped. */
  | { readonly kind: 'rewind'; readonly upstream: string }
  /** A new base backup; the server is started from it. */
  | { readonly kind: 'reinitialize'; readonly upstream: string }
  | { readonly kind: 'synchronousStandbyNames'; readonly value: string }
  | { readonly kind: 'checkpoint' };
