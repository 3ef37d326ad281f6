/** Who was found how, and who held the leader key, from when on: what the lanes of a page are drawn from. */
import type { Instant } from '../sim/instant.ts';
import type { DcsState } from './dcs.ts';
import type { Found } from './found.ts';
import type { LogLevel } from './patroni-words.ts';

/** From an instant on, something is so. */
export interface Since<T> {
  readonly at: Instant;
  readonly is: T;
}

/** A line of a Patroni's log. */
export interface Line {
  readonly at: Instant;
  readonly node: string;
  readonly level: LogLevel;
  readonly text: string;
}

/** Values: what is added makes a new one. */
export interface Chronicle {
  /** By node. */
  readonly found: Readonly<Record<string, readonly Since<Found>[]>>;
  /** Who held the leader key; null: nobody did, or the DCS had no majority to say so. */
  readonly holder: readonly Since<string | null>[];
}

export const EMPTY_CHRONICLE: Chronicle = { found: {}, holder: [] };

export const holderOf = (dcs: DcsState): string | null =>
  dcs.leader === null ? null : (dcs.keys.leader?.value ?? null);

/** How the node was found last. */
export const lastFound = ({ found }: Chronicle, node: string): Found | undefined =>
  found[node]?.at(-1)?.is;

/** With what is so at this instant, where it has changed. */
export function chronicled(
  before: Chronicle,
  now: { readonly found: Readonly<Record<string, Found>>; readonly holder: string | null },
  at: Instant,
): Chronicle {
  let next = before;
  for (const [node, is] of Object.entries(now.found)) {
    if (lastFound(before, node) === is) continue;
    const all = [...(before.found[node] ?? []), { at, is }];
    next = { ...next, found: { ...next.found, [node]: all } };
  }
  const last = before.holder.at(-1);
  return last !== undefined && last.is === now.holder
    ? next
    : { ...next, holder: [...before.holder, { at, is: now.holder }] };
}
