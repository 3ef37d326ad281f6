/**
 * The checkpointer's schedule: when a checkpoint is due by time (checkpoint_timeout) or by WAL (max_wal_size), and what
 * pg_stat_checkpointer counts. Follows CheckpointerMain (checkpointer.c), XLogCheckpointNeeded and CreateRestartPoint
 * (xlog.c). The server itself writes the checkpoint: its record in the WAL tells the machine of it. Simplified: a
 * checkpoint's pages are written at the instant at which it begins, not over checkpoint_completion_target of the time.
 */
import { after, between, type Duration, type Instant, seconds } from '../sim/instant.ts';
import type { Lsn } from './lsn.ts';
import type { CheckpointFacts, PlacedCheckpoint } from './record-log.ts';
import type { ReplicationSettings } from './replication-settings.ts';
import { WAL_SEGMENT_SIZE } from './wal/page.ts';

/** What asked for a checkpoint; `request`: a CHECKPOINT statement, or the end of recovery. */
export type CheckpointCause = 'time' | 'wal' | 'request';

export interface Checkpointer {
  /** The checkpoint that pg_control names: on a standby, the last restartpoint's. */
  readonly latest: PlacedCheckpoint;
  /** When it was made: checkpoint_timeout counts from here. */
  readonly latestAt: Instant;
  /** A checkpoint that the server has written, whose record is not flushed yet. */
  readonly unfinished: { readonly checkpoint: PlacedCheckpoint; readonly at: Instant } | null;
  /** Asked of the server, which has not written it yet. */
  readonly asked: { readonly cause: CheckpointCause; readonly at: Instant } | null;
  /** The next time to look; null while there is nothing that a checkpoint would save. */
  readonly wakeAt: Instant | null;
  /** It has just started after a crash: its first checkpoint is the one that ends recovery. */
  readonly endsRecovery: boolean;
  readonly counts: CheckpointCounts;
}

/** Columns of pg_stat_checkpointer. Timed ones that found nothing to do are counted with the next that does. */
export interface CheckpointCounts {
  readonly timed: number;
  readonly requested: number;
  readonly done: number;
}

const NONE: CheckpointCounts = { timed: 0, requested: 0, done: 0 };

/** A restartpoint that had no new checkpoint to stand on is tried again so much later (CheckpointerMain). */
const RESTARTPOINT_RETRY = seconds(15);

export function startCheckpointer(latest: PlacedCheckpoint, at: Instant): Checkpointer {
  return {
    latest,
    latestAt: at,
    unfinished: null,
    asked: null,
    wakeAt: null,
    endsRecovery: false,
    counts: NONE,
  };
}

/** CalculateCheckpointSegments: segments of WAL after which the next checkpoint begins, so that max_wal_size is kept. */
export function checkpointSegments({ maxWalSize, completionTarget }: ReplicationSettings): number {
  return Math.max(1, Math.floor(maxWalSize / WAL_SEGMENT_SIZE / (1 + completionTarget)));
}

/** XLogCheckpointNeeded, of the segment that was full last. */
export function isDueByWal(redo: Lsn, end: Lsn, settings: ReplicationSettings): boolean {
  return segmentOf(end) - 1 >= segmentOf(redo) + checkpointSegments(settings) - 1;
}

const segmentOf = (position: Lsn): number => Math.floor(position / WAL_SEGMENT_SIZE);

/** When the schedule next comes round, after this instant. An idle server's checkpoints do nothing, and cost nothing here. */
export function nextTimed(
  { latestAt }: Checkpointer,
  { checkpointTimeout }: ReplicationSettings,
  at: Instant,
): Instant {
  const rounds = Math.floor(between(latestAt, at) / checkpointTimeout) + 1;
  return after(latestAt, (rounds * checkpointTimeout) as Duration);
}

/** When a restartpoint is tried next: on schedule, and where that is over already, every 15 seconds. */
export function nextRestartpoint(
  { latestAt }: Checkpointer,
  { checkpointTimeout }: ReplicationSettings,
  at: Instant,
): Instant {
  const due = after(latestAt, checkpointTimeout);
  if (due > at) return due;
  const tries = Math.floor(between(due, at) / RESTARTPOINT_RETRY) + 1;
  return after(due, (tries * RESTARTPOINT_RETRY) as Duration);
}

/** A checkpoint is made: its record is durable and pg_control names it. */
export function finish(
  checkpointer: Checkpointer,
  latest: PlacedCheckpoint,
  begun: Instant,
  { checkpointTimeout }: ReplicationSettings,
): Checkpointer {
  const { latestAt, asked, counts } = checkpointer;
  const cause = asked?.cause ?? 'request';
  const passed = Math.floor(between(latestAt, begun) / checkpointTimeout);
  const timed = Math.max(passed, cause === 'time' ? 1 : 0);
  return {
    latest,
    latestAt: begun,
    unfinished: null,
    asked: null,
    wakeAt: null,
    endsRecovery: false,
    counts: {
      timed: counts.timed + timed,
      requested: counts.requested + (cause === 'time' ? 0 : 1),
      done: counts.done + 1,
    },
  };
}

/**
 * After a crash: pg_control still names the last checkpoint that was finished, what was under way is forgotten, and the
 * statistics begin anew.
 */
export const restartCheckpointer = ({ latest }: Checkpointer, at: Instant): Checkpointer => ({
  ...startCheckpointer(latest, at),
  endsRecovery: true,
});

/** What pg_stat_checkpointer shows at an instant. */
export function countsAt(
  { latestAt, counts }: Checkpointer,
  { checkpointTimeout }: ReplicationSettings,
  at: Instant,
): CheckpointCounts {
  const passed = Math.floor(between(latestAt, at) / checkpointTimeout);
  return { ...counts, timed: counts.timed + passed };
}

/** A checkpoint of before the log's start, as pg_control has it. */
export const placedAt = (checkpoint: CheckpointFacts, end: Lsn): PlacedCheckpoint => ({
  ...checkpoint,
  end,
});
