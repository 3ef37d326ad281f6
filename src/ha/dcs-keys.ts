/** What Patroni keeps in the DCS, under /service/<scope>/, as it reads it: `Cluster` of patroni/dcs/__init__.py. */
import type { Lsn, TimelineId } from '../postgres/lsn.ts';
import type { Instant } from '../sim/instant.ts';
import type { DynamicConfiguration, Tags } from './configuration.ts';
import type { PostgresRole, PostgresState } from './patroni-words.ts';

export interface DcsKeys {
  /** The system identifier of the cluster, once it was bootstrapped. */
  readonly initialize: string | null;
  readonly config: Keyed<DynamicConfiguration> | null;
  /** Who may be primary. It goes when its lease ends. */
  readonly leader: (Keyed<string> & { readonly lease: number }) | null;
  /** By name. Each goes when its lease ends. */
  readonly members: Readonly<Record<string, Member>>;
  readonly sync: Keyed<SyncState> | null;
  /** A switchover or failover that somebody asked for. */
  readonly failover: Keyed<FailoverRequest> | null;
  /** The leader's WAL position when it last renewed its key: what `maximum_lag_on_failover` is measured against. */
  readonly status: { readonly lastLsn: Lsn; readonly writtenAt: Instant } | null;
  /** Who must agree, in failsafe mode, that the leader goes on without the DCS. */
  readonly failsafe: readonly string[] | null;
  readonly history: readonly HistoryLine[];
}

/** A value and the revision at which it was last written: who writes names the revision that it has seen. */
export interface Keyed<T> {
  readonly value: T;
  readonly revision: number;
}

/** /members/<name>: what a node says of itself at the end of each of its loops. */
export interface Member {
  readonly name: string;
  readonly lease: number;
  readonly state: PostgresState;
  readonly role: PostgresRole;
  readonly timeline: TimelineId | null;
  /** A primary's current position; of a standby the greater one of received and replayed. */
  readonly xlogLocation: Lsn | null;
  readonly receiveLsn: Lsn | null;
  readonly replayLsn: Lsn | null;
  readonly replicationState: 'streaming' | 'in archive recovery' | null;
  readonly tags: Tags;
  readonly pause: boolean;
}

/** /sync: who may become leader in synchronous mode. */
export interface SyncState {
  readonly leader: string;
  readonly members: readonly string[];
  /** In quorum mode: how many of `members` beside the candidate must answer that they are not ahead. */
  readonly quorum: number;
}

export interface FailoverRequest {
  /** Null: a failover; else a switchover from this leader. */
  readonly leader: string | null;
  readonly candidate: string | null;
}

export interface HistoryLine {
  /** The timeline that ended. */
  readonly timeline: TimelineId;
  readonly forkedAt: Lsn;
  readonly reason: string;
  readonly newLeader: string;
}
