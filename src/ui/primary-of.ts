import type { ClusterView, NodeView } from '../cluster/cluster-view.ts';
import { nodeOf } from './node-of.ts';

/** The primary whose WAL a node has: itself, or the one at the head of those it streams from. Two may be at work at once. */
export function primaryOf(view: ClusterView | null, name: string): NodeView | null {
  // A ring of standbys that follow one another has no primary.
  for (const seen = new Set<string>(); !seen.has(name); ) {
    seen.add(name);
    const node = nodeOf(view, name);
    if (!node?.standby) return node;
    name = node.standby.upstream;
  }
  return null;
}
