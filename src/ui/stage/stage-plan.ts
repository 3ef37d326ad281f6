/** Which cards stand where, and which cables run between them: what follows from the cluster alone, without a page. */
import type { ClusterView, LinkView, NodeView } from '../../cluster/cluster-view.ts';

export interface StagePlan {
  /** Columns of names, upstreams to the left of their standbys; read in order, each standby comes after its upstream. */
  readonly ranks: readonly (readonly string[])[];
  /** Cables that carry a stream, by upstream. */
  readonly streams: readonly Stream[];
  /** The other cables. */
  readonly idle: readonly LinkView[];
}

export interface Stream {
  readonly upstream: string;
  readonly standby: string;
  readonly link: LinkView;
  /** Which of its upstream's cables it is, and of how many. */
  readonly index: number;
  readonly count: number;
}

export function planOf(view: ClusterView): StagePlan {
  const ranks: string[][] = [];
  const streams: Stream[] = [];
  const placed = new Set<string>();
  const place = (node: NodeView, rank: number) => {
    if (placed.has(node.name)) return;
    placed.add(node.name);
    const column = ranks[rank] ?? [];
    ranks[rank] = [...column, node.name];
    const below = view.nodes.filter(
      ({ standby, apart }) => standby?.upstream === node.name && !apart,
    );
    for (const [index, { name }] of below.entries()) {
      const link = linkBetween(view, node.name, name);
      if (link) {
        streams.push({ upstream: node.name, standby: name, link, index, count: below.length });
      }
    }
    for (const standby of below) place(standby, rank + 1);
  };
  for (const node of view.nodes) if (node.standby === null) place(node, 0);
  // Servers that name one another as their upstream, and no primary above them.
  for (const node of view.nodes) if (!node.apart) place(node, 0);
  // Machines to restore on stand beside the standbys, with no stream from anybody.
  const beside = Math.min(1, ranks.length);
  for (const node of view.nodes) place(node, beside);
  const used = new Set(streams.map(({ link }) => link));
  return { ranks, streams, idle: view.links.filter((link) => !used.has(link)) };
}

export const linkBetween = (view: ClusterView, one: string, other: string): LinkView | null =>
  view.links.find(({ a, b }) => (a === one && b === other) || (a === other && b === one)) ?? null;
