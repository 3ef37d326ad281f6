/** A node as standby: its walreceiver, its disk and its startup process, working on one another. */
import { endFsync, startFsync } from '../sim/disk.ts';
import { after, us } from '../sim/instant.ts';
import { requestFromArchive } from './archiving.ts';
import { commonUpTo } from './branches.ts';
import { noteReplayed } from './checkpoints.ts';
import { formatLsn, type Lsn } from './lsn.ts';
import { endRecovery } from './promotion.ts';
import { standbyXmin } from './recovery-conflict.ts';
import { awaitRelease, lookForConflicts, meetConflict } from './standby-conflicts.ts';
import { continueReplay, endBatch, requestPause } from './startup-process.ts';
import type { UpstreamMessage } from './streaming-protocol.ts';
import { followTimeline, wantedTimeline } from './timeline-following.ts';
import type { Transition } from './transition.ts';
import { creditRead, retireWalsenders, sendToStandbys } from './upstream.ts';
import {
  idleWalreceiver,
  nextWake,
  recallFeedback,
  type StandbyStanding,
  startWalreceiver,
  type Walreceiver,
  type WalreceiverStep,
} from './walreceiver.ts';
import { endFlush, runWalreceiver } from './walreceiver-loop.ts';

/** From the reply that follows an fsync to the next WAL read and written. */
const READ_LATENCY = us(100);

/** A message of the upstream lies in the socket; of an earlier connection it is refused. */
export function takeFromUpstream(
  step: Transition,
  name: string,
  from: string,
  message: UpstreamMessage,
): void {
  const { walreceiver } = step.node(name);
  const isOurs =
    walreceiver.connection === message.connection &&
    (walreceiver.status === 'connecting' || walreceiver.status === 'streaming');
  if (isOurs) {
    const inbox = [...walreceiver.inbox, message];
    step.change(name, { walreceiver: { ...walreceiver, inbox } });
    runReceiver(step, name);
  } else if (message.kind !== 'closed') {
    step.send(name, from, { kind: 'closed', connection: message.connection });
  }
}

/** The walreceiver goes through its main loop, and what it does is done. */
export function runReceiver(step: Transition, name: string): void {
  const node = step.node(name);
  if (node.status !== 'up' || node.upstream === null) return;
  const { walreceiver, settings } = node;
  carryOut(step, name, runWalreceiver(walreceiver, standingOf(step, name), settings, step.at));
  planWake(step, name);
}

/** What the walreceiver reports of its standby. */
function standingOf(step: Transition, name: string): StandbyStanding {
  const node = step.node(name);
  return { replayLsn: node.startup.replayLsn, xmin: standbyXmin(step.state, node) };
}

/** Its configuration was read again: it reports at once what feedback asks for now. */
export function reloadReceiver(step: Transition, name: string): void {
  const { walreceiver, settings } = step.node(name);
  step.change(name, { walreceiver: recallFeedback(walreceiver, settings, step.at) });
  runReceiver(step, name);
}

/** A timer of the walreceiver may be due, or that of the startup process to ask for a stream again. */
export function wakeReceiver(step: Transition, name: string, boot: number): void {
  const node = step.node(name);
  if (node.boot !== boot || node.status !== 'up') return;
  const { walreceiver } = node;
  if (walreceiver.wakeAt !== null && walreceiver.wakeAt <= step.at) {
    step.change(name, { walreceiver: { ...walreceiver, wakeAt: null } });
  }
  runReceiver(step, name);
  runStartup(step, name);
}

/** An fsync of a standby may have ended: what it covers may be replayed. */
export function endReceiverFsync(step: Transition, name: string): void {
  const { disk, wal } = step.node(name);
  const ended = endFsync(disk, step.at);
  if (!ended) return;
  const [idle, covered] = ended;
  const flushLsn = Math.max(wal.flushLsn, covered) as Lsn;
  const { walreceiver, settings } = step.change(name, {
    disk: idle,
    durableLsn: flushLsn,
    wal: { ...wal, flushLsn },
  });
  const lsn = formatLsn(covered);
  step.happened('walFlushed', name, `${name} has flushed WAL up to ${lsn}.`, { lsn });
  if (walreceiver.flushing) {
    carryOut(step, name, endFlush(walreceiver, covered, standingOf(step, name), settings, step.at));
  }
  runStartup(step, name);
  returnToSocket(step, name);
  sendToStandbys(step, name);
}

/**
 * From the reply that follows an fsync the walreceiver goes back to its socket. What lies there takes it a moment to read
 * and to write; the startup process, woken before the reply, has replayed what was flushed by then, and the next reply says so.
 */
function returnToSocket(step: Transition, name: string): void {
  const { walreceiver, boot } = step.node(name);
  if (walreceiver.status !== 'streaming' || walreceiver.inbox.length === 0) runReceiver(step, name);
  else step.schedule(after(step.at, READ_LATENCY), { kind: 'walreceiverWake', node: name, boot });
}

/** A batch of records has been replayed. */
export function endReplay(step: Transition, name: string, batch: number): void {
  const node = step.node(name);
  const ended = endBatch(node.startup, batch, step.records(name), node.transactions);
  if (!ended) return;
  const [startup, { feedback }] = ended;
  step.change(name, { startup });
  const lsn = formatLsn(startup.replayLsn);
  if (startup.replayLsn > node.startup.replayLsn)
    step.happened('walReplayed', name, `${name} has replayed WAL up to ${lsn}.`, { lsn });
  if (feedback) askReply(step, name);
  noteReplayed(step, name);
  runStartup(step, name);
}

/**
 * primary_conninfo names another node, or nobody: the walreceiver is shut down and one is started that streams from there.
 * Where none runs, or the node is down, the next one does.
 */
export function follow(step: Transition, name: string, upstream: string | null): void {
  const { upstream: before, isAlone } = step.node(name);
  if (before === null || (isAlone ? null : before) === upstream) return;
  const from = upstream === null ? 'nobody any more' : upstream;
  shutDownReceiver(step, name, before, `it is to stream from ${from}`);
  step.change(name, { upstream: upstream ?? before, isAlone: upstream === null });
  runStartup(step, name);
}

/** primary_slot_name is another than before (StartupRequestWalReceiverRestart). */
export function restartReceiver(step: Transition, name: string): void {
  const { upstream, status } = step.node(name);
  if (upstream === null || status !== 'up') return;
  shutDownReceiver(step, name, upstream, 'primary_slot_name has changed');
  runStartup(step, name);
}

/** The walreceiver is told to end. */
export function shutDownReceiver(
  step: Transition,
  name: string,
  upstream: string,
  why: string,
): void {
  const { walreceiver } = step.node(name);
  if (walreceiver.status !== 'stopped') {
    step.send(name, upstream, { kind: 'closed', connection: walreceiver.connection });
    step.happened('walreceiverEnded', name, `${name}'s walreceiver is shut down: ${why}.`);
  }
  const { receivedLsn, knownTimeline } = walreceiver;
  step.change(name, { walreceiver: { ...idleWalreceiver(step.at), receivedLsn, knownTimeline } });
}

/** The startup process goes on as far as it can: replays, asks for a reply, or for a stream where there is none. */
export function runStartup(step: Transition, name: string): void {
  const node = step.node(name);
  if (node.status !== 'up' || node.upstream === null) return;
  if (node.startup.conflict !== null) {
    awaitRelease(step, name);
    lookForConflicts(step, name, node.boot);
    return;
  }
  const atTarget = node.recovered?.state === 'at target' && node.startup.promotion === null;
  const before = atTarget ? requestPause(node.startup) : node.startup;
  const [startup, next] = continueReplay(before, step.records(name), {
    available: node.wal.flushLsn,
    chunkStart: node.walreceiver.latestChunkStart,
    transactions: node.transactions,
    applyDelay: node.settings.recoveryMinApplyDelay,
    at: step.at,
  });
  if (startup !== node.startup) step.change(name, { startup });
  if (startup.pauseState !== node.startup.pauseState) {
    step.happened('replayPaused', name, `${name}: recovery has paused`, {
      lsn: formatLsn(startup.replayLsn),
    });
  }
  if (next.kind === 'conflict') meetConflict(step, name, next.placed);
  if (next.kind === 'delay') {
    const event = { kind: 'walreceiverWake', node: name, boot: node.boot } as const;
    step.schedule(next.until, event);
  }
  if (next.kind === 'replay') {
    const event = { kind: 'replayEnd', node: name, batch: startup.batch } as const;
    step.schedule(after(step.at, next.takes), event);
  } else if (next.kind === 'wait' && startup.promotion !== null) {
    endRecovery(step, name);
  } else if (next.kind === 'wait') {
    if (next.askReply) askReply(step, name);
    if (!requestFromArchive(step, name)) requestStreaming(step, name);
  }
}

/** It streams from nobody: what may be had is in the archive, if anywhere. */
function askArchiveAgain(step: Transition, name: string): void {
  const { walreceiver, settings, boot } = step.node(name);
  if (walreceiver.wakeAt !== null && walreceiver.wakeAt > step.at) return;
  const wakeAt = after(step.at, settings.walRetrieveRetryInterval);
  step.change(name, { walreceiver: { ...walreceiver, wakeAt } });
  step.schedule(wakeAt, { kind: 'walreceiverWake', node: name, boot });
}

/** The startup process has run out of WAL: where no walreceiver runs it starts one, or waits to retry. */
function requestStreaming(step: Transition, name: string): void {
  const node = step.node(name);
  const { upstream, walreceiver, wal, settings, boot } = node;
  if (upstream === null || walreceiver.status !== 'stopped') return;
  if (node.recovered !== null || node.isAlone) {
    askArchiveAgain(step, name);
    return;
  }
  if (step.at < walreceiver.retryAt) {
    if (walreceiver.wakeAt === walreceiver.retryAt) return;
    const wakeAt = walreceiver.retryAt;
    step.change(name, { walreceiver: { ...walreceiver, wakeAt } });
    step.schedule(wakeAt, { kind: 'walreceiverWake', node: name, boot });
    return;
  }
  const connection = step.state.nextConnection;
  step.state = { ...step.state, nextConnection: connection + 1 };
  const options = {
    connection,
    applicationName: name,
    slotName: settings.primarySlotName,
    timeline: wantedTimeline(step, name),
    lsn: wal.flushLsn,
    at: step.at,
  };
  step.happened('walreceiverStarted', name, `${name} starts a walreceiver.`, {
    upstream,
    connection,
  });
  carryOut(step, name, startWalreceiver(walreceiver, options));
  planWake(step, name);
}

/** WalRcvForceReply. */
function askReply(step: Transition, name: string): void {
  const { walreceiver } = step.node(name);
  step.change(name, { walreceiver: { ...walreceiver, forceReply: true } });
  runReceiver(step, name);
}

/** Streaming has ended: is there a newer timeline to go over to? Then it asks for a stream again at once. */
function lookForTimelines(step: Transition, name: string): void {
  const { walreceiver, branch } = step.node(name);
  const { upstreamBranch, timeline } = walreceiver;
  if (upstreamBranch === null) return;
  const leftAt = commonUpTo(step.state.branches, branch, upstreamBranch);
  const followed = followTimeline(step, name, upstreamBranch);
  if (followed) retireWalsenders(step, name, leftAt);
  if (!followed && wantedTimeline(step, name) === timeline) return;
  step.change(name, { walreceiver: { ...walreceiver, retryAt: step.at, lastFailAt: null } });
}

function planWake(step: Transition, name: string): void {
  const { walreceiver, boot } = step.node(name);
  const due = nextWake(walreceiver);
  if (!Number.isFinite(due) || (walreceiver.wakeAt !== null && walreceiver.wakeAt <= due)) return;
  step.change(name, { walreceiver: { ...walreceiver, wakeAt: due } });
  step.schedule(due, { kind: 'walreceiverWake', node: name, boot });
}

function carryOut(
  step: Transition,
  name: string,
  [walreceiver, steps]: readonly [Walreceiver, readonly WalreceiverStep[]],
): void {
  step.change(name, { walreceiver });
  for (const one of steps) carryOutOne(step, name, one);
}

function carryOutOne(step: Transition, name: string, one: WalreceiverStep): void {
  const { upstream, walreceiver, wal, disk } = step.node(name);
  if (upstream === null) return;
  switch (one.kind) {
    case 'send':
      step.send(name, upstream, one.message);
      break;
    case 'read':
      creditRead(step, upstream, walreceiver.connection, one.bytes);
      break;
    case 'written': {
      const writeLsn = Math.max(wal.writeLsn, one.upTo) as Lsn;
      step.change(name, { wal: { ...wal, insertLsn: writeLsn, writeLsn } });
      const lsn = formatLsn(one.upTo);
      step.happened('walWritten', name, `${name} has written WAL up to ${lsn}.`, { lsn });
      break;
    }
    case 'flush': {
      const syncing = startFsync(disk, one.upTo, step.at);
      step.change(name, { disk: syncing });
      if (syncing.running) step.schedule(syncing.running.endsAt, { kind: 'fsyncEnd', node: name });
      break;
    }
    case 'log':
      if (one.event !== null) step.happened(one.event, name, one.words);
      step.log(name, 'walreceiver', one.level, one.words, { detail: one.detail });
      break;
    case 'stopped':
      step.happened('walreceiverEnded', name, `${name}'s walreceiver has ended.`);
      lookForTimelines(step, name);
      runStartup(step, name);
      break;
  }
}
