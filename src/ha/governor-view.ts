/** What a page shows of what governs a cluster, at one instant. */
import type { Lsn, TimelineId } from '../postgres/lsn.ts';
import type { Instant } from '../sim/instant.ts';
import type { WatchdogMode } from './configuration.ts';
import type { SyncState } from './dcs-keys.ts';
import type { LogLevel, PostgresRole, PostgresState } from './patroni-words.ts';

export interface GovernorView {
  readonly at: Instant;
  readonly patronis: readonly PatroniView[];
  readonly dcs: DcsView;
  readonly proxy: ProxyView | null;
}

export interface PatroniView {
  readonly node: string;
  readonly process: 'running' | 'frozen' | 'stopped';
  readonly state: PostgresState;
  readonly role: PostgresRole;
  /** Until when it believes that it holds the leader key; null where it does not. */
  readonly leaderUntil: Instant | null;
  /** What its last loop came to: its last line of log. */
  readonly said: string;
  readonly nextRun: Instant | null;
  /** What it is doing beside its loop, in Patroni's words, such as `promote`. */
  readonly busyWith: string | null;
  readonly paused: boolean;
  readonly failsafeActive: boolean;
  readonly watchdog: WatchdogView;
}

export interface WatchdogView {
  readonly mode: WatchdogMode;
  /** `missing`: there is no device that works. */
  readonly state: 'inactive' | 'active' | 'missing';
  /** When it resets the machine if nobody feeds it before; null where it is not active. */
  readonly firesAt: Instant | null;
}

export interface DcsView {
  readonly members: readonly {
    readonly name: string;
    readonly status: 'up' | 'frozen' | 'down';
    readonly leads: boolean;
    /** Whether it reaches a majority, itself included. */
    readonly inMajority: boolean;
  }[];
  readonly hasMajority: boolean;
  /** Null: nobody holds the key. */
  readonly leader: { readonly name: string; readonly expiresAt: Instant } | null;
  readonly sync: SyncState | null;
  readonly status: { readonly lastLsn: Lsn; readonly writtenAt: Instant } | null;
  readonly failover: { readonly leader: string | null; readonly candidate: string | null } | null;
  readonly paused: boolean;
  /** Rows of `patronictl list`, as the DCS would give them now. */
  readonly list: readonly ListedMember[];
}

/** A row of `patronictl list`; empty cells are null. */
export interface ListedMember {
  readonly member: string;
  readonly host: string;
  readonly role: 'Leader' | 'Sync Standby' | 'Quorum Standby' | 'Replica';
  /** `streaming` and `in archive recovery` stand in the place of `running` for a replica. */
  readonly state: string;
  readonly timeline: TimelineId | null;
  readonly receiveLsn: Lsn | null;
  /** Whole megabytes. */
  readonly receiveLagMb: number | null;
  readonly replayLsn: Lsn | null;
  readonly replayLagMb: number | null;
  readonly tags: string | null;
}

export interface ProxyView {
  readonly servers: readonly {
    readonly node: string;
    readonly up: boolean;
    /** The status of the last check: 200, 503, or null where nobody answered. */
    readonly lastStatus: number | null;
    readonly connections: number;
  }[];
}

/** A line of a Patroni's log. */
export interface PatroniLine {
  readonly at: Instant;
  readonly node: string;
  readonly level: LogLevel;
  readonly text: string;
}
