/**
 * A standby becomes a primary. Follows xlogrecovery.c (CheckForStandbyTrigger, WaitForWALToBecomeAvailable) and xlog.c
 * (StartupXLOG): once asked it replays all WAL that it can still get, from the stream as long as that brings some, ends its
 * walreceiver, and begins a new timeline where the last record ended. Sessions stay. Simplified: the end of recovery takes
 * END_OF_RECOVERY whatever there is to do, and writes a checkpoint where PostgreSQL writes an end-of-recovery record and asks
 * for a checkpoint.
 */

import { startFsync } from '../sim/disk.ts';
import { after, ms } from '../sim/instant.ts';
import { nudge } from './archiver.ts';
import { archiveHistory, requestFromArchive } from './archiving.ts';
import { branchOf, forkBranch } from './branches.ts';
import { formatLsn, type TimelineId } from './lsn.ts';
import { freshProcesses } from './replication-state.ts';
import { runStartup, shutDownReceiver } from './standby.ts';
import type { Transition } from './transition.ts';
import { retireWalsenders } from './upstream.ts';
import { startOfSegment } from './wal/page.ts';

/** From the last record's replay to taking writes: the history file, the new timeline's first segment. */
const END_OF_RECOVERY = ms(20);

/** `pg_ctl promote` or pg_promote(). Nothing happens where the node is no standby that runs, or was asked before. */
export function requestPromotion(step: Transition, name: string): void {
  const { upstream, status, startup } = step.node(name);
  if (upstream === null || status !== 'up' || startup.promotion !== null) return;
  // A promotion ends a pause (SetPromoteIsTriggered).
  step.change(name, { startup: { ...startup, promotion: 'requested', pauseState: 'not paused' } });
  step.log(name, 'startup', 'LOG', 'received promote request');
  runStartup(step, name);
}

/** A standby that is to be promoted has replayed all that it has: is more to be had, or is this the end of its WAL? */
export function endRecovery(step: Transition, name: string): void {
  const { upstream, walreceiver, boot } = step.node(name);
  if (upstream !== null && walreceiver.status !== 'stopped')
    shutDownReceiver(step, name, upstream, 'it is promoted');
  const { wal, disk, startup } = step.node(name);
  if (disk.running) return;
  if (wal.flushLsn < wal.writeLsn) {
    const syncing = startFsync(disk, wal.writeLsn, step.at);
    step.change(name, { disk: syncing });
    if (syncing.running) step.schedule(syncing.running.endsAt, { kind: 'fsyncEnd', node: name });
    return;
  }
  if (requestFromArchive(step, name)) return;
  step.change(name, { startup: { ...startup, promotion: 'ending' } });
  step.schedule(after(step.at, END_OF_RECOVERY), { kind: 'recoveryEnd', node: name, boot });
}

/** It has begun a timeline of its own, and takes writes. */
export function becomePrimary(step: Transition, name: string, boot: number): void {
  const node = step.node(name);
  if (node.boot !== boot || node.status !== 'up' || node.startup.promotion !== 'ending') return;
  const { settings, startup, checkpointer, archiver } = node;
  const forkedAt = startup.replayLsn;
  const parent = node.branch;
  const next = (branchOf(step.state.branches, parent).timeline + 1) as TimelineId;
  const timeline = node.recovered?.timeline ?? next;
  const branch = step.state.branches.length;
  step.state = {
    ...step.state,
    branches: forkBranch(step.state.branches, parent, forkedAt, timeline),
  };
  const { walsenders, ...processes } = freshProcesses({
    settings,
    replayLsn: forkedAt,
    available: forkedAt,
    bytesPerSecond: startup.bytesPerSecond,
    at: step.at,
  });
  step.change(name, {
    ...processes,
    startup: {
      ...processes.startup,
      lastXactTimestamp: startup.lastXactTimestamp,
      promotion: 'done',
    },
    walreceiver: { ...processes.walreceiver, receivedLsn: node.walreceiver.receivedLsn },
    upstream: null,
    isAlone: false,
    recovered: null,
    branch,
    wal: { insertLsn: forkedAt, writeLsn: forkedAt, flushLsn: forkedAt },
    checkpointer: {
      ...checkpointer,
      unfinished: null,
      asked: null,
      wakeAt: null,
      endsRecovery: true,
    },
    archiver: {
      ...nudge(archiver, step.at),
      next: startOfSegment(forkedAt),
      switchedTo: startOfSegment(forkedAt),
    },
  });
  const at = formatLsn(forkedAt);
  step.log(name, 'startup', 'LOG', `redo done at ${at}`);
  step.log(name, 'startup', 'LOG', `selected new timeline ID: ${timeline}`);
  step.log(name, 'startup', 'LOG', 'archive recovery complete');
  const words = `${name} is promoted: it leaves timeline ${branchOf(step.state.branches, parent).timeline} at ${at}, and takes writes on timeline ${timeline}.`;
  step.happened('promoted', name, words, { timeline, lsn: at });
  archiveHistory(step, name);
  retireWalsenders(step, name, forkedAt);
  step.effects.push({ kind: 'promoted', node: name, parent, branch, forkedAt, timeline });
  step.schedule(step.at, { kind: 'walwriterWake', node: name, boot });
}
