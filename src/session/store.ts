/** A value that can be watched. Knows nothing of any user-interface library. */
export class Store<T> {
  #value: T;
  readonly #watchers = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get(): T {
    return this.#value;
  }

  set(value: T): void {
    if (value === this.#value) return;
    this.#value = value;
    for (const watcher of this.#watchers) watcher(value);
  }

  /** Merges the given fields into the value. */
  change(fields: Partial<T>): void {
    this.set({ ...this.#value, ...fields });
  }

  /** Resolves with the first value of which something holds, perhaps the present one. */
  until(holds: (value: T) => boolean): Promise<T> {
    return new Promise((resolve) => {
      if (holds(this.#value)) return resolve(this.#value);
      const stop = this.watch((value) => {
        if (!holds(value)) return;
        stop();
        resolve(value);
      });
    });
  }

  /** Returns a function that ends the watch. */
  watch(watcher: (value: T) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}
