/**
 * Physical streaming replication of a cluster as one pure machine: a primary's WAL on its way to disk, walsenders,
 * links, walreceivers, startup processes and the commits that wait for them. `replicate(state, input, at)` gives the next
 * state and effects, all plain data; a driver keeps the clock and the queue, and adds SQL.
 */
import { type Instant, START } from '../sim/instant.ts';
import { arrivals } from '../sim/link.ts';
import {
  endArchiveTimeout,
  noteFlushed,
  planSwitch,
  replanArchiver,
  takeFromArchive,
  wakeArchiver,
} from './archiving.ts';
import { beginBaseBackup, endBaseBackup } from './base-backup.ts';
import { withRecords } from './branches.ts';
import {
  finishCheckpoint,
  makeRestartpoint,
  noteInserted,
  replanCheckpoints,
  wakeCheckpointer,
} from './checkpoints.ts';
import { changeStartup, handleFault } from './fault-handling.ts';
import { FAULT_KINDS } from './fault-kinds.ts';
import type { Lsn } from './lsn.ts';
import { endBoot, panicWithoutSpace, switchOnMachine } from './postmaster.ts';
import { endWalFsync, flushWal, wakeWalwriter } from './primary-flush.ts';
import { becomePrimary, requestPromotion } from './promotion.ts';
import { appendRecords, logEnd } from './record-log.ts';
import type {
  Fault,
  ReplicationEffect,
  ReplicationEvent,
  ReplicationInput,
  ReplicationSpec,
} from './replication-port.ts';
import type { ReplicationSettings } from './replication-settings.ts';
import { initialState, type ReplicationState } from './replication-state.ts';
import { beginRestore, endRestore, leaveTarget } from './restore.ts';
import { changeSlots } from './slot-use.ts';
import {
  endReceiverFsync,
  endReplay,
  follow,
  reloadReceiver,
  restartReceiver,
  runStartup,
  takeFromUpstream,
  wakeReceiver,
} from './standby.ts';
import { becomeStandby, beginRewind, endRewind, finishStop, requestStop } from './standby-again.ts';
import { awaitRelease, lookForConflicts } from './standby-conflicts.ts';
import { requestPause, resumeReplay } from './startup-process.ts';
import type { StreamingMessage } from './streaming-protocol.ts';
import { cancelWait, waiters, waitForLsn, waitModeOf } from './sync-rep.ts';
import { Transition } from './transition.ts';
import { applySettings, endWalsender, takeFromStandby, wakeWalsender } from './upstream.ts';
import { asyncCommit } from './walwriter.ts';

export type Replicated = readonly [ReplicationState, readonly ReplicationEffect[]];

/** All nodes up at the first instant; the standbys connect. They stream about 30 ms later. */
export function startReplication(spec: ReplicationSpec): Replicated {
  const step = new Transition(initialState(spec), START);
  for (const { name, upstream } of spec.nodes) {
    if (upstream === null) {
      step.schedule(START, { kind: 'walwriterWake', node: name, boot: 1 });
      noteInserted(step, name);
    } else runStartup(step, name);
  }
  return [step.state, step.effects];
}

/** One input at an instant. Throws RangeError for a node or link that is not there. */
export function replicate(
  state: ReplicationState,
  input: ReplicationInput,
  at: Instant,
): Replicated {
  const step = new Transition(state, at);
  if (isEvent(input)) handleEvent(step, input);
  else if (isFault(input)) handleFault(step, input);
  else handleCommand(step, input);
  return [step.state, step.effects];
}

type Command = Exclude<ReplicationInput, Fault | ReplicationEvent>;

function handleCommand(step: Transition, input: Command): void {
  switch (input.kind) {
    case 'walInserted': {
      const { wal, branch } = step.node(input.node);
      const records = appendRecords(step.records(input.node), input.records);
      step.state = { ...step.state, branches: withRecords(step.state.branches, branch, records) };
      step.change(input.node, { wal: { ...wal, insertLsn: logEnd(records) } });
      planSwitch(step, input.node);
      noteInserted(step, input.node);
      break;
    }
    case 'flush':
      requestFlush(step, input.node, input.request, input.upTo);
      break;
    case 'asyncCommit': {
      const { walwriter, wal, settings, boot } = step.node(input.node);
      const next = asyncCommit(walwriter, input.lsn, wal.flushLsn, settings, step.at);
      step.change(input.node, { walwriter: next });
      if (next.wakeAt !== walwriter.wakeAt) {
        step.schedule(next.wakeAt, { kind: 'walwriterWake', node: input.node, boot });
      }
      break;
    }
    case 'commitWait': {
      const { syncRep } = step.node(input.node);
      const mode = waitModeOf(input.level);
      const waiter = { id: input.waiter, lsn: input.lsn };
      const waiting = mode === null ? syncRep : waitForLsn(syncRep, mode, waiter);
      step.change(input.node, { syncRep: waiting });
      if (waiting === syncRep) step.effects.push({ kind: 'released', waiter: input.waiter });
      break;
    }
    case 'cancelWait':
      for (const { name, syncRep } of Object.values(step.state.nodes)) {
        if (waiters(syncRep).some((waiter) => waiter.id === input.waiter)) {
          step.change(name, { syncRep: cancelWait(syncRep, input.waiter) });
        }
      }
      break;
    case 'settings':
      reloadSettings(step, input.node, input.settings);
      replanCheckpoints(step, input.node);
      break;
    case 'follow':
      follow(step, input.node, input.upstream);
      break;
    case 'terminateWalsender':
      for (const { name, walsenders } of Object.values(step.state.nodes)) {
        const walsender = walsenders.find((one) => one.connection === input.connection);
        const why = 'terminating connection due to administrator command';
        if (walsender) endWalsender(step, name, walsender, why);
      }
      break;
    case 'standbyTransactions':
      step.change(input.node, { transactions: input.transactions });
      awaitRelease(step, input.node);
      break;
    case 'pauseReplay':
      changeStartup(step, input.node, requestPause);
      break;
    case 'stop':
      requestStop(step, input.node);
      break;
    case 'becomeStandby':
      becomeStandby(step, input.node, input.upstream);
      break;
    case 'rewind':
      beginRewind(step, input.node, input.upstream, input.starts);
      break;
    case 'switchOn':
      switchOnMachine(step, input.node);
      break;
    case 'promote':
      requestPromotion(step, input.node);
      break;
    case 'restartpoint':
      makeRestartpoint(step, input.node, 'request');
      break;
    case 'resumeReplay':
      if (step.node(input.node).recovered?.state === 'at target') leaveTarget(step, input.node);
      else changeStartup(step, input.node, resumeReplay);
      break;
    case 'baseBackup':
      beginBaseBackup(step, input.node, input.upstream, input.bytes);
      break;
    case 'restore':
      beginRestore(step, input.node, input.plan);
      break;
    case 'createSlot':
    case 'dropSlot':
    case 'advanceSlot':
      changeSlots(step, input);
      break;
  }
}

function handleEvent(step: Transition, event: ReplicationEvent): void {
  switch (event.kind) {
    case 'arrival': {
      const { from, to } = event;
      const [link, messages] = arrivals(step.link(from, to), step.at);
      if (messages.length === 0) break;
      step.changeLink(from, to, link, link.inFlight.length);
      step.effects.push({ kind: 'arrived', from, to, messages });
      for (const { message } of messages) deliver(step, from, to, message);
      break;
    }
    case 'fsyncEnd':
      if (step.node(event.node).upstream === null) {
        endWalFsync(step, event.node);
        noteFlushed(step, event.node);
        finishCheckpoint(step, event.node);
        finishStop(step, event.node);
      } else endReceiverFsync(step, event.node);
      break;
    case 'walwriterWake':
      wakeWalwriter(step, event.node, event.boot);
      break;
    case 'walVolumeFull':
      panicWithoutSpace(step, event.node, event.boot);
      break;
    case 'checkpointerWake':
      wakeCheckpointer(step, event.node, event.boot);
      break;
    case 'walsenderWake':
      wakeWalsender(step, event.node, event.connection);
      finishStop(step, event.node);
      break;
    case 'walreceiverWake':
      wakeReceiver(step, event.node, event.boot);
      break;
    case 'replayEnd':
      endReplay(step, event.node, event.batch);
      break;
    case 'conflictWake':
      lookForConflicts(step, event.node, event.boot);
      break;
    case 'rewindEnd':
      endRewind(step, event);
      break;
    case 'recoveryEnd':
      becomePrimary(step, event.node, event.boot);
      break;
    case 'bootEnd':
      endBoot(step, event.node, event.boot);
      break;
    case 'baseBackupEnd':
      endBaseBackup(step, event.node, event.upstream, event.boot);
      break;
    case 'recoveryStop':
      endRestore(step, event.node, event.boot, event.plan);
      break;
    case 'archiverWake':
      wakeArchiver(step, event.node, event.boot);
      break;
    case 'archiveTimeout':
      endArchiveTimeout(step, event.node, event.boot);
      break;
    case 'restoreEnd':
      if (takeFromArchive(step, event.node, event.boot)) runStartup(step, event.node);
      break;
  }
}

/** What the network brings goes to a process, or is answered by the kernel of a node without processes. */
function deliver(step: Transition, from: string, to: string, message: StreamingMessage): void {
  const { status, missed } = step.node(to);
  const { connection } = message;
  if (status === 'off') {
    step.change(to, { missed: [...missed, { from, connection }] });
  } else if (status !== 'up') {
    if (message.kind !== 'closed') step.send(to, from, { kind: 'closed', connection });
  } else if (isFromStandby(step, to, message)) {
    takeFromStandby(step, to, from, message);
    finishStop(step, to);
  } else {
    takeFromUpstream(step, to, from, message);
  }
}

/** Of a closed connection, either end may be told. */
function isFromStandby(
  step: Transition,
  to: string,
  message: StreamingMessage,
): message is Extract<
  StreamingMessage,
  { kind: 'connect' | 'startReplication' | 'reply' | 'feedback' | 'closed' }
> {
  if (message.kind === 'closed') {
    return step.node(to).walsenders.some((one) => one.connection === message.connection);
  }
  return ['connect', 'startReplication', 'reply', 'feedback'].includes(message.kind);
}

function reloadSettings(step: Transition, name: string, settings: ReplicationSettings): void {
  const before = step.node(name).settings.primarySlotName;
  step.change(name, { settings });
  applySettings(step, name);
  replanArchiver(step, name);
  if (settings.primarySlotName !== before) restartReceiver(step, name);
  else reloadReceiver(step, name);
}

function requestFlush(step: Transition, name: string, request: number, upTo: Lsn): void {
  const { wal, flushRequests } = step.node(name);
  if (upTo > wal.insertLsn) throw new RangeError(`cannot flush up to ${upTo}: WAL ends earlier`);
  if (upTo <= wal.flushLsn) {
    step.effects.push({ kind: 'flushed', node: name, request });
    return;
  }
  step.change(name, { flushRequests: [...flushRequests, { request, upTo }] });
  flushWal(step, name);
}

const EVENTS: ReadonlySet<string> = new Set<ReplicationEvent['kind']>([
  'arrival',
  'fsyncEnd',
  'walwriterWake',
  'checkpointerWake',
  'walVolumeFull',
  'walsenderWake',
  'walreceiverWake',
  'replayEnd',
  'conflictWake',
  'bootEnd',
  'recoveryEnd',
  'rewindEnd',
  'baseBackupEnd',
  'recoveryStop',
  'archiverWake',
  'archiveTimeout',
  'restoreEnd',
]);

const FAULTS: ReadonlySet<string> = new Set(FAULT_KINDS);

const isEvent = (input: ReplicationInput): input is ReplicationEvent => EVENTS.has(input.kind);
const isFault = (input: ReplicationInput): input is Fault => FAULTS.has(input.kind);
