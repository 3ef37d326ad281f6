import type { Lsn } from '../postgres/lsn.ts';
import type { TransactionFacts } from '../postgres/primary-transactions.ts';
import { transactionsAt } from '../postgres/record-log.ts';
import { reportedXmin, type StandbyTransaction } from '../postgres/recovery-conflict.ts';
import { recordsOf } from '../postgres/replication-state.ts';
import { recoveryView } from '../postgres/replication-view.ts';
import type { Instant } from '../sim/instant.ts';
import type { ClusterParts } from './cluster-parts.ts';
import { nodeFacts } from './node-facts.ts';
import type { QueuedLock } from './primary-host.ts';
import { serverState } from './server-state.ts';
import type { Session } from './session.ts';
import { obey } from './signal-handling.ts';
import type { ServerState, Signal, SqlEngine } from './sql-engine.ts';
import type { WalBranch } from './wal-branches.ts';
import type { WorkCost } from './work.ts';

/** What a node asks of the cluster around it. */
export interface NodeEnvironment {
  readonly engine: SqlEngine;
  /** A branch of WAL by its index; the one that this node reads or writes, where none is given. */
  branchOf(node: string, index?: number): WalBranch;
  readonly workCost: WorkCost | null;
  now(): Instant;
  stateFor(node: string, session: Session | null): ServerState;
  /** How far this standby has replayed. */
  replayedTo(node: string): Lsn;
  /** The primary's transactions as this standby knows them. */
  transactionsAt(node: string): TransactionFacts;
  /** Relations that this standby's startup process queues to lock. */
  locksAwaited(node: string): readonly number[];
  transactionsChanged(node: string, transactions: readonly StandbyTransaction[]): void;
  /** What this node's standbys hold back its VACUUM at. */
  reportedXmin(node: string): number | null;
  /** One fsync of this node's disk, in microseconds; Infinity while it is stalled. */
  fsyncTime(node: string): number;
  standbysNamed(node: string): boolean;
  /** Whether its checkpointer has asked for a checkpoint that the server has not written yet. */
  checkpointDue(node: string): boolean;
  restartpoint(node: string): void;
  /** Table locks that statements of other sessions queue for, if they came before this session's. */
  queueBefore(node: string, session: Session): readonly QueuedLock[];
  /** Sessions that wait for locks on this node try again. */
  retryLocks(node: string): void;
  signal(node: string, signal: Signal): void;
  /** Whether this node's archiver is through with all segments before a position. */
  archivedUpTo(node: string, end: Lsn): boolean;
  /** WAL that no client waits for must be flushed all the same. */
  flushSoon(node: string, upTo: Lsn): void;
}

export const nodeEnvironment = (parts: ClusterParts): NodeEnvironment => ({
  engine: parts.engine,
  branchOf: (node, index) =>
    index === undefined ? parts.branchOf(node) : parts.branches.at(index),
  workCost: parts.spec.work ?? null,
  now: () => parts.now(),
  stateFor: (name, session) => {
    const { startedAt, hidden, standby } = parts.node(name);
    const activities = parts.flights.activities(name);
    const stood = { startedAt, activities, hidden, conflicts: standby.conflicts };
    return serverState(nodeFacts(name, parts.stateIfAny, stood, parts.now()), session);
  },
  replayedTo: (node) => recoveryView(parts.state, node).replayLsn,
  transactionsAt: (node) => {
    const facts = transactionsAt(
      recordsOf(parts.state, node),
      recoveryView(parts.state, node).replayLsn,
    );
    // The locks of transactions that had not ended are let go with the end of recovery.
    return parts.node(node).role === 'primary' ? { ...facts, locks: [] } : facts;
  },
  locksAwaited: (node) => recoveryView(parts.state, node).conflict?.relations ?? [],
  transactionsChanged: (node, transactions) => {
    if (parts.state.nodes[node]?.status === 'up')
      parts.feed({ kind: 'standbyTransactions', node, transactions });
  },
  reportedXmin: (node) => {
    const own = parts.stateIfAny?.nodes[node];
    return own === undefined ? null : reportedXmin(own);
  },
  fsyncTime: (node) => parts.state.nodes[node]?.disk.fsyncTime ?? 0,
  standbysNamed: (node) => parts.state.nodes[node]?.settings.synchronousStandbyNames != null,
  checkpointDue: (node) => parts.state.nodes[node]?.checkpointer.asked != null,
  restartpoint: (node) => parts.feed({ kind: 'restartpoint', node }),
  queueBefore: (node, session) => parts.flights.queueBefore(node, session),
  retryLocks: (node) => parts.flights.retryLocks(node),
  signal: (node, signal) => obey(signal, node, parts),
  archivedUpTo: (node, end) => (parts.state.nodes[node]?.archiver.next ?? 0) >= end,
  flushSoon: (node, upTo) => {
    parts.publish();
    parts.flights.flushSoon(node, upTo);
  },
});
