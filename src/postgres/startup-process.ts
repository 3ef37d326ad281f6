/**
 * The startup process of a standby: replays WAL that its walreceiver has flushed, record by record. Follows
 * xlogrecovery.c (PerformWalRecovery, WaitForWALToBecomeAvailable, recoveryPausesHere). Simplified: records are
 * replayed in batches that take the time of their bytes; a batch shows when it is complete.
 */
import { type Duration, type Instant, ms, us } from '../sim/instant.ts';
import type { Lsn } from './lsn.ts';
import { commitsBetween, firstEndAfter, lastEndUpTo, type RecordLog } from './record-log.ts';

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
}

export function startStartupProcess(replayLsn: Lsn, bytesPerSecond: number): StartupProcess {
  return {
    replayLsn,
    lastXactTimestamp: null,
    pauseState: 'not paused',
    frozen: false,
    bytesPerSecond,
    target: null,
    batch: 0,
    replyAsked: false,
  };
}

/** What it does next on its own: replay a batch, ask for a reply as it runs out of WAL, or nothing. */
export type StartupStep =
  | { readonly kind: 'replay'; readonly takes: Duration }
  | { readonly kind: 'wait'; readonly askReply: boolean }
  | { readonly kind: 'stuck' };

/** Goes on if it can: nothing else is on its way, it is not frozen or paused. `available`: WAL flushed here. */
export function continueReplay(
  startup: StartupProcess,
  log: RecordLog,
  available: Lsn,
): readonly [StartupProcess, StartupStep] {
  if (startup.frozen || startup.target !== null) return [startup, { kind: 'stuck' }];
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
  const bytes = (startup.bytesPerSecond * BATCH) / 1e6;
  const reachable = Math.min(available, startup.replayLsn + bytes) as Lsn;
  const target = Math.max(next, lastEndUpTo(log, reachable)) as Lsn;
  const length = ((target - startup.replayLsn) / startup.bytesPerSecond) * 1e6;
  const takes = Math.max(REPLAY_LATENCY, Math.ceil(length)) as Duration;
  const batch = startup.batch + 1;
  return [
    { ...startup, target, batch, replyAsked: false },
    { kind: 'replay', takes },
  ];
}

/** A batch has taken its time. Null where the event is stale. `feedback`: a commit in it asks for a reply. */
export function endBatch(
  startup: StartupProcess,
  batch: number,
  log: RecordLog,
): readonly [StartupProcess, { readonly feedback: boolean }] | null {
  const { target } = startup;
  if (target === null || batch !== startup.batch || startup.frozen) return null;
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
