import type { ClusterView, NodeView } from '../cluster/cluster-view.ts';

/** A node by its name; null where it is not, or nothing is seen yet. */
export const nodeOf = (view: ClusterView | null, name: string): NodeView | null =>
  view?.nodes.find((node) => node.name === name) ?? null;
