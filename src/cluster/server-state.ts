import type { ArchiverCounts } from '../postgres/archiver.ts';
import type { CheckpointsView } from '../postgres/checkpoints-view.ts';
import { timestampText } from '../postgres/epoch.ts';
import { FIRST_TIMELINE, formatLsn, type Lsn } from '../postgres/lsn.ts';
import { walreceiverPid, walsenderPid } from '../postgres/pids.ts';
import type { ConflictCounts } from '../postgres/recovery-conflict.ts';
import type {
  RecoveryView,
  SlotView,
  WalreceiverView,
  WalsenderView,
} from '../postgres/replication-view.ts';
import { segmentName } from '../postgres/wal/wal-store.ts';
import type { Duration, Instant } from '../sim/instant.ts';
import type { HiddenCommit } from './live-backend.ts';
import type { Session } from './session.ts';
import type { ModelledRow, ServerState } from './sql-engine.ts';
import type { LockWait } from './wait.ts';

/** A session as the activity view shows it: what it runs and what that waits for. */
export interface SessionActivity {
  readonly session: Session;
  readonly query: string;
  readonly running: boolean;
  readonly waitEventType: string | null;
  readonly waitEvent: string | null;
  readonly lock: LockWait | null;
  readonly lockSince: Instant | null;
}

/** What a node's views are made from. */
export interface NodeFacts {
  readonly name: string;
  readonly startedAt: Instant;
  readonly sessions: readonly SessionActivity[];
  /** The primary's own WAL; null on a standby. */
  readonly wal: { readonly writeLsn: Lsn; readonly flushLsn: Lsn } | null;
  readonly recovery: RecoveryView | null;
  /** How recovery ended, on a primary that was promoted since it started: functions go on saying so. */
  readonly recovered: RecoveryView | null;
  readonly walsenders: readonly WalsenderView[];
  readonly walreceiver: WalreceiverView | null;
  readonly slots: readonly SlotView[];
  readonly archiver: ArchiverCounts | null;
  /** GetRedoRecPtr: where recovery would begin, and a slot that reserves WAL. */
  readonly redoLsn: Lsn;
  readonly hidden: readonly HiddenCommit[];
  readonly checkpoints: CheckpointsView | null;
  readonly conflicts: ConflictCounts;
  /** Relations that replay holds locked. */
  readonly replayLocks: readonly number[];
}

/** Object identifiers that initdb gives: the database `postgres`, and the role that owns everything. */
const DATABASE_OID = 5;
const SUPERUSER_OID = 10;

/** Pids of the processes that every server has; sessions count up from {@link FIRST_SESSION_PID}. */
export const PROCESS_PIDS = {
  checkpointer: 21,
  'background writer': 22,
  startup: 23,
  walwriter: 24,
  'autovacuum launcher': 25,
};
export const FIRST_SESSION_PID = 101;

const text = (lsn: Lsn | null): string | null => (lsn === null ? null : formatLsn(lsn));
const time = (at: Instant | null): string | null => (at === null ? null : timestampText(at));
const interval = (length: Duration | null): string | null =>
  length === null ? null : `${length} microseconds`;

/** The modelled rows and values of a node at this instant, as one of its sessions may ask for them. */
export function serverState(facts: NodeFacts, asking: Session | null): ServerState {
  const { recovery } = facts;
  const replayed = recovery ?? facts.recovered;
  return {
    nodeName: facts.name,
    inRecovery: recovery !== null,
    backendPid: asking?.pid ?? 0,
    insertLsn: null,
    writeLsn: text(facts.wal?.writeLsn ?? null),
    flushLsn: text(facts.wal?.flushLsn ?? null),
    receiveLsn: text(replayed?.receiveLsn ?? null),
    replayLsn: text(replayed?.replayLsn ?? null),
    lastReplayedXactTimestamp: time(replayed?.lastXactTimestamp ?? null),
    replayPauseState: recovery?.pauseState ?? 'not paused',
    activity: [
      ...facts.sessions.map((session) => sessionRow(session, facts.hidden)),
      ...processRows(facts),
    ],
    walsenders: facts.walsenders.map(walsenderRow),
    walreceiver: facts.walreceiver && walreceiverRow(facts.walreceiver, facts.name),
    slots: facts.slots.map(slotRow),
    redoLsn: formatLsn(facts.redoLsn),
    archiver: archiverRow(facts),
    checkpoint: facts.checkpoints && controlRow(facts.checkpoints),
    checkpointer: facts.checkpoints ? checkpointerRow(facts.checkpoints) : {},
    walSegments: facts.checkpoints?.segments ?? [],
    waitingLocks: [
      ...facts.sessions.flatMap(waitingLock),
      ...facts.sessions.flatMap((activity) =>
        activity.session === asking ? [] : readersLocks(activity),
      ),
      ...locksOfReplay(facts),
    ],
    conflicts: facts.conflicts,
    blockers: Object.fromEntries(
      facts.sessions.flatMap(({ session, lock }) =>
        lock === null ? [] : [[session.pid, lock.blockers]],
      ),
    ),
    hiddenPrepared: facts.hidden.flatMap(({ gid, xid, pid }) =>
      gid === null ? [] : [{ gid, xid, pid, virtualTransaction: virtualTransaction(pid) }],
    ),
  };
}

export const virtualTransaction = (pid: number): string => `${pid - FIRST_SESSION_PID + 2}/${pid}`;

function sessionRow(
  { session, query, running, waitEventType, waitEvent }: SessionActivity,
  hidden: readonly HiddenCommit[],
): ModelledRow {
  // A backend in COMMIT has its transaction id until the wait is over.
  const xid = session.xid || hidden.find(({ pid }) => pid === session.pid)?.xid;
  const blockState =
    session.status === 'failed' ? 'idle in transaction (aborted)' : 'idle in transaction';
  const idleState = session.status === 'idle' ? 'idle' : blockState;
  return {
    datid: DATABASE_OID,
    usesysid: SUPERUSER_OID,
    pid: session.pid,
    application_name: session.state.settings.get('application_name') ?? 'psql',
    state: running ? 'active' : idleState,
    query,
    wait_event_type: running ? waitEventType : 'Client',
    wait_event: running ? waitEvent : 'ClientRead',
    xact_start: time(running ? (session.xactStart ?? session.queryStart) : session.xactStart),
    query_start: time(session.queryStart),
    backend_start: time(session.backendStart),
    state_change: time(session.stateChange),
    client_addr: '127.0.0.1',
    client_port: 40000 + session.pid,
    backend_type: 'client backend',
    backend_xid: xid ?? null,
    backend_xmin: session.held.xmin ?? session.hold?.xmin ?? null,
  };
}

function processRows({ startedAt, recovery, walsenders, walreceiver }: NodeFacts): ModelledRow[] {
  const row = (
    pid: number,
    backendType: string,
    waitEvent: string,
    more: ModelledRow = {},
  ): ModelledRow => ({
    pid,
    backend_type: backendType,
    wait_event_type: 'Activity',
    wait_event: waitEvent,
    backend_start: time(startedAt),
    ...more,
  });
  const primaryOnly = [
    row(PROCESS_PIDS.walwriter, 'walwriter', 'WalWriterMain'),
    row(PROCESS_PIDS['autovacuum launcher'], 'autovacuum launcher', 'AutovacuumMain', {
      usesysid: SUPERUSER_OID,
    }),
  ];
  const standbyOnly = [
    row(PROCESS_PIDS.startup, 'startup', startupWait(recovery).event, {
      wait_event_type: startupWait(recovery).type,
    }),
    ...(walreceiver === null
      ? []
      : [row(walreceiverPid(walreceiver.connection), 'walreceiver', 'WalReceiverMain')]),
  ];
  return [
    row(PROCESS_PIDS.checkpointer, 'checkpointer', 'CheckpointerMain'),
    row(PROCESS_PIDS['background writer'], 'background writer', 'BgwriterMain'),
    ...(recovery === null ? primaryOnly : standbyOnly),
    ...walsenders.map((sender) =>
      row(walsenderPid(sender.connection), 'walsender', 'WalSenderMain', {
        usesysid: SUPERUSER_OID,
        application_name: sender.applicationName,
        state: 'active',
        query: 'START_REPLICATION',
        client_addr: '127.0.0.1',
        client_port: 50000 + sender.connection,
        backend_start: time(sender.backendStart),
        backend_xmin: sender.xmin,
      }),
    ),
  ];
}

const CONFLICT_WAITS = {
  lock: { type: 'Lock', event: 'relation' },
  snapshot: { type: 'IPC', event: 'RecoveryConflictSnapshot' },
  tablespace: { type: 'IPC', event: 'RecoveryConflictTablespace' },
  bufferpin: { type: 'BufferPin', event: 'BufferPin' },
} as const;

/** What the startup process waits for. */
function startupWait(recovery: RecoveryView | null): { type: string; event: string } {
  if (recovery?.conflict) return CONFLICT_WAITS[recovery.conflict.reason];
  return recovery?.pauseState === 'paused'
    ? { type: 'IPC', event: 'RecoveryPause' }
    : { type: 'Activity', event: 'RecoveryWalStream' };
}

const walsenderRow = (sender: WalsenderView): ModelledRow => ({
  pid: walsenderPid(sender.connection),
  state: sender.state,
  sent_lsn: text(sender.sentLsn),
  write_lsn: text(sender.writeLsn),
  flush_lsn: text(sender.flushLsn),
  replay_lsn: text(sender.replayLsn),
  write_lag: interval(sender.writeLag),
  flush_lag: interval(sender.flushLag),
  replay_lag: interval(sender.replayLag),
  sync_priority: sender.syncPriority,
  sync_state: sender.syncState,
  reply_time: time(sender.replyTime),
});

const walreceiverRow = (receiver: WalreceiverView, name: string): ModelledRow => ({
  pid: walreceiverPid(receiver.connection),
  status: receiver.status,
  receive_start_lsn: text(receiver.receiveStartLsn),
  receive_start_tli: receiver.timeline,
  written_lsn: text(receiver.writtenLsn),
  flushed_lsn: text(receiver.flushedLsn),
  received_tli: receiver.timeline,
  last_msg_send_time: time(receiver.lastMsgSendTime),
  last_msg_receipt_time: time(receiver.lastMsgReceiptTime),
  latest_end_lsn: text(receiver.latestEndLsn),
  latest_end_time: time(receiver.latestEndTime),
  slot_name: receiver.slotName,
  sender_host: receiver.upstream,
  sender_port: 5432,
  conninfo: `user=postgres host=${receiver.upstream} port=5432 application_name=${name}`,
});

const slotRow = (slot: SlotView): ModelledRow => ({
  slot_name: slot.name,
  slot_type: 'physical',
  temporary: false,
  active: slot.connection !== null,
  active_pid: slot.connection && walsenderPid(slot.connection),
  xmin: slot.xmin,
  restart_lsn: text(slot.restartLsn),
  wal_status: slot.walStatus,
  safe_wal_size: slot.safeWalSize,
  two_phase: false,
  inactive_since: time(slot.inactiveSince),
  invalidation_reason: slot.invalidation,
  failover: false,
  synced: false,
});

const archiverRow = ({ archiver, startedAt }: NodeFacts): ModelledRow => ({
  archived_count: archiver?.archived ?? 0,
  last_archived_wal: archiver && segmentText(archiver.lastArchived),
  last_archived_time: archiver && time(archiver.lastArchivedAt),
  failed_count: archiver?.failed ?? 0,
  last_failed_wal: archiver && segmentText(archiver.lastFailed),
  last_failed_time: archiver && time(archiver.lastFailedAt),
  stats_reset: time(startedAt),
});

const segmentText = (segment: Lsn | null): string | null =>
  segment === null ? null : segmentName(FIRST_TIMELINE, segment);

const controlRow = ({ latest }: CheckpointsView): ModelledRow => ({
  checkpoint_lsn: formatLsn(latest.lsn),
  redo_lsn: formatLsn(latest.redoLsn),
  redo_wal_file: segmentName(FIRST_TIMELINE, latest.redoLsn),
  ...latest.control,
  checkpoint_time: new Date(latest.time * 1000).toISOString(),
});

const checkpointerRow = ({ timed, requested, done, isStandby }: CheckpointsView): ModelledRow => {
  const own = isStandby ? 'restartpoints' : 'num';
  return { [`${own}_timed`]: timed, [`${own}_requested`]: requested, [`${own}_performed`]: done };
};
/** On a standby: relations that another session reads in its transaction. */
function readersLocks({ session }: SessionActivity): ModelledRow[] {
  return (session.hold?.relations ?? []).map((relation) => ({
    locktype: 'relation',
    database: DATABASE_OID,
    relation,
    virtualtransaction: virtualTransaction(session.pid),
    pid: session.pid,
    mode: 'AccessShareLock',
    granted: true,
    fastpath: true,
  }));
}

/** Locks of the startup process: those that it holds for the primary's transactions, and those that it queues for. */
function locksOfReplay({ recovery, replayLocks }: NodeFacts): ModelledRow[] {
  const awaited = recovery?.conflict?.relations ?? [];
  const lock = (relation: number, granted: boolean): ModelledRow => ({
    locktype: 'relation',
    database: DATABASE_OID,
    relation,
    virtualtransaction: '1/0',
    pid: PROCESS_PIDS.startup,
    mode: 'AccessExclusiveLock',
    granted,
    fastpath: false,
    waitstart: granted ? null : time(recovery?.conflict?.since ?? null),
  });
  return [
    ...replayLocks.map((relation) => lock(relation, true)),
    ...awaited.map((relation) => lock(relation, false)),
  ];
}

function waitingLock({ session, lock, lockSince }: SessionActivity): ModelledRow[] {
  if (lock === null) return [];
  return [
    {
      locktype: lock.event,
      database: lock.event === 'transactionid' ? null : DATABASE_OID,
      relation: lock.relation,
      transactionid: lock.xid,
      virtualtransaction: virtualTransaction(session.pid),
      pid: session.pid,
      mode: lock.event === 'transactionid' ? 'ShareLock' : lock.mode,
      granted: false,
      fastpath: false,
      waitstart: time(lockSince),
    },
  ];
}
