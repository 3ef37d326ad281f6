/** What governs a Patroni 4 cluster, as its processes read it: the values of patroni.yml after defaults and layering. */
import { type Duration, seconds } from '../sim/instant.ts';

/** A script that Patroni runs. What it would do to machines is its outcome here: there is no shell. */
export interface Script {
  /** As it stands in patroni.yml; it is named in the log. */
  readonly command: string;
  readonly exitStatus: number;
  readonly takes: Duration;
}

/** The dynamic configuration: the key /config of the DCS, the same on every node (`patronictl edit-config`). */
export interface DynamicConfiguration {
  /** How long the leader key lives without being renewed. */
  readonly ttl: Duration;
  readonly loopWait: Duration;
  /** After so long without an answer, the DCS counts as not accessible. */
  readonly retryTimeout: Duration;
  /** Bytes that a candidate may lack of the leader's position as last written to the DCS. */
  readonly maximumLagOnFailover: number;
  readonly synchronousMode: 'off' | 'on' | 'quorum';
  readonly synchronousModeStrict: boolean;
  readonly synchronousNodeCount: number;
  /** Bytes; negative: a slow synchronous standby is never exchanged for another. */
  readonly maximumLagOnSyncnode: number;
  readonly failsafeMode: boolean;
  /** How long a primary that crashed may take to start before another node is promoted; 0: at once. */
  readonly primaryStartTimeout: Duration;
  /** How long a stop may take before it becomes an immediate one; 0, or no synchronous mode: for ever. */
  readonly primaryStopTimeout: Duration;
  /** Whether a candidate whose timeline is older than the cluster's stays out of the race. */
  readonly checkTimeline: boolean;
  /** Maintenance mode (`patronictl pause`). */
  readonly pause: boolean;
  readonly usePgRewind: boolean;
  readonly useSlots: boolean;
  /** postgresql.parameters: lines of every node's postgresql.conf. */
  readonly parameters: Readonly<Record<string, string>>;
}

export type WatchdogMode = 'off' | 'automatic' | 'required';

export interface WatchdogConfiguration {
  readonly mode: WatchdogMode;
  readonly device: string;
  /** It fires `ttl - safetyMargin` after it was last fed; null (-1 in patroni.yml): after half of ttl. */
  readonly safetyMargin: Duration | null;
}

export interface Tags {
  /** Never becomes the leader. */
  readonly nofailover: boolean;
  /** Of two candidates that have the same WAL, the one with the higher number wins; 0 is nofailover. */
  readonly failoverPriority: number;
  /** Never becomes a synchronous standby. */
  readonly nosync: boolean;
  readonly noloadbalance: boolean;
}

export type CallbackName = 'on_start' | 'on_stop' | 'on_restart' | 'on_reload' | 'on_role_change';

/** What a node's own patroni.yml says, outside of `bootstrap.dcs`. */
export interface LocalConfiguration {
  readonly tags: Tags;
  readonly watchdog: WatchdogConfiguration;
  /** Run without waiting for them; their exit status changes nothing. */
  readonly callbacks: Readonly<Partial<Record<CallbackName, Script>>>;
  /** Run with the leader key held, before `pg_ctl promote`: a failure gives the key back. */
  readonly prePromote: Script | null;
  readonly removeDataDirectoryOnDivergedTimelines: boolean;
  readonly removeDataDirectoryOnRewindFailure: boolean;
  /** postgresql.parameters of this node alone: they stand above the dynamic ones. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Patroni 4.1's defaults. */
export const DEFAULT_DYNAMIC: DynamicConfiguration = {
  ttl: seconds(30),
  loopWait: seconds(10),
  retryTimeout: seconds(10),
  maximumLagOnFailover: 1_048_576,
  synchronousMode: 'off',
  synchronousModeStrict: false,
  synchronousNodeCount: 1,
  maximumLagOnSyncnode: -1,
  failsafeMode: false,
  primaryStartTimeout: seconds(300),
  primaryStopTimeout: seconds(0),
  checkTimeline: false,
  pause: false,
  usePgRewind: false,
  useSlots: true,
  parameters: {},
};

export const DEFAULT_LOCAL: LocalConfiguration = {
  tags: { nofailover: false, failoverPriority: 1, nosync: false, noloadbalance: false },
  watchdog: { mode: 'automatic', device: '/dev/watchdog', safetyMargin: seconds(5) },
  callbacks: {},
  prePromote: null,
  removeDataDirectoryOnDivergedTimelines: false,
  removeDataDirectoryOnRewindFailure: false,
  parameters: {},
};

export interface Timeouts {
  /** Whole seconds, as in patroni.yml. */
  readonly ttl: number;
  readonly loopWait: number;
  readonly retryTimeout: number;
}

/**
 * What Patroni 4 makes of timeouts that are too short, or break `loop_wait + 2*retry_timeout <= ttl`, with the warnings
 * that it logs (patroni/config.py, `_validate_and_adjust_timeouts`).
 */
export function adjustTimeouts(asked: Timeouts): {
  readonly timeouts: Timeouts;
  readonly warnings: readonly string[];
} {
  const warnings: string[] = [];
  const atLeast = (name: string, value: number, least: number): number => {
    if (value >= least) return value;
    warnings.push(`${name}=${value} can't be smaller than ${least}, adjusting...`);
    return least;
  };
  const loopWait = atLeast('loop_wait', asked.loopWait, 1);
  const retryTimeout = atLeast('retry_timeout', asked.retryTimeout, 3);
  const ttl = atLeast('ttl', asked.ttl, 20);
  const rule = 'Violated the rule "loop_wait + 2*retry_timeout <= ttl"';
  if (1 + 2 * retryTimeout > ttl) {
    const shorter = Math.floor((ttl - 1) / 2);
    warnings.push(
      `${rule}, where ttl=${ttl}. Adjusting loop_wait from ${loopWait} to 1 and retry_timeout from ${retryTimeout} to ${shorter}`,
    );
    return { timeouts: { ttl, loopWait: 1, retryTimeout: shorter }, warnings };
  }
  if (loopWait + 2 * retryTimeout > ttl) {
    const shorter = ttl - 2 * retryTimeout;
    warnings.push(
      `${rule}, where ttl=${ttl} and retry_timeout=${retryTimeout}. Adjusting loop_wait from ${loopWait} to ${shorter}`,
    );
    return { timeouts: { ttl, loopWait: shorter, retryTimeout }, warnings };
  }
  return { timeouts: { ttl, loopWait, retryTimeout }, warnings };
}
