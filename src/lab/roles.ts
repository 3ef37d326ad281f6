import type { Action } from '../cluster/action.ts';
import type { ClusterView, TraceEvent } from '../cluster/cluster-view.ts';

/**
 * In what befalls a lab, and in what is asked of it in the end, a node may be named by what it is at that moment. Which node that
 * is may be the learner's choice: she has promoted it.
 */
export const ROLES = ['{primary}', '{first-standby}', '{last-standby}'] as const;

/** What roles follow from. */
export interface Stage {
  readonly view: ClusterView;
  readonly trace: readonly TraceEvent[];
  /** Machines to restore on: whatever runs there, it is no part of the cluster. */
  readonly spares: readonly string[];
}

/** The one that was promoted last; the first node where none was. */
export const primaryOf = ({ view, trace, spares }: Stage): string =>
  trace.findLast(({ kind, node }) => kind === 'promoted' && !spares.includes(node ?? ''))?.node ??
  view.nodes[0]?.name ??
  '';

/** The node's own name; null where nobody has that role now. */
export function nodeInRole(name: string, stage: Stage): string | null {
  if (!ROLES.some((role) => role === name)) return name;
  const primary = primaryOf(stage);
  if (name === '{primary}') return primary;
  const standbys = stage.view.nodes
    .filter(({ standby, status }) => standby !== null && status === 'up')
    .map((node) => node.name)
    .filter((one) => one !== primary && !stage.spares.includes(one));
  return (name === '{first-standby}' ? standbys[0] : standbys.at(-1)) ?? null;
}

const NODES = ['node', 'a', 'b', 'from', 'upstream'];

/** An action on the nodes that have the roles now; null where one of them is nobody's. */
export function inRoles(action: Action, stage: Stage): Action | null {
  const named = Object.entries(action).map(([key, value]) => [
    key,
    NODES.includes(key) ? nodeInRole(String(value), stage) : value,
  ]);
  return named.some(([, value]) => value === null) ? null : Object.fromEntries(named);
}
