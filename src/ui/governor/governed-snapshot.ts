import type { ClusterView, TraceEvent } from '../../cluster/cluster-view.ts';
import type { Chronicle, Line } from '../../ha/chronicle.ts';
import type { Found } from '../../ha/found.ts';
import type { GovernorView } from '../../ha/governor-view.ts';
import type { LogLevel } from '../../ha/patroni-words.ts';
import type { Instant } from '../../sim/instant.ts';

/** What a page shows of a governed cluster at one instant, whatever its servers are. */
export interface GovernedSnapshot extends Chronicle {
  readonly now: Instant;
  readonly view: Omit<GovernorView, 'at'>;
  readonly servers: Readonly<Record<string, ServerShown>>;
  /** Patroni's log, the newest lines. */
  readonly lines: readonly Line[];
  /** As `patronictl list` prints it. */
  readonly list: string;
}

/** A node's server, as its card shows it. */
export interface ServerShown {
  readonly status: 'up' | 'starting' | 'stopping' | 'down' | 'off';
  readonly timeline: number;
  /** The end of its WAL. */
  readonly wal: number;
  /** Its walreceiver stands still. */
  readonly deaf: boolean;
}

/** So many lines of the log are kept on the page. */
export const LINES = 120;

/** How clients find the node now. */
export const foundNow = ({ found }: Chronicle, node: string): Found =>
  found[node]?.at(-1)?.is ?? 'down';

/** A cluster of real servers; null where nothing governs it. `events`: what had happened by then. */
export function clusterSnapshot(
  { now, nodes, governor }: ClusterView,
  events: readonly TraceEvent[],
): GovernedSnapshot | null {
  if (governor === null) return null;
  const { chronicle, list, servers, ...view } = governor;
  const deaf = (name: string) =>
    nodes.find((node) => node.name === name)?.frozen.includes('walreceiver') ?? false;
  return {
    ...{ now, view, list },
    found: chronicle.found,
    holder: chronicle.holder,
    servers: Object.fromEntries(
      Object.entries(servers).map(([name, server]) => [name, { ...server, deaf: deaf(name) }]),
    ),
    lines: events
      .filter(({ kind }) => kind === 'patroniLog')
      .slice(-LINES)
      .map(({ at, node, facts }) => ({
        at,
        node: node ?? '',
        level: facts.level as LogLevel,
        text: String(facts.text),
      })),
  };
}
