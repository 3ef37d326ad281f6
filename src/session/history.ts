import { type AppendList, append, countUpTo, emptyList, lastOf } from '../sim/append-list.ts';
import type { Instant } from '../sim/instant.ts';

/** Things in order of time: each stands from its instant on, until the next one. */
export type History<T extends { readonly at: Instant }> = AppendList<T>;

/** From so many on, the older ones are thinned. */
export const HISTORY_MAX = 24_000;

export const noHistory = emptyList;

const atOf = ({ at }: { readonly at: Instant }): number => at;

/** The history with one more at its end. Of two at the same instant the later one counts. */
export function remember<T extends { readonly at: Instant }>(
  history: History<T>,
  entry: T,
): History<T> {
  const replaces = lastOf(history)?.at === entry.at;
  const before = replaces ? { ...history, length: history.length - 1 } : history;
  const all = append(before, [entry]);
  return all.length > HISTORY_MAX ? thinned(all) : all;
}

/** Of the older half every second one, of the newer half all. */
function thinned<T>({ items, length }: AppendList<T>): AppendList<T> {
  const half = length >> 1;
  const kept = items.slice(0, length).filter((_, index) => index >= half || index % 2 === 0);
  return { items: kept, length: kept.length };
}

/** What stood at an instant: the last one at or before it; before the first one, the first. */
export function asOf<T extends { readonly at: Instant }>(
  history: History<T>,
  at: Instant,
): T | null {
  const count = countUpTo(history, at, atOf);
  return history.length === 0 ? null : (history.items[Math.max(0, count - 1)] as T);
}

/** When the next one after an instant begins; null behind the last. */
export function nextAfter<T extends { readonly at: Instant }>(
  history: History<T>,
  at: Instant,
): Instant | null {
  const count = countUpTo(history, at, atOf);
  return count < history.length ? (history.items[count] as T).at : null;
}
