/** What one Patroni process knows: plain data. */
import type { Lsn, TimelineId } from '../../postgres/lsn.ts';
import type { Duration, Instant } from '../../sim/instant.ts';
import type { DynamicConfiguration, LocalConfiguration } from '../configuration.ts';
import type { DcsKeys } from '../dcs-keys.ts';
import type { PostgresRole, PostgresState } from '../patroni-words.ts';

export interface Memory {
  /** The cluster as last read from the DCS. */
  keys: DcsKeys | null;
  /** The same when it last had a leader: who raced then is asked in the next race. */
  healthyKeys: DcsKeys | null;
  /** The dynamic configuration as it last came from the DCS. */
  dynamic: DynamicConfiguration;
  /** Its session in the DCS; null where it has ended. */
  lease: number | null;
  /** Which member of the DCS it talks to. */
  dcsMember: number;
  /** It believes to be the leader until then. */
  leaderUntil: Instant;
  state: PostgresState;
  stateSince: Instant;
  role: PostgresRole;
  nextRun: Instant;
  /** Something has happened that the loop need not sleep over. */
  woken: boolean;
  /** What is done beside the loop, in Patroni's words. */
  busyWith: string | null;
  recovering: boolean;
  /** `patronictl reinit` has been asked for. */
  reinitializeAsked: boolean;
  crashRecoveryStartedAt: Instant | null;
  /** Where pg_rewind stands (patroni/postgresql/rewind.py). */
  rewind: 'unknown' | 'check' | 'needed' | 'not needed' | 'checkpoint' | 'done' | 'failed';
  watchdogActive: boolean;
  /** How the last pre_promote script ended. */
  prePromote: 'failed' | null;
  promoteCancelled: boolean;
  promotedAt: Instant | null;
  /** When it gave the leader key back because of pre_promote. */
  keyGivenBackAt: Instant | null;
  wasPaused: boolean;
  /** Failsafe mode: the leader that asked last, and until when that counts. */
  failsafe: { readonly leader: string; readonly until: Instant } | null;
  lastLsn: Lsn | null;
  lastTimeline: TimelineId | null;
  sync: SyncMemory;
  started: boolean;
  said: string;
}

/** patroni/postgresql/sync.py: a standby counts as synchronous once it has reached where the names were changed. */
export interface SyncMemory {
  readonly names: string;
  readonly changedAt: Lsn;
  readonly ready: readonly string[];
}

/** Who a Patroni is: it does not change while it runs. */
export interface Identity {
  readonly node: string;
  readonly dcsMembers: readonly string[];
  readonly local: LocalConfiguration;
}

export function newMemory(dynamic: DynamicConfiguration, at: Instant): Memory {
  return {
    keys: null,
    healthyKeys: null,
    dynamic,
    lease: null,
    dcsMember: 0,
    leaderUntil: 0 as Instant,
    state: 'stopped',
    stateSince: at,
    role: 'uninitialized',
    nextRun: at,
    woken: false,
    busyWith: null,
    recovering: false,
    reinitializeAsked: false,
    crashRecoveryStartedAt: null,
    rewind: 'unknown',
    watchdogActive: false,
    prePromote: null,
    promoteCancelled: false,
    promotedAt: null,
    keyGivenBackAt: null,
    wasPaused: false,
    failsafe: null,
    lastLsn: null,
    lastTimeline: null,
    sync: { names: '', changedAt: 0 as Lsn, ready: [] },
    started: false,
    said: '',
  };
}

/** How long after its last feeding the watchdog fires; null: longer than the leader key lives without being renewed. */
export function watchdogTimeout(
  { watchdog }: LocalConfiguration,
  { ttl }: DynamicConfiguration,
): Duration {
  const { safetyMargin } = watchdog;
  return (safetyMargin === null ? Math.floor(ttl / 2e6) * 1e6 : ttl - safetyMargin) as Duration;
}
