import type { GovernorEvent } from '../ha/governor-state.ts';
import type { ReplicationEvent, ReplicationInput } from '../postgres/replication-port.ts';
import type { ReplicationState } from '../postgres/replication-state.ts';
import type { Instant } from '../sim/instant.ts';
import type { ClusterSpec } from './action.ts';
import type { ClusterNode } from './cluster-node.ts';
import type { TraceEvent } from './cluster-view.ts';
import type { FlightEvent } from './flight.ts';
import type { Flights } from './flights.ts';
import type { MessageLog } from './message-log.ts';
import type { SqlEngine } from './sql-engine.ts';
import type { WalBranch, WalBranches } from './wal-branches.ts';

/** What a cluster asked to be told at an instant, each part for itself. */
export type ClusterEvent =
  | { readonly kind: 'replication'; readonly event: ReplicationEvent }
  | { readonly kind: 'flight'; readonly event: FlightEvent }
  | { readonly kind: 'autovacuum'; readonly node: string }
  | { readonly kind: 'governor'; readonly event: GovernorEvent };

/** What the parts of a cluster reach of one another. */
export interface ClusterParts {
  readonly spec: ClusterSpec;
  readonly engine: SqlEngine;
  readonly branches: WalBranches;
  /** By name, in the order of the spec. */
  readonly nodes: ReadonlyMap<string, ClusterNode>;
  readonly flights: Flights;
  readonly messages: MessageLog;
  /** Throws before the cluster has started. */
  readonly state: ReplicationState;
  /** Null before the cluster has started. */
  readonly stateIfAny: ReplicationState | null;
  now(): Instant;
  /** Throws ActionRefused where there is no such node. */
  node(name: string): ClusterNode;
  has(name: string): boolean;
  /** The branch of WAL that a node reads or writes. */
  branchOf(name: string): WalBranch;
  feed(input: ReplicationInput): void;
  schedule(at: Instant, event: ClusterEvent): void;
  /** Work for the host that must be done before virtual time goes on. */
  job(work: () => Promise<void>): void;
  /** Tells the processes of each primary's new records, once these say what they must. */
  publish(): void;
  /** New WAL of a primary is told to the processes and flushed soon. */
  flushNewWal(node: string): void;
  note(kind: string, node: string | null, words: string, facts?: TraceEvent['facts']): void;
}
