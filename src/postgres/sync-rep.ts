/**
 * Synchronous replication on the primary: which standbys count, up to where they have confirmed, and which commits
 * wait for that. Follows syncrep.c of PostgreSQL 18: SyncRepWaitForLSN, SyncRepGetCandidateStandbys,
 * SyncRepGetSyncRecPtr, SyncRepReleaseWaiters, SyncRepUpdateSyncStandbysDefined. As there, waiters are released only
 * when a counting standby's reply comes (or when the names become empty), not by a change of the names alone.
 */
import type { Lsn } from './lsn.ts';
import type { SynchronousStandbyNames } from './synchronous-standby-names.ts';

/** The level a transaction commits with: `synchronous_commit`. */
export type SynchronousCommit = 'off' | 'local' | 'remote_write' | 'on' | 'remote_apply';

/** What a commit waits for a standby to do with its record: SYNC_REP_WAIT_WRITE, _FLUSH, _APPLY. */
export type WaitMode = 'write' | 'flush' | 'apply';

export type SyncState = 'async' | 'potential' | 'sync' | 'quorum';

/** What of a walsender counts here. */
export interface SyncRepSender {
  /** Its index in shared memory; of equal priority the lower one comes first. */
  readonly slot: number;
  readonly state: 'startup' | 'catchup' | 'streaming' | 'stopping';
  /** Place in synchronous_standby_names, from 1; 0: not named. Always 1 with ANY. */
  readonly syncPriority: number;
  readonly writeLsn: Lsn;
  readonly flushLsn: Lsn;
  readonly replayLsn: Lsn;
}

export interface SyncPositions {
  readonly write: Lsn;
  readonly flush: Lsn;
  readonly apply: Lsn;
}

/** A backend that waits in COMMIT (or PREPARE, or COMMIT PREPARED). */
export interface SyncRepWaiter {
  readonly id: number;
  readonly lsn: Lsn;
}

/** The wait queues, ordered by LSN, and how far each mode has been confirmed since the server started. */
export interface SyncRep {
  /** synchronous_standby_names is not empty. */
  readonly defined: boolean;
  readonly confirmed: SyncPositions;
  readonly queues: Readonly<Record<WaitMode, readonly SyncRepWaiter[]>>;
}

export type Released = readonly [SyncRep, readonly SyncRepWaiter[]];

const NOBODY = { write: [], flush: [], apply: [] } as const;
const MODES: readonly WaitMode[] = ['write', 'flush', 'apply'];

export function startSyncRep(names: SynchronousStandbyNames | null): SyncRep {
  const none = 0 as Lsn;
  return {
    defined: names !== null,
    confirmed: { write: none, flush: none, apply: none },
    queues: NOBODY,
  };
}

/** Null for the levels that wait for no standby. */
export function waitModeOf(level: SynchronousCommit): WaitMode | null {
  if (level === 'remote_write') return 'write';
  if (level === 'on') return 'flush';
  return level === 'remote_apply' ? 'apply' : null;
}

/** Priority of a standby by its application_name: its first match in the names; case does not matter. */
export function standbyPriority(
  names: SynchronousStandbyNames | null,
  applicationName: string,
): number {
  if (!names) return 0;
  const wanted = foldCase(applicationName);
  const index = names.members.findIndex((member) => member === '*' || foldCase(member) === wanted);
  if (index === -1) return 0;
  return names.method === 'priority' ? index + 1 : 1;
}

/** The standbys that count now: at most `numSync` by priority, or all that take part in a quorum. */
export function candidateStandbys<S extends SyncRepSender>(
  names: SynchronousStandbyNames | null,
  senders: readonly S[],
): readonly S[] {
  if (!names) return [];
  const candidates = senders
    .filter((sender) => takesPart(sender) && sender.syncPriority > 0)
    .sort((a, b) => a.slot - b.slot);
  if (names.method === 'quorum' || candidates.length <= names.numSync) return candidates;
  return candidates.sort((a, b) => a.syncPriority - b.syncPriority).slice(0, names.numSync);
}

/** `sync_state` of a walsender, as pg_stat_replication shows it. */
export function syncStateOf(
  names: SynchronousStandbyNames | null,
  senders: readonly SyncRepSender[],
  sender: SyncRepSender,
): SyncState {
  if (!names || shownPriority(sender) === 0) return 'async';
  if (!candidateStandbys(names, senders).includes(sender)) return 'potential';
  return names.method === 'priority' ? 'sync' : 'quorum';
}

/** `sync_priority`, as pg_stat_replication shows it: 0 until the standby has reported a flush position. */
export function shownPriority(sender: SyncRepSender): number {
  return sender.flushLsn === 0 ? 0 : sender.syncPriority;
}

/** Up to where enough standbys have confirmed, or null where too few count. */
export function syncRecPtr(
  names: SynchronousStandbyNames | null,
  senders: readonly SyncRepSender[],
): SyncPositions | null {
  const candidates = candidateStandbys(names, senders);
  if (!names || candidates.length < names.numSync) return null;
  const nth = names.method === 'priority' ? candidates.length : names.numSync;
  return {
    write: nthLatest(
      candidates.map((sender) => sender.writeLsn),
      nth,
    ),
    flush: nthLatest(
      candidates.map((sender) => sender.flushLsn),
      nth,
    ),
    apply: nthLatest(
      candidates.map((sender) => sender.replayLsn),
      nth,
    ),
  };
}

/** A commit whose record ends at `lsn` asks to wait. The same value comes back where it need not. */
export function waitForLsn(syncRep: SyncRep, mode: WaitMode, waiter: SyncRepWaiter): SyncRep {
  if (!syncRep.defined || waiter.lsn <= syncRep.confirmed[mode]) return syncRep;
  const queue = syncRep.queues[mode];
  const place = queue.findLastIndex((other) => other.lsn < waiter.lsn) + 1;
  return withQueue(syncRep, mode, queue.toSpliced(place, 0, waiter));
}

/** A waiter gives up: cancelled, terminated. */
export function cancelWait(syncRep: SyncRep, id: number): SyncRep {
  const mode = MODES.find((one) => syncRep.queues[one].some((waiter) => waiter.id === id));
  if (!mode) return syncRep;
  return withQueue(
    syncRep,
    mode,
    syncRep.queues[mode].filter((waiter) => waiter.id !== id),
  );
}

/** The walsender `me` has had a reply: whoever waits for no more than what is confirmed now, goes on. */
export function releaseWaiters<S extends SyncRepSender>(
  syncRep: SyncRep,
  names: SynchronousStandbyNames | null,
  senders: readonly S[],
  me: S,
): Released {
  const positions = candidateStandbys(names, senders).includes(me)
    ? syncRecPtr(names, senders)
    : null;
  if (!positions) return [syncRep, []];
  let current = syncRep;
  const released: SyncRepWaiter[] = [];
  for (const mode of MODES) {
    const confirmed = positions[mode];
    if (confirmed <= current.confirmed[mode]) continue;
    const queue = current.queues[mode];
    const woken = queue.filter((waiter) => waiter.lsn <= confirmed);
    released.push(...woken);
    current = withQueue(
      { ...current, confirmed: { ...current.confirmed, [mode]: confirmed } },
      mode,
      queue.slice(woken.length),
    );
  }
  return [current, released];
}

/** The names were changed and reloaded: where they are empty now, everyone goes on. */
export function updateStandbysDefined(
  syncRep: SyncRep,
  names: SynchronousStandbyNames | null,
): Released {
  const defined = names !== null;
  if (defined === syncRep.defined) return [syncRep, []];
  if (defined) return [{ ...syncRep, defined }, []];
  const released = MODES.flatMap((mode) => syncRep.queues[mode]);
  return [{ ...syncRep, defined, queues: NOBODY }, released];
}

/** All that wait, in no particular order of modes. */
export function waiters(syncRep: SyncRep): readonly SyncRepWaiter[] {
  return MODES.flatMap((mode) => syncRep.queues[mode]);
}

function takesPart(sender: SyncRepSender): boolean {
  return (sender.state === 'streaming' || sender.state === 'stopping') && sender.flushLsn !== 0;
}

function withQueue(syncRep: SyncRep, mode: WaitMode, queue: readonly SyncRepWaiter[]): SyncRep {
  return { ...syncRep, queues: { ...syncRep.queues, [mode]: queue } };
}

function nthLatest(positions: readonly Lsn[], nth: number): Lsn {
  return positions.toSorted((a, b) => b - a)[nth - 1] as Lsn;
}

/** pg_strcasecmp: ASCII letters only. */
function foldCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
