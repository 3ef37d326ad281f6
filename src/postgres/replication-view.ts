/** What monitoring sees of the replication machine: rows of pg_stat_replication, pg_stat_wal_receiver, the recovery functions. */
import type { Duration, Instant } from '../sim/instant.ts';
import type { Lsn, TimelineId } from './lsn.ts';
import { lastEndUpTo } from './record-log.ts';
import type { ConflictWait } from './recovery-conflict.ts';
import type { ReplicationSlot } from './replication-slots.ts';
import { linkKey, type NodeState, type ReplicationState, recordsOf } from './replication-state.ts';
import { type WalStatus, walOfSlot } from './slot-retention.ts';
import type { PauseState } from './startup-process.ts';
import { type SyncState, shownPriority, syncStateOf } from './sync-rep.ts';

/** A row of pg_stat_replication. Null where PostgreSQL shows NULL. */
export interface WalsenderView {
  /** Names the connection: one process on each side, so one pid on each. */
  readonly connection: number;
  /** The standby's node name. */
  readonly standby: string;
  readonly applicationName: string;
  readonly backendStart: Instant;
  readonly state: 'startup' | 'catchup' | 'streaming';
  readonly sentLsn: Lsn | null;
  readonly writeLsn: Lsn | null;
  readonly flushLsn: Lsn | null;
  readonly replayLsn: Lsn | null;
  readonly writeLag: Duration | null;
  readonly flushLag: Duration | null;
  readonly replayLag: Duration | null;
  readonly syncPriority: number;
  /** backend_xmin: what the standby's feedback holds back. */
  readonly xmin: number | null;
  readonly syncState: SyncState;
  readonly replyTime: Instant | null;
}

/** The row of pg_stat_wal_receiver; there is none before the walreceiver has connected. */
export interface WalreceiverView {
  readonly connection: number;
  readonly upstream: string;
  readonly slotName: string | null;
  readonly status: 'streaming';
  readonly timeline: TimelineId;
  readonly receiveStartLsn: Lsn;
  readonly writtenLsn: Lsn | null;
  readonly flushedLsn: Lsn | null;
  readonly lastMsgSendTime: Instant;
  readonly lastMsgReceiptTime: Instant;
  readonly latestEndLsn: Lsn | null;
  readonly latestEndTime: Instant;
}

/** A row of pg_replication_slots. */
export interface SlotView
  extends Pick<
    ReplicationSlot,
    'name' | 'connection' | 'xmin' | 'restartLsn' | 'inactiveSince' | 'invalidation'
  > {
  readonly walStatus: WalStatus | null;
  /** Bytes that can still be written before its WAL is in danger; null where there is no limit, or none is left. */
  readonly safeWalSize: number | null;
}

/** How a standby itself stands. */
export interface RecoveryView {
  /** pg_last_wal_receive_lsn(): null before its walreceiver has streamed since the start. */
  readonly receiveLsn: Lsn | null;
  /** The furthest byte written to the standby's file system, and fsynced. */
  readonly writeLsn: Lsn;
  readonly flushLsn: Lsn;
  /** pg_last_wal_replay_lsn(). */
  readonly replayLsn: Lsn;
  /** pg_last_xact_replay_timestamp(). */
  readonly lastXactTimestamp: Instant | null;
  /** pg_get_wal_replay_pause_state(). */
  readonly pauseState: PauseState;
  readonly frozen: readonly ('walreceiver' | 'startup')[];
  /** The queries that its startup process waits for; null where it does not. */
  readonly conflict: ConflictWait | null;
}

/** pg_stat_replication of a node, by slot. */
export function walsenderViews(state: ReplicationState, name: string): readonly WalsenderView[] {
  const { settings, walsenders } = nodeOf(state, name);
  return walsenders.map((walsender) => ({
    connection: walsender.connection,
    standby: walsender.standby,
    applicationName: walsender.applicationName,
    backendStart: walsender.backendStart,
    state: walsender.state,
    sentLsn: known(walsender.sentLsn),
    writeLsn: known(walsender.writeLsn),
    flushLsn: known(walsender.flushLsn),
    replayLsn: known(walsender.replayLsn),
    writeLag: walsender.writeLag,
    flushLag: walsender.flushLag,
    replayLag: walsender.replayLag,
    syncPriority: shownPriority(walsender),
    xmin: walsender.xmin,
    syncState: syncStateOf(settings.synchronousStandbyNames, walsenders, walsender),
    replyTime: walsender.replyTime,
  }));
}

/** The walsender that serves a standby: of several, where one has not noticed its connection's end, the newest. */
export function walsenderOf(state: ReplicationState, standby: string): WalsenderView | null {
  const { upstream } = nodeOf(state, standby);
  if (upstream === null) return null;
  const views = walsenderViews(state, upstream).filter((view) => view.standby === standby);
  return views.reduce<WalsenderView | null>(
    (newest, view) => (newest && newest.connection > view.connection ? newest : view),
    null,
  );
}

/** pg_replication_slots of a node. */
export function slotViews(state: ReplicationState, name: string): readonly SlotView[] {
  const { slots, settings, wal, walFrom } = nodeOf(state, name);
  const range = { oldest: walFrom, writeLsn: wal.writeLsn };
  return slots.map((slot) => {
    const { connection, xmin, restartLsn, inactiveSince, invalidation } = slot;
    return {
      name: slot.name,
      connection,
      xmin,
      restartLsn,
      inactiveSince,
      invalidation,
      ...walOfSlot(slot, slots, range, settings),
    };
  });
}

export function walreceiverView(state: ReplicationState, name: string): WalreceiverView | null {
  const { walreceiver, upstream } = nodeOf(state, name);
  if (upstream === null || walreceiver.status !== 'streaming') return null;
  return {
    connection: walreceiver.connection,
    upstream,
    slotName: walreceiver.slotName,
    status: 'streaming',
    timeline: walreceiver.timeline,
    receiveStartLsn: walreceiver.receiveStartLsn,
    writtenLsn: known(walreceiver.writtenLsn),
    flushedLsn: walreceiver.receivedLsn,
    lastMsgSendTime: walreceiver.lastMsgSendTime,
    lastMsgReceiptTime: walreceiver.lastMsgReceiptTime,
    latestEndLsn: known(walreceiver.latestEndLsn),
    latestEndTime: walreceiver.latestEndTime,
  };
}

export function recoveryView(state: ReplicationState, name: string): RecoveryView {
  const { walreceiver, startup, wal } = nodeOf(state, name);
  const frozen: ('walreceiver' | 'startup')[] = [];
  if (walreceiver.frozen) frozen.push('walreceiver');
  if (startup.frozen) frozen.push('startup');
  return {
    receiveLsn: walreceiver.receivedLsn,
    writeLsn: wal.writeLsn,
    flushLsn: wal.flushLsn,
    replayLsn: startup.replayLsn,
    lastXactTimestamp: startup.lastXactTimestamp,
    pauseState: startup.pauseState,
    frozen,
    conflict: startup.conflict,
  };
}

/**
 * Why the cluster has not settled, or null: every standby that streams or can must have replayed all that its upstream
 * has flushed. Those that are down, frozen, paused or cut off do not count.
 */
export function unsettled(state: ReplicationState): string | null {
  for (const node of Object.values(state.nodes)) {
    const { name, upstream, isAlone, startup, walreceiver, status, recovered } = node;
    if (upstream === null || recovered !== null || isAlone) continue;
    const above = nodeOf(state, upstream);
    if (status === 'down' || status === 'off' || startup.frozen || walreceiver.frozen) continue;
    if (startup.pauseState !== 'not paused') continue;
    if (above.status === 'down' || above.status === 'off') continue;
    if (state.links[linkKey(upstream, name)]?.cut) continue;
    const row = walsenderOf(state, name);
    if (row?.state !== 'streaming' || walreceiver.status !== 'streaming') {
      return `${name} does not stream yet`;
    }
    if (row.writeLsn === null) return `${name} has not reported yet`;
    if (startup.replayLsn < lastEndUpTo(recordsOf(state, upstream), above.wal.flushLsn)) {
      return `${name} has not replayed all that ${upstream} has flushed`;
    }
  }
  return null;
}

function nodeOf(state: ReplicationState, name: string): NodeState {
  const node = state.nodes[name];
  if (!node) throw new RangeError(`no node "${name}"`);
  return node;
}

const known = (position: Lsn): Lsn | null => (position === 0 ? null : position);
