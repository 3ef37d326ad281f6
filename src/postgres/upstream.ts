/** A node as upstream: its walsenders, the commits that wait for standbys, and its own WAL on its way to disk. */
import { type Disk, endFsync, startFsync } from '../sim/disk.ts';
import { after, type Instant } from '../sim/instant.ts';
import { branchOf, timelineAt } from './branches.ts';
import { formatLsn, type Lsn } from './lsn.ts';
import { lastEndUpTo } from './record-log.ts';
import type { NodeState } from './replication-state.ts';
import { acceptSlot, confirmSlot, freeSlot, holdSlotXmin } from './slot-use.ts';
import type { StandbyMessage } from './streaming-protocol.ts';
import {
  candidateStandbys,
  type Released,
  releaseWaiters,
  standbyPriority,
  updateStandbysDefined,
} from './sync-rep.ts';
import { servedUpTo } from './timeline-following.ts';
import type { Transition } from './transition.ts';
import { segmentName } from './wal/wal-store.ts';
import {
  isSocketFull,
  keepalive,
  nextTimer,
  sendWal,
  startReplication,
  startWalsender,
  takeFeedback,
  takeReply,
  timerDue,
  type Walsender,
} from './walsender.ts';
import { runWalwriter, wholePages } from './walwriter.ts';

/** Starts the next fsync of a primary's WAL, if someone waits for one and the disk is free. */
export function flushWal(step: Transition, name: string): void {
  const { wal, disk, flushRequests, settings } = step.node(name);
  const wanted = flushRequests.filter(({ upTo }) => upTo > wal.flushLsn);
  if (disk.running || wanted.length === 0) return;
  const byBackend = wanted.some(({ request }) => request !== null);
  const wantedLsn = Math.max(...wanted.map(({ upTo }) => upTo)) as Lsn;
  const upTo = byBackend ? wal.insertLsn : wantedLsn;
  const writeLsn = Math.max(wal.writeLsn, upTo) as Lsn;
  const syncing = settings.fsync ? startFsync(disk, upTo, step.at) : unsynced(disk, upTo, step.at);
  step.change(name, { wal: { ...wal, writeLsn }, disk: syncing });
  if (syncing.running) step.schedule(syncing.running.endsAt, { kind: 'fsyncEnd', node: name });
}

/** fsync = off: what is written counts as flushed at once, and the disk is not asked. */
const unsynced = (disk: Disk<Lsn>, covers: Lsn, at: Instant): Disk<Lsn> => ({
  ...disk,
  running: { covers, startedAt: at, endsAt: at },
});

/** An fsync of a primary may have ended: whoever waited for it goes on, and its walsenders send. */
export function endWalFsync(step: Transition, name: string): void {
  const { disk, wal, flushRequests, durableLsn, settings } = step.node(name);
  const ended = endFsync(disk, step.at);
  if (!ended) return;
  const [idle, covered] = ended;
  const flushLsn = Math.max(wal.flushLsn, covered) as Lsn;
  step.change(name, {
    disk: idle,
    durableLsn: settings.fsync ? flushLsn : durableLsn,
    wal: { ...wal, flushLsn },
    flushRequests: flushRequests.filter(({ upTo }) => upTo > flushLsn),
  });
  const lsn = formatLsn(flushLsn);
  step.happened('walFlushed', name, `${name} has flushed its WAL up to ${lsn}.`, { lsn });
  for (const { request, upTo } of flushRequests) {
    if (request !== null && upTo <= flushLsn) {
      step.effects.push({ kind: 'flushed', node: name, request });
    }
  }
  flushWal(step, name);
  sendToStandbys(step, name);
}

/** A cycle of the walwriter, where the event is of its present plan. */
export function wakeWalwriter(step: Transition, name: string, boot: number): void {
  const node = step.node(name);
  const isDue = node.boot === boot && node.status === 'up' && node.upstream === null;
  if (!isDue || node.walwriter.wakeAt !== step.at) return;
  const { wal, settings } = node;
  const wholeLsn = lastEndUpTo(step.records(name), wholePages(wal));
  const [walwriter, write] = runWalwriter(node.walwriter, wal, wholeLsn, settings, step.at);
  step.change(name, { walwriter });
  step.schedule(walwriter.wakeAt, { kind: 'walwriterWake', node: name, boot });
  if (!write) return;
  if (write.flush) {
    const alreadyAsked = node.flushRequests.some(({ request }) => request === null);
    if (alreadyAsked) return;
    const flushRequests = [...node.flushRequests, { request: null, upTo: write.upTo }];
    step.change(name, { flushRequests });
    flushWal(step, name);
  } else {
    const writeLsn = Math.max(node.wal.writeLsn, write.upTo) as Lsn;
    step.change(name, { wal: { ...node.wal, writeLsn } });
  }
}

/** The node has gone over to another branch of WAL: its walsenders send their timeline up to where it was left, and end. */
export function retireWalsenders(step: Transition, name: string, leftAt: Lsn): void {
  for (const walsender of step.node(name).walsenders)
    if (walsender.state !== 'startup')
      pump(step, name, { ...walsender, servedUpTo: Math.min(walsender.servedUpTo, leftAt) as Lsn });
}

/** Every walsender of the node sends what it may. */
export function sendToStandbys(step: Transition, name: string): void {
  for (const walsender of step.node(name).walsenders) pump(step, name, walsender);
}

/** A walreceiver has read from its socket: its walsender may go on once it hears of it. */
export function creditRead(
  step: Transition,
  name: string,
  connection: number,
  bytes: number,
): void {
  const walsender = findWalsender(step.node(name), connection);
  if (!walsender) return;
  const unreadBytes = Math.max(0, walsender.unreadBytes - bytes);
  const credited = replaceWalsender(step, name, { ...walsender, unreadBytes });
  if (!isSocketFull(walsender) || isSocketFull(credited)) return;
  const { delay } = step.link(walsender.standby, name);
  step.schedule(after(step.at, delay), { kind: 'walsenderWake', node: name, connection });
}

/** A message of a standby has come. */
export function takeFromStandby(
  step: Transition,
  name: string,
  from: string,
  message: StandbyMessage,
): void {
  const { connection } = message;
  if (message.kind === 'connect') {
    accept(step, name, from, connection, message.applicationName);
    return;
  }
  const walsender = findWalsender(step.node(name), connection);
  if (!walsender) {
    if (message.kind !== 'closed') step.send(name, from, { kind: 'closed', connection });
    return;
  }
  if (message.kind === 'closed') {
    removeWalsender(step, name, walsender, 'the standby closed the connection');
  } else if (message.kind === 'startReplication') {
    const refusal = acceptSlot(step, name, connection, message.slot);
    const served = servedUpTo(step, name, message.timeline, message.from);
    if (refusal !== null || 'refusal' in served) {
      failWalsender(step, name, walsender, refusal ?? ('refusal' in served ? served.refusal : ''));
      return;
    }
    if (message.from < served.upTo)
      step.send(name, from, { kind: 'replicationStarted', connection });
    const priority = priorityAt(step.node(name), walsender);
    const range = { from: message.from, upTo: served.upTo };
    pump(step, name, startReplication(walsender, range, priority, step.at));
  } else if (message.kind === 'feedback') {
    // A slot keeps it in its own xmin, and outlives the walsender.
    const kept = holdSlotXmin(step, name, connection, message.xmin);
    pump(step, name, takeFeedback(walsender, kept ? { ...message, xmin: null } : message, step.at));
  } else {
    const replied = replaceWalsender(step, name, takeReply(walsender, message, step.at));
    confirmSlot(step, name, connection, message.flushLsn);
    if (message.replyRequested) step.send(name, from, keepalive(replied, false, step.at));
    release(step, name, replied);
    const current = findWalsender(step.node(name), connection);
    if (current) pump(step, name, current);
  }
}

/** A timer of a walsender may be due, or its socket has room again. */
export function wakeWalsender(step: Transition, name: string, connection: number): void {
  const found = findWalsender(step.node(name), connection);
  if (!found) return;
  const isTimer = found.wakeAt !== null && found.wakeAt <= step.at;
  const walsender = isTimer ? { ...found, wakeAt: null } : found;
  const { walSenderTimeout } = step.node(name).settings;
  const due = timerDue(walsender, walSenderTimeout, step.at);
  if (due === 'timeout') {
    endWalsender(step, name, walsender, 'terminating walsender process due to replication timeout');
    return;
  }
  if (due === 'ping') {
    step.send(name, walsender.standby, keepalive(walsender, true, step.at));
    pump(step, name, { ...walsender, waitingForPingResponse: true });
  } else {
    pump(step, name, walsender);
  }
}

/** The process ends, and its kernel closes the connection. */
export function endWalsender(
  step: Transition,
  name: string,
  walsender: Walsender,
  why: string,
): void {
  removeWalsender(step, name, walsender, why);
  const { standby, connection } = walsender;
  step.send(name, standby, { kind: 'closed', connection });
}

/** An ERROR ends what it does for the standby, which is told the words. */
export function failWalsender(
  step: Transition,
  name: string,
  walsender: Walsender,
  message: string,
): void {
  const { standby, connection } = walsender;
  step.send(name, standby, { kind: 'error', connection, message });
  endWalsender(step, name, walsender, message);
}

/** Settings were reloaded: every walsender reads its priority anew; empty names let everyone go. */
export function applySettings(step: Transition, name: string): void {
  const node = step.node(name);
  const names = node.settings.synchronousStandbyNames;
  const walsenders = node.walsenders.map((walsender) =>
    walsender.state === 'startup'
      ? walsender
      : { ...walsender, syncPriority: priorityAt(node, walsender) },
  );
  step.change(name, { walsenders });
  letGo(step, name, updateStandbysDefined(node.syncRep, names), 'no standby is named any more');
  sendToStandbys(step, name);
}

function accept(
  step: Transition,
  name: string,
  standby: string,
  connection: number,
  applicationName: string,
): void {
  const { walsenders } = step.node(name);
  const taken = new Set(walsenders.map((walsender) => walsender.slot));
  let slot = 0;
  while (taken.has(slot)) slot++;
  const at = step.at;
  const walsender = startWalsender({ connection, slot, standby, applicationName, at });
  step.change(name, { walsenders: [...walsenders, walsender].sort((a, b) => a.slot - b.slot) });
  step.happened('walsenderStarted', name, `${name} starts a walsender for ${applicationName}.`, {
    connection,
    standby,
  });
  const { branch } = step.node(name);
  const { timeline } = branchOf(step.state.branches, branch);
  step.send(name, standby, { kind: 'accepted', connection, timeline, branch });
}

/** Sends, puts the walsender in place and plans its next timer. */
function pump(step: Transition, name: string, walsender: Walsender): void {
  const node = step.node(name);
  if (isRemoved(node, walsender)) {
    const timeline = timelineAt(step.state.branches, node.branch, walsender.sentLsn);
    const segment = segmentName(timeline, walsender.sentLsn);
    failWalsender(
      step,
      name,
      walsender,
      `requested WAL segment ${segment} has already been removed`,
    );
    return;
  }
  const [sent, messages] = sendWal(
    walsender,
    { branch: node.branch, flushLsn: node.wal.flushLsn },
    step.at,
  );
  const timer = nextTimer(sent, node.settings.walSenderTimeout);
  const plans = Number.isFinite(timer) && (sent.wakeAt === null || timer < sent.wakeAt);
  const wakeAt = plans ? (Math.max(timer, step.at) as typeof timer) : sent.wakeAt;
  const { connection, standby, applicationName } = sent;
  replaceWalsender(step, name, { ...sent, wakeAt });
  if (plans && wakeAt !== null) {
    step.schedule(wakeAt, { kind: 'walsenderWake', node: name, connection });
  }
  for (const message of messages) step.send(name, standby, message);
  if (sent.state !== 'startup' && sent.sentLsn >= sent.servedUpTo) {
    step.send(name, standby, { kind: 'timelineEnded', connection, endLsn: sent.servedUpTo });
    removeWalsender(step, name, sent, 'its timeline has ended here');
    return;
  }
  if (walsender.state !== 'streaming' && sent.state === 'streaming') {
    const words = `${applicationName} has caught up with ${name}: its walsender streams.`;
    step.happened('caughtUp', name, words, { standby, connection });
  }
}

/** WalSndSegmentOpen: what it would send next is no longer in pg_wal. */
const isRemoved = ({ wal, walFrom }: NodeState, { state, sentLsn }: Walsender): boolean =>
  state !== 'startup' && sentLsn < walFrom && sentLsn < wal.flushLsn;

/** SyncRepReleaseWaiters of the walsender that has just had a reply. */
function release(step: Transition, name: string, me: Walsender): void {
  const node = step.node(name);
  if (node.upstream !== null) return;
  const names = node.settings.synchronousStandbyNames;
  const isSync = candidateStandbys(names, node.walsenders).includes(me);
  if (isSync && names && me.announceNextTakeover) {
    const what =
      names.method === 'priority'
        ? `is now a synchronous standby with priority ${me.syncPriority}`
        : 'is now a candidate for quorum synchronous standby';
    const words = `standby "${me.applicationName}" ${what}`;
    step.happened('synchronousStandby', name, words, { standby: me.standby });
  }
  if (me.announceNextTakeover === isSync) {
    replaceWalsender(step, name, { ...me, announceNextTakeover: !isSync });
  }
  const outcome = releaseWaiters(node.syncRep, names, node.walsenders, me);
  letGo(step, name, outcome, `${me.applicationName} has confirmed enough`);
}

function letGo(step: Transition, name: string, outcome: Released, why: string): void {
  const [syncRep, released] = outcome;
  step.change(name, { syncRep });
  for (const { id, lsn } of released) {
    const words = `A commit at ${formatLsn(lsn)} on ${name} waits no longer: ${why}.`;
    step.happened('commitReleased', name, words, { lsn: formatLsn(lsn), waiter: id });
    step.effects.push({ kind: 'released', waiter: id });
  }
}

function removeWalsender(step: Transition, name: string, walsender: Walsender, why: string): void {
  const { connection, standby, applicationName } = walsender;
  const walsenders = step.node(name).walsenders.filter((one) => one.connection !== connection);
  step.change(name, { walsenders });
  freeSlot(step, name, connection);
  const words = `${name}'s walsender for ${applicationName} ends: ${why}.`;
  step.happened('walsenderEnded', name, words, { standby, connection });
}

function replaceWalsender(step: Transition, name: string, walsender: Walsender): Walsender {
  const walsenders = step
    .node(name)
    .walsenders.map((one) => (one.connection === walsender.connection ? walsender : one));
  step.change(name, { walsenders });
  return walsender;
}

function findWalsender(node: NodeState, connection: number): Walsender | null {
  return node.walsenders.find((walsender) => walsender.connection === connection) ?? null;
}

/** SyncRepGetStandbyPriority: a cascading standby never counts. */
function priorityAt(node: NodeState, walsender: Walsender): number {
  if (node.upstream !== null) return 0;
  return standbyPriority(node.settings.synchronousStandbyNames, walsender.applicationName);
}
