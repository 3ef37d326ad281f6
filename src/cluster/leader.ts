import type { ReplicationState } from '../postgres/replication-state.ts';
import type { ClusterNode } from './cluster-node.ts';

/** The primary whose WAL was forked off last: of several, the one that was promoted last. Undefined where there is none. */
export function leaderOf(
  state: ReplicationState | null,
  nodes: Iterable<ClusterNode>,
): ClusterNode | undefined {
  const branch = ({ name }: ClusterNode) => state?.nodes[name]?.branch ?? 0;
  return [...nodes]
    .filter(({ role }) => role === 'primary')
    .sort((a, b) => branch(b) - branch(a))[0];
}
