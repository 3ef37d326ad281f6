/** A node as upstream: its walsenders, from the connection of a standby to its end. */
import { after } from '../sim/instant.ts';
import { branchOf, timelineAt } from './branches.ts';
import { findWalsender, letGo, priorityAt, release, replaceWalsender } from './commit-release.ts';
import type { Lsn } from './lsn.ts';
import type { NodeState } from './replication-state.ts';
import { acceptSlot, confirmSlot, freeSlot, holdSlotXmin } from './slot-use.ts';
import type { StandbyMessage } from './streaming-protocol.ts';
import { updateStandbysDefined } from './sync-rep.ts';
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

function removeWalsender(step: Transition, name: string, walsender: Walsender, why: string): void {
  const { connection, standby, applicationName } = walsender;
  const walsenders = step.node(name).walsenders.filter((one) => one.connection !== connection);
  step.change(name, { walsenders });
  freeSlot(step, name, connection);
  const words = `${name}'s walsender for ${applicationName} ends: ${why}.`;
  step.happened('walsenderEnded', name, words, { standby, connection });
}
