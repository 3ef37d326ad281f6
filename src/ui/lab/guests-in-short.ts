import type { StatementView, TraceEvent } from '../../cluster/cluster-view.ts';

/** What guests of a lab's app have done and missed so far. */
export interface GuestsInShort {
  readonly orders: number;
  readonly reads: number;
  readonly byNode: readonly {
    readonly node: string;
    readonly reads: number;
    /** Of 100. */
    readonly share: number;
  }[];
  readonly stale: number;
  readonly backward: number;
  readonly faults: number;
}

/** `guests`: their sessions. */
export function guestsInShort(
  guests: readonly string[],
  statements: readonly StatementView[],
  events: readonly TraceEvent[],
): GuestsInShort {
  const theirs = new Set(guests);
  const reads = new Map<string, number>();
  let orders = 0;
  for (const { session, node, state, sql } of statements) {
    if (!theirs.has(session) || state !== 'done') continue;
    if (sql.startsWith('begin')) orders++;
    else reads.set(node, (reads.get(node) ?? 0) + 1);
  }
  const all = [...reads.values()].reduce((sum, one) => sum + one, 0);
  const count = (wanted: string) => events.filter(({ kind }) => kind === wanted).length;
  return {
    orders,
    reads: all,
    byNode: [...reads]
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([node, some]) => ({ node, reads: some, share: Math.round((some / all) * 100) })),
    stale: count('staleRead'),
    backward: count('backwardRead'),
    faults: count('routerFault'),
  };
}
