/**
 * A server made anew from a backup and an archive. PostgreSQL itself recovers it (`cluster/archive-recovery.ts`) and says where
 * it stops; here its processes take the time, write the log, and stand as they then stand: at the target, paused, as a
 * read-only server; on the way to a new timeline; following the archive; or ended. Simplified: the copy of the backup takes no
 * time, and recovery that of its segments' restore_commands.
 */
import { after, type Duration, type Instant } from '../sim/instant.ts';
import { COMMAND_TIME, startArchiver } from './archiver.ts';
import { restartCheckpointer } from './checkpointer.ts';
import { formatLsn, type Lsn, type TimelineId } from './lsn.ts';
import { checkpointUpTo, commitsBetween } from './record-log.ts';
import type { ReplicationSettings } from './replication-settings.ts';
import { BOOT_TIME, freshProcesses } from './replication-state.ts';
import { runStartup } from './standby.ts';
import type { LogLevel, Transition } from './transition.ts';
import { startOfSegment } from './wal/page.ts';

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly detail: string | null;
  readonly hint: string | null;
}

/** How a recovery ends: what PostgreSQL has found out. */
export interface RestorePlan {
  readonly log: readonly LogLine[];
  /**
   * `failed`: it ended itself. At the target: `paused`, `shutdown`, or `promoted` (also at the end of the archive, where there is no
   * target). `following`: a standby that has replayed the archive and waits for more.
   */
  readonly outcome: 'failed' | 'paused' | 'shutdown' | 'promoted' | 'following';
  /** Whose WAL it replayed, up to where, and the timeline that comes after. */
  readonly branch: number;
  readonly replayLsn: Lsn;
  readonly timeline: TimelineId | null;
  /** Segments that came from the archive. */
  readonly fetched: number;
  /** Where it streams from afterwards, if it may. */
  readonly upstream: string;
  readonly streams: boolean;
  readonly settings: ReplicationSettings;
}

/** What a server has that did not get its WAL as a standby gets it. Null in `NodeState`: it is an ordinary one. */
export interface Recovered {
  /** `empty`: no data directory. `ended`: one that recovery left as it was. `at target`: it replays no further. `alone`: it streams from nobody. */
  readonly state: 'empty' | 'ended' | 'at target' | 'alone';
  /** That it begins when it is promoted; null: the next one. */
  readonly timeline: TimelineId | null;
}

/** Of a node that is down: its data directory is replaced by the backup's, and it starts. */
export function beginRestore(step: Transition, name: string, plan: RestorePlan): void {
  const { settings, upstream, branch } = plan;
  const { boot } = step.change(name, {
    status: 'starting',
    boot: step.node(name).boot + 1,
    settings,
    upstream,
    branch,
    missed: [],
    recovered: null,
  });
  step.happened('restoreBegun', name, `${name} starts on the files of a backup.`);
  const takes = (BOOT_TIME + plan.fetched * COMMAND_TIME) as Duration;
  step.schedule(after(step.at, takes), { kind: 'recoveryStop', node: name, boot, plan });
}

/** Recovery has come to its end, whichever. */
export function endRestore(step: Transition, name: string, boot: number, plan: RestorePlan): void {
  const node = step.node(name);
  if (node.status !== 'starting' || node.boot !== boot) return;
  const { log, outcome, replayLsn, settings, timeline } = plan;
  for (const { level, message, ...more } of log) step.log(name, 'startup', level, message, more);
  if (outcome === 'failed' || outcome === 'shutdown') {
    step.change(name, { status: 'down', recovered: { state: 'ended', timeline } });
    const words =
      outcome === 'failed'
        ? `${name} has ended itself: ${log.find(({ level }) => level === 'FATAL')?.message ?? 'see its log'}`
        : `${name} has shut down at its recovery target.`;
    step.happened('recoveryEnded', name, words, { outcome });
    return;
  }
  const isAtTarget = outcome !== 'following';
  const state = isAtTarget ? 'at target' : 'alone';
  const end = { insertLsn: replayLsn, writeLsn: replayLsn, flushLsn: replayLsn };
  const latest = checkpointUpTo(step.records(name), replayLsn) ?? node.checkpointer.latest;
  const processes = freshProcesses({
    settings,
    replayLsn,
    available: replayLsn,
    bytesPerSecond: node.startup.bytesPerSecond,
    at: step.at,
  });
  step.change(name, {
    status: 'up',
    wal: end,
    durableLsn: replayLsn,
    walFrom: startOfSegment(replayLsn),
    slots: [],
    archiver: startArchiver(settings.archiveMode, startOfSegment(replayLsn), step.at),
    checkpointer: restartCheckpointer({ ...node.checkpointer, latest }, step.at),
    ...processes,
    startup: { ...processes.startup, lastXactTimestamp: lastCommit(step, name, replayLsn) },
    recovered: plan.streams && !isAtTarget ? null : { state, timeline },
  });
  const lsn = formatLsn(replayLsn);
  const words = `${name} has recovered up to ${lsn}${outcome === 'paused' ? ', its target: it takes questions, and waits for a person' : ''}.`;
  step.happened('recovered', name, words, { outcome, lsn });
  step.effects.push({ kind: 'started', node: name, recoveredUpTo: replayLsn });
  if (outcome === 'promoted') leaveTarget(step, name);
  else runStartup(step, name);
}

/** Replay does not go on at a target: whoever resumes it ends recovery (recoveryPausesHere, xlogrecovery.c). */
export function leaveTarget(step: Transition, name: string): void {
  const { startup } = step.node(name);
  if (startup.promotion !== null) return;
  step.change(name, { startup: { ...startup, promotion: 'requested', pauseState: 'not paused' } });
  runStartup(step, name);
}

const lastCommit = (step: Transition, name: string, upTo: Lsn): Instant | null =>
  commitsBetween(step.records(name), 0 as Lsn, upTo).at(-1)?.timestamp ?? null;
