/**
 * The startup process of a standby: replays WAL that its walreceiver has flushed, record by record. Follows
 * xlogrecovery.c (PerformWalRecovery, WaitForWALToBecomeAvailable, recoveryPausesHere). Simplified: records are
 * replayed in batches that take the time of their bytes; a batch shows when it is complete.
 */
import { after, type Duration, type Instant, ms, us } from '../sim/instant.ts';
import type { Lsn } from './lsn.ts';
import {
  commitsBetween,
  firstConflict,
  firstEndAfter,
  lastEndUpTo,
  type PlacedCommit,
  type PlacedConflict,
  type RecordLog,
} from './record-log.ts';
import {
  type ConflictWait,
  conflicting,
  type StandbyTransaction,
  type WalReceipt,
} from './recovery-conflict.ts';

/** From the flush of WAL to its replay where the rate has no limit: waking up and applying. */
const REPLAY_LATENCY = us(50);

/** WAL of so much time is one batch where the rate has a limit. */
const BATCH = ms(10);

export type PauseState = 'not paused' | 'pause requested' | 'paused';

export interface StartupProcess {
  readonly replayLsn: Lsn;
  readonly lastXactTimestamp: Instant | null;
  readonly pauseState: PauseState;
  readonly frozen: boolean;
  /** WAL bytes a second; Infinity for no limit. */
  readonly bytesPerSecond: number;
  /** The batch on its way ends here; null while it waits. */
  readonly target: Lsn | null;
  /** Numbers the batches, to know a stale event by. */
  readonly batch: number;
  /** It has asked the walreceiver for a reply since it ran out of WAL. */
  readonly replyAsked: boolean;
  /** What queries it waits for; null where none is in its way. */
  readonly conflict: ConflictWait | null;
  /** Up to here it knows that WAL is there; it asks the walreceiver when it has replayed that. */
  readonly knownLsn: Lsn;
  readonly receipt: WalReceipt;
  /** Until then the next commit waits for its age; null where none does. */
  readonly delayedUntil: Instant | null;
  /** It is to end recovery when it runs out of WAL, is about to, or has done so since the server started. */
  readonly promotion: 'requested' | 'ending' | 'done' | null;
}

/** `available`: WAL that is on the disk already, which has not come from a stream as far as it knows. */
export function startStartupProcess(
  replayLsn: Lsn,
  available: Lsn,
  bytesPerSecond: number,
  at: Instant,
): StartupProcess {
  return {
    replayLsn,
    lastXactTimestamp: null,
    pauseState: 'not paused',
    frozen: false,
    bytesPerSecond,
    target: null,
    batch: 0,
    replyAsked: false,
    conflict: null,
    knownLsn: available,
    receipt: { at, fromStream: false },
    delayedUntil: null,
    promotion: null,
  };
}

/** What it does next on its own: replay a batch, ask for a reply as it runs out of WAL, or nothing. */
export type StartupStep =
  | { readonly kind: 'replay'; readonly takes: Duration }
  | { readonly kind: 'wait'; readonly askReply: boolean }
  /** Queries are in the way of the next record. */
  | { readonly kind: 'conflict'; readonly placed: PlacedConflict }
  /** The next commit is younger than recovery_min_apply_delay (recoveryApplyDelay, xlogrecovery.c). */
  | { readonly kind: 'delay'; readonly until: Instant }
  | { readonly kind: 'stuck' };

/** What it sees of its standby. */
export interface Surroundings {
  /** WAL flushed here, and where the part of it begins that was flushed last (latestChunkStart, walreceiver.h). */
  readonly available: Lsn;
  readonly chunkStart: Lsn;
  readonly transactions: readonly StandbyTransaction[];
  /** recovery_min_apply_delay; 0: none. */
  readonly applyDelay: Duration;
  readonly at: Instant;
}

/** Goes on if it can: nothing else is on its way, it is not frozen or paused, and no query is in its way. */
export function continueReplay(
  startup: StartupProcess,
  log: RecordLog,
  around: Surroundings,
): readonly [StartupProcess, StartupStep] {
  const { available, transactions } = around;
  if (startup.promotion === 'ending') return [startup, { kind: 'stuck' }];
  if (startup.frozen || startup.target !== null || startup.conflict !== null)
    return [startup, { kind: 'stuck' }];
  if (startup.pauseState !== 'not paused') {
    return [{ ...startup, pauseState: 'paused' }, { kind: 'stuck' }];
  }
  const next = firstEndAfter(log, startup.replayLsn);
  if (next === null || next > available) {
    const askReply = !startup.replyAsked;
    return [
      { ...startup, replyAsked: true },
      { kind: 'wait', askReply },
    ];
  }
  const informed = next > startup.knownLsn ? learnOfWal(startup, around) : startup;
  const blocked = firstConflict(
    log,
    startup.replayLsn,
    available,
    (conflict) => conflicting(conflict, transactions).length > 0,
  );
  if (blocked?.end === next) return [informed, { kind: 'conflict', placed: blocked }];
  const bytes = (startup.bytesPerSecond * BATCH) / 1e6;
  const reachable = Math.min(available, startup.replayLsn + bytes) as Lsn;
  const clear = blocked ? (Math.min(reachable, blocked.end - 1) as Lsn) : reachable;
  const young = youngCommit(startup, log, clear, around);
  if (young?.end === next) {
    const until = after(young.timestamp, around.applyDelay);
    const known = startup.delayedUntil === until;
    return [
      { ...informed, delayedUntil: until },
      known ? { kind: 'stuck' } : { kind: 'delay', until },
    ];
  }
  const due = young ? (Math.min(clear, young.end - 1) as Lsn) : clear;
  const target = Math.max(next, lastEndUpTo(log, due)) as Lsn;
  const length = ((target - startup.replayLsn) / startup.bytesPerSecond) * 1e6;
  const takes = Math.max(REPLAY_LATENCY, Math.ceil(length)) as Duration;
  const batch = startup.batch + 1;
  return [
    { ...informed, target, batch, replyAsked: false },
    { kind: 'replay', takes },
  ];
}

/** The first commit that is younger than recovery_min_apply_delay wants. A promotion does not wait for it. */
function youngCommit(
  { replayLsn, promotion }: StartupProcess,
  log: RecordLog,
  upTo: Lsn,
  { applyDelay, at }: Surroundings,
): PlacedCommit | undefined {
  if (applyDelay === 0 || promotion !== null) return undefined;
  return commitsBetween(
    log,
    replayLsn,
    Math.max(upTo, firstEndAfter(log, replayLsn) ?? 0) as Lsn,
  ).find(({ timestamp }) => after(timestamp, applyDelay) > at);
}

/**
 * It has replayed all WAL that it knew of, and asks the walreceiver for more (WaitForWALToBecomeAvailable). Only where it had
 * kept up does the patience with queries begin anew: WAL that had to wait for its replay has used some of it up.
 */
function learnOfWal(startup: StartupProcess, around: Surroundings): StartupProcess {
  const { available, chunkStart, at } = around;
  const keptUp = chunkStart <= startup.replayLsn;
  const receipt = { at: keptUp ? at : startup.receipt.at, fromStream: true };
  return { ...startup, knownLsn: available, receipt };
}

/** A batch has taken its time. Null where the event is stale. `feedback`: a commit in it asks for a reply. */
export function endBatch(
  startup: StartupProcess,
  batch: number,
  log: RecordLog,
  transactions: readonly StandbyTransaction[],
): readonly [StartupProcess, { readonly feedback: boolean }] | null {
  if (startup.target === null || batch !== startup.batch || startup.frozen) return null;
  // A query that began while the batch was replayed may be in the way of its later records.
  const blocked = firstConflict(
    log,
    startup.replayLsn,
    startup.target,
    (conflict) => conflicting(conflict, transactions).length > 0,
  );
  const target = blocked
    ? (Math.max(startup.replayLsn, lastEndUpTo(log, (blocked.end - 1) as Lsn)) as Lsn)
    : startup.target;
  const commits = commitsBetween(log, startup.replayLsn, target);
  const feedback = commits.some((commit) => commit.applyFeedback);
  const lastXactTimestamp = commits.at(-1)?.timestamp ?? startup.lastXactTimestamp;
  return [{ ...startup, replayLsn: target, target: null, lastXactTimestamp }, { feedback }];
}

/** SIGSTOP. A batch on its way starts over after the thaw. */
export function freezeStartup(startup: StartupProcess): StartupProcess {
  return { ...startup, frozen: true, target: null };
}

export function thawStartup(startup: StartupProcess): StartupProcess {
  return { ...startup, frozen: false };
}

/** pg_wal_replay_pause(): takes effect before the next record. */
export function requestPause(startup: StartupProcess): StartupProcess {
  return startup.pauseState === 'not paused'
    ? { ...startup, pauseState: 'pause requested' }
    : startup;
}

/** pg_wal_replay_resume(). */
export function resumeReplay(startup: StartupProcess): StartupProcess {
  return { ...startup, pauseState: 'not paused' };
}
