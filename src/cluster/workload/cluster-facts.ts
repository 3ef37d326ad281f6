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
}

export const clusterFacts = ({ primary, wal, node, replayedTo }: FactSources): ClusterFacts => ({
  takesWrites: (name) => node(name).accepting && node(name).role === 'primary',
  isConnected: (name, session) => node(name).sessions.has(session),
  inBlock: (name, session) => (node(name).sessions.get(session)?.status ?? 'idle') !== 'idle',
  positionOf: (name) => (node(name).role === 'primary' ? wal(name).scannedTo : replayedTo(name)),
  commitOf: (xid) => wal(primary().name).commitOf(xid),
  isShown: (xid) =>
    wal(primary().name).commitOf(xid) !== null &&
    !primary().hidden.some((hidden) => hidden.xid === xid),
});
