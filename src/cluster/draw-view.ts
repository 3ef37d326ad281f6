import { FIRST_TIMELINE } from '../postgres/lsn.ts';
import { linkKey, type NodeState, type ReplicationState } from '../postgres/replication-state.ts';
import { recoveryView, slotViews, walsenderOf } from '../postgres/replication-view.ts';
import { waiters } from '../postgres/sync-rep.ts';
import { WAL_SEGMENT_SIZE } from '../postgres/wal/page.ts';
import { segmentName } from '../postgres/wal/wal-store.ts';
import { walUsed } from '../postgres/wal-volume.ts';
import type { Instant } from '../sim/instant.ts';
import type { ClusterNode } from './cluster-node.ts';
import type {
  ArchiverView,
  ClusterView,
  LinkView,
  NodeView,
  StandbyView,
  WaitingCommit,
} from './cluster-view.ts';
import type { GovernedView } from './governed-view.ts';
import { leaderOf } from './leader.ts';
import { messagesInFlight } from './message-log.ts';
import type { PopulationView } from './workload/population.ts';

const STATUS = { up: 'up', starting: 'starting', down: 'down', off: 'down' } as const;

/** The whole cluster at this instant, as plain data. */
export function clusterView(
  now: Instant,
  state: ReplicationState,
  nodes: readonly ClusterNode[],
  commits: readonly WaitingCommit[],
  populations: readonly PopulationView[],
  governor: GovernedView | null,
): ClusterView {
  const primary = leaderOf(state, nodes);
  const waiting = primary ? state.nodes[primary.name]?.syncRep : undefined;
  return {
    now,
    nodes: nodes.map((node) => nodeView(state, node)),
    links: linkViews(state, nodes),
    synchronousStandbyNames: primary?.settings.synchronous_standby_names ?? '',
    waitingCommits: waiting ? waiters(waiting).length : 0,
    commits,
    populations,
    governor,
    inFlight: messagesInFlight(state),
  };
}

function nodeView(state: ReplicationState, node: ClusterNode): NodeView {
  const own = state.nodes[node.name];
  if (!own) throw new RangeError(`no node "${node.name}"`);
  const recovery = recoveryView(state, node.name);
  return {
    name: node.name,
    role: node.role,
    status: STATUS[own.status],
    insertLsn: own.wal.insertLsn,
    writeLsn: own.wal.writeLsn,
    flushLsn: own.wal.flushLsn,
    walFrom: own.walFrom,
    redoLsn: own.checkpointer.latest.redoLsn,
    slots: slotViews(state, node.name),
    archiver: archiverView(own),
    streamingError: own.upstream === null ? null : own.walreceiver.lastError,
    walUsed: walUsed(own),
    walVolume: own.walVolume.size,
    frozen: recovery.frozen,
    replayPaused: recovery.pauseState !== 'not paused',
    apart: own.recovered !== null,
    fsyncTime: own.disk.fsyncTime,
    replayBytesPerSecond: own.startup.bytesPerSecond,
    standby: own.upstream === null ? null : standbyView(state, node.name, own.upstream),
    sessions: [...node.sessions.values()]
      .filter((session) => session.ended === null)
      .map(({ name, pid, status, statementId }) => ({
        node: node.name,
        name,
        pid,
        transaction: status,
        statementId,
      })),
  };
}

function archiverView({ archiver, wal }: NodeState): ArchiverView | null {
  if (!archiver.on) return null;
  const { next, counts } = archiver;
  return {
    archived: counts.archived,
    waiting: Math.max(0, Math.floor((wal.flushLsn - next) / WAL_SEGMENT_SIZE)),
    failing: counts.lastFailed === next ? segmentName(FIRST_TIMELINE, next) : null,
  };
}

function standbyView(state: ReplicationState, name: string, upstream: string): StandbyView {
  const sender = walsenderOf(state, name);
  const own = recoveryView(state, name);
  return {
    upstream,
    state: sender?.state ?? null,
    syncState: sender?.syncState ?? null,
    sentLsn: sender?.sentLsn ?? null,
    writeLsn: sender?.writeLsn ?? null,
    flushLsn: sender?.flushLsn ?? null,
    replayLsn: sender?.replayLsn ?? null,
    writeLag: sender?.writeLag ?? null,
    flushLag: sender?.flushLag ?? null,
    replayLag: sender?.replayLag ?? null,
    ownReceiveLsn: own.writeLsn,
    ownFlushLsn: own.flushLsn,
    ownReplayLsn: own.replayLsn,
  };
}

function linkViews(state: ReplicationState, nodes: readonly ClusterNode[]): readonly LinkView[] {
  return nodes.flatMap(({ name: a }, index) =>
    nodes.slice(index + 1).flatMap(({ name: b }) => {
      const link = state.links[linkKey(a, b)];
      if (!link) return [];
      const { delay, bytesPerSecond, lossRatio, cut } = link;
      return [{ a, b, delay, bytesPerSecond, lossRatio, cut }];
    }),
  );
}
