import { createStore, promisifyRequest } from 'idb-keyval';

/** Where a device keeps things, by key. Every method rejects where the browser refuses. */
export interface Shelf {
  get(key: string): Promise<unknown>;
  all(): Promise<readonly unknown[]>;
  /** All of it or nothing. */
  change(puts: ReadonlyMap<string, unknown>, removes: readonly string[]): Promise<void>;
  /** Puts a value where there is none yet; tells whether it did. */
  add(key: string, value: unknown): Promise<boolean>;
}

/** The browser's IndexedDB. The database is opened at the first use, and again after a refusal. */
export function browserShelf(name: string): Shelf {
  const store = createStore(name, 'kept');
  return {
    get: (key) => store('readonly', (kept) => promisifyRequest(kept.get(key))),
    all: () => store('readonly', (kept) => promisifyRequest(kept.getAll())),
    change: (puts, removes) =>
      store('readwrite', async (kept) => {
        for (const [key, value] of puts) kept.put(value, key);
        for (const key of removes) kept.delete(key);
        await promisifyRequest(kept.transaction);
      }),
    add: (key, value) =>
      store('readwrite', async (kept) => {
        // No other await before the put: it would end the transaction.
        const isFree = (await promisifyRequest(kept.getKey(key))) === undefined;
        if (isFree) kept.put(value, key);
        await promisifyRequest(kept.transaction);
        return isFree;
      }),
  };
}
