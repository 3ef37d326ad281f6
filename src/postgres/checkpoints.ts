/** A node's checkpoints and restartpoints at work: asked of the server in time, finished when durable, and old WAL let go. */
import { after, seconds } from '../sim/instant.ts';
import {
  type CheckpointCause,
  finish,
  isDueByWal,
  nextRestartpoint,
  nextTimed,
} from './checkpointer.ts';
import { FIRST_TIMELINE, formatLsn, type Lsn } from './lsn.ts';
import { flushWal } from './primary-flush.ts';
import { checkpointUpTo } from './record-log.ts';
import { checkpointSlots } from './slot-checkpoint.ts';
import { oldestKept } from './slot-retention.ts';
import type { Transition } from './transition.ts';
import { sendToStandbys } from './upstream.ts';
import { segmentName } from './wal/wal-store.ts';
import { watchVolume } from './wal-volume.ts';

/** Where even then the server cannot (a session's own temporary tables hold its backend), it is asked again so much later. */
const RETRY = seconds(15);

/** How long the server is let choose a moment at which no commit waits; then it must do without. */
const PATIENCE = seconds(1);

/** A primary has written WAL: a checkpoint among it, or enough for the next one. */
export function noteInserted(step: Transition, name: string): void {
  watchVolume(step, name);
  const { checkpointer, settings, wal } = step.node(name);
  const written = checkpointUpTo(step.records(name), wal.insertLsn);
  const known = checkpointer.unfinished?.checkpoint ?? checkpointer.latest;
  if (written && written.end > known.end) {
    step.change(name, {
      checkpointer: { ...checkpointer, unfinished: { checkpoint: written, at: step.at } },
    });
    step.effects.push({ kind: 'checkpointWritten', node: name });
    if (checkpointer.endsRecovery) endRecovery(step, name);
    else flushFor(step, name, written.end);
    return;
  }
  if (checkpointer.endsRecovery) {
    step.change(name, { checkpointer: { ...checkpointer, endsRecovery: false } });
  }
  if (checkpointer.asked !== null || checkpointer.unfinished !== null) return;
  if (isDueByWal(checkpointer.latest.redoLsn, wal.insertLsn, settings)) ask(step, name, 'wal');
  else planTimed(step, name);
}

function flushFor(step: Transition, name: string, upTo: Lsn): void {
  const { flushRequests } = step.node(name);
  step.change(name, { flushRequests: [...flushRequests, { request: null, upTo }] });
  flushWal(step, name);
}

/** The checkpoint at the end of crash recovery is durable before the server takes its first connection: no time passes here. */
function endRecovery(step: Transition, name: string): void {
  const { wal, settings, durableLsn } = step.node(name);
  const { insertLsn } = wal;
  step.change(name, {
    wal: { insertLsn, writeLsn: insertLsn, flushLsn: insertLsn },
    durableLsn: settings.fsync ? insertLsn : durableLsn,
  });
  const lsn = formatLsn(insertLsn);
  step.happened('walFlushed', name, `${name} has flushed its WAL up to ${lsn}.`, { lsn });
  finishCheckpoint(step, name);
  sendToStandbys(step, name);
}

/** The server is asked, and asked again without patience if it has not done it in time. */
function ask(step: Transition, name: string, cause: CheckpointCause): void {
  const { checkpointer, boot } = step.node(name);
  const wakeAt = after(step.at, PATIENCE);
  step.change(name, { checkpointer: { ...checkpointer, asked: { cause, at: step.at }, wakeAt } });
  step.schedule(wakeAt, { kind: 'checkpointerWake', node: name, boot });
  step.effects.push({ kind: 'checkpointDue', node: name, patient: true });
}

function insist(step: Transition, name: string): void {
  const { checkpointer, boot } = step.node(name);
  const wakeAt = after(step.at, RETRY);
  step.change(name, { checkpointer: { ...checkpointer, wakeAt } });
  step.schedule(wakeAt, { kind: 'checkpointerWake', node: name, boot });
  step.effects.push({ kind: 'checkpointDue', node: name, patient: false });
}

function planTimed(step: Transition, name: string): void {
  const { checkpointer, settings, boot, wal } = step.node(name);
  if (checkpointer.wakeAt !== null || wal.insertLsn <= checkpointer.latest.end) return;
  const wakeAt = nextTimed(checkpointer, settings, step.at);
  step.change(name, { checkpointer: { ...checkpointer, wakeAt } });
  step.schedule(wakeAt, { kind: 'checkpointerWake', node: name, boot });
}

/** checkpoint_timeout or max_wal_size may have changed. */
export function replanCheckpoints(step: Transition, name: string): void {
  const { checkpointer, upstream, status } = step.node(name);
  if (status !== 'up' || checkpointer.asked !== null || checkpointer.unfinished !== null) return;
  step.change(name, { checkpointer: { ...checkpointer, wakeAt: null } });
  if (upstream === null) noteInserted(step, name);
  else noteReplayed(step, name);
}

/** The checkpointer looks at the clock. */
export function wakeCheckpointer(step: Transition, name: string, boot: number): void {
  const { boot: now, status, checkpointer, upstream } = step.node(name);
  if (boot !== now || status !== 'up' || checkpointer.wakeAt !== step.at) return;
  step.change(name, { checkpointer: { ...checkpointer, wakeAt: null } });
  if (upstream !== null) makeRestartpoint(step, name, 'time');
  else if (checkpointer.asked) insist(step, name);
  else ask(step, name, 'time');
}

/** A primary's WAL is flushed further: a checkpoint whose record is durable now is made. */
export function finishCheckpoint(step: Transition, name: string): void {
  const { checkpointer, settings, wal } = step.node(name);
  const { unfinished } = checkpointer;
  if (unfinished === null || unfinished.checkpoint.end > wal.flushLsn) return;
  const { checkpoint, at } = unfinished;
  step.change(name, { checkpointer: finish(checkpointer, checkpoint, at, settings) });
  const { redoLsn } = checkpoint;
  const cause = checkpointer.asked?.cause ?? 'request';
  const words = `${name} has made a checkpoint (${CAUSES[cause]}): recovery would begin at ${formatLsn(redoLsn)}.`;
  step.happened('checkpoint', name, words, {
    cause,
    redoLsn: formatLsn(redoLsn),
    lsn: formatLsn(checkpoint.lsn),
  });
  removeOldWal(step, name, redoLsn);
  noteInserted(step, name);
}

const CAUSES: Readonly<Record<CheckpointCause, string>> = {
  time: 'checkpoint_timeout is over',
  wal: 'max_wal_size asks for it',
  request: 'asked for',
};

/** A standby has replayed further: a restartpoint can stand on the last checkpoint that it has replayed. */
export function noteReplayed(step: Transition, name: string): void {
  const { checkpointer, settings, startup, boot } = step.node(name);
  const replayed = checkpointUpTo(step.records(name), startup.replayLsn);
  if (replayed === null || replayed.end <= checkpointer.latest.end) return;
  if (isDueByWal(checkpointer.latest.redoLsn, startup.replayLsn, settings)) {
    makeRestartpoint(step, name, 'wal');
    return;
  }
  if (checkpointer.wakeAt !== null) return;
  const wakeAt = nextRestartpoint(checkpointer, settings, step.at);
  step.change(name, { checkpointer: { ...checkpointer, wakeAt } });
  step.schedule(wakeAt, { kind: 'checkpointerWake', node: name, boot });
}

/** CreateRestartPoint. Does nothing where no checkpoint was replayed since the last one. */
export function makeRestartpoint(step: Transition, name: string, cause: CheckpointCause): void {
  const { checkpointer, settings, startup } = step.node(name);
  const latest = checkpointUpTo(step.records(name), startup.replayLsn);
  if (latest === null || latest.end <= checkpointer.latest.end) {
    const { counts } = checkpointer;
    const requested = counts.requested + (cause === 'time' ? 0 : 1);
    step.change(name, { checkpointer: { ...checkpointer, counts: { ...counts, requested } } });
    return;
  }
  const asked = { cause, at: step.at };
  step.change(name, {
    checkpointer: finish({ ...checkpointer, asked }, latest, step.at, settings),
  });
  const lsn = formatLsn(latest.redoLsn);
  step.happened(
    'restartpoint',
    name,
    `${name} has made a restartpoint: replay would begin at ${lsn}.`,
    {
      cause,
      redoLsn: lsn,
      lsn: formatLsn(latest.lsn),
    },
  );
  removeOldWal(step, name, latest.redoLsn);
}

/** Removes the segments that nobody needs: after each checkpoint and restartpoint, so that who lets go of WAL waits for the next. */
function removeOldWal(step: Transition, name: string, redoLsn: Lsn): void {
  checkpointSlots(step, name, redoLsn);
  const { wal, slots, settings, walFrom, archiver } = step.node(name);
  const asked = oldestKept(redoLsn, wal.insertLsn, slots, settings);
  const before = archiver.on ? (Math.min(asked, archiver.next) as Lsn) : asked;
  if (before <= walFrom) return;
  step.change(name, { walFrom: before });
  step.effects.push({ kind: 'walRemoved', node: name, before });
  const first = segmentName(FIRST_TIMELINE, before);
  step.happened(
    'walRemoved',
    name,
    `${name} removes old WAL: its oldest segment is now ${first}.`,
    {
      segment: first,
    },
  );
}
