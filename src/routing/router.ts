/**
 * What a router is told and what it says: plain data on both sides. A learner writes it as a TypeScript function or as a
 * decision table; both become one function (`compile-router.ts`).
 */

/** A guest who wants to read. Positions are text, as PostgreSQL prints a pg_lsn. */
export interface RouterGuest {
  /** Counts the guests from 1. */
  readonly number: number;
  /** The token that the app took with this guest's last write; null where there is none. */
  readonly wrote: string | null;
  /** How long ago that write was answered, in ms; null where she has not written. */
  readonly wroteMsAgo: number | null;
  /** How far the node had come that answered her last read; null before the first. */
  readonly saw: string | null;
  /** That node; null before the first read. */
  readonly lastNode: string | null;
  /** How long the router has let this read wait already, in ms. */
  readonly waitedMs: number;
}

/** A node as the app knows it. */
export interface RouterNode {
  readonly name: string;
  readonly primary: boolean;
  /** pg_last_wal_replay_lsn() of a standby when it was last asked; null on the primary. */
  readonly replayed: string | null;
  /** How long ago that was, in ms. */
  readonly askedMsAgo: number;
}

/** A node's name: read there. `waitMs`: ask me again after so many ms. */
export type RoutingDecision = { readonly node: string } | { readonly waitMs: number };

/** The longest that one decision may let a read wait, in ms. */
const MAX_WAIT_MS = 10_000;

/** What a router has said, understood; or why it cannot be, in words. */
export function understood(
  said: unknown,
  nodes: readonly RouterNode[],
): RoutingDecision | { readonly refused: string } {
  if (typeof said === 'string')
    return nodes.some(({ name }) => name === said)
      ? { node: said }
      : { refused: `it says ${JSON.stringify(said)}; the nodes are ${namesOf(nodes)}` };
  const waitMs = (said as { waitMs?: unknown } | null | undefined)?.waitMs;
  if (typeof waitMs === 'number' && waitMs > 0 && waitMs <= MAX_WAIT_MS) return { waitMs };
  const shown = JSON.stringify(said) ?? 'nothing';
  return {
    refused: `it says ${shown}; expected the name of a node, or { waitMs: … } from 1 to ${MAX_WAIT_MS}`,
  };
}

const namesOf = (nodes: readonly RouterNode[]) => nodes.map(({ name }) => name).join(', ');
