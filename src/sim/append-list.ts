/**
 * A list as a value that grows at its end: appending gives another list and leaves this one as it is. Values share
 * one array and look only at their own length of it, so that appending to the newest copies nothing; appending to
 * an older or shortened one copies once.
 */
export interface AppendList<T> {
  readonly items: readonly T[];
  readonly length: number;
}

export function emptyList<T>(): AppendList<T> {
  return { items: [], length: 0 };
}

export function append<T>(list: AppendList<T>, added: readonly T[]): AppendList<T> {
  const isNewest = list.items.length === list.length;
  const items = (isNewest ? list.items : list.items.slice(0, list.length)) as T[];
  for (const item of added) items.push(item);
  return { items, length: items.length };
}

export function lastOf<T>(list: AppendList<T>): T | null {
  return list.length === 0 ? null : (list.items[list.length - 1] as T);
}

/** How many items of a list in ascending order of `keyOf` lie at or before the key. */
export function countUpTo<T>(list: AppendList<T>, key: number, keyOf: (item: T) => number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyOf(list.items[middle] as T) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}
