import { leadsTo, type Ways } from '../../ha/clients/leads-to.ts';
import type { Lsn } from '../../postgres/lsn.ts';
import type { ClusterNode } from '../cluster-node.ts';
import type { PrimaryWal } from '../primary-wal.ts';
import type { ClusterFacts } from './client.ts';

/** Where a cluster's clients learn what they may know of it. */
export interface FactSources {
  /** The one that clients write to. */
  primary(): ClusterNode;
  wal(node: string): PrimaryWal;
  node(name: string): ClusterNode;
  replayedTo(name: string): Lsn;
  /** How clients that look for a server find them. */
  readonly ways: Ways;
}

export const clusterFacts = ({
  primary,
  wal,
  node,
  replayedTo,
  ways,
}: FactSources): ClusterFacts => ({
  takesWrites: (name) => node(name).accepting && node(name).role === 'primary',
  isConnected: (name, session) => node(name).sessions.has(session),
  isOpen: (name, session) => node(name).sessions.get(session)?.ended === null,
  leadsTo: (route) => leadsTo(route, ways),
  found: (name) => ways.found(name),
  inBlock: (name, session) => (node(name).sessions.get(session)?.status ?? 'idle') !== 'idle',
  positionOf: (name) => (node(name).role === 'primary' ? wal(name).scannedTo : replayedTo(name)),
  commitOf: (xid) => wal(primary().name).commitOf(xid),
  isShown: (xid) =>
    wal(primary().name).commitOf(xid) !== null &&
    !primary().hidden.some((hidden) => hidden.xid === xid),
});
