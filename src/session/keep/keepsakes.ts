import {
  type Contents,
  KEEPSAKE_VERSION,
  type Keepsake,
  type Kind,
  keyOf,
  type Place,
} from './keepsake.ts';
import type { Shelf } from './shelf.ts';

/** What is kept on this device. A refusal of the browser is an answer in words, never an exception. */
export class Keepsakes {
  readonly #shelf: Shelf;
  readonly #now: () => string;
  readonly #settle: (shelf: Shelf) => Promise<void>;
  #settled: Promise<void> | null = null;
  /** Places that could not be read. Something may stand there: it is not written over. */
  readonly #unread = new Set<string>();

  /** `now` in ISO 8601. `settle` runs once, before anything is read or written: it brings in what older editions kept. */
  constructor(
    shelf: Shelf,
    now: () => string,
    settle: (shelf: Shelf) => Promise<void> = async () => {},
  ) {
    this.#shelf = shelf;
    this.#now = now;
    this.#settle = settle;
  }

  /** What is kept in a place; null where nothing is, or nothing can be read. */
  async read<K extends Kind>(kind: K, of: string): Promise<Keepsake<K> | null> {
    await this.#ready();
    const key = keyOf({ kind, of });
    // A browser that is busy closing the page before refuses once and then does not.
    const asked = () => this.#shelf.get(key);
    try {
      const kept = await asked().catch(asked);
      this.#unread.delete(key);
      return isKeepsake(kept) ? (kept as Keepsake<K>) : null;
    } catch {
      this.#unread.add(key);
      return null;
    }
  }

  /** Everything of the kinds asked for, in the order in which it was kept. */
  async list<K extends Kind>(...kinds: readonly K[]): Promise<readonly Keepsake<K>[]> {
    await this.#ready();
    try {
      const all = (await this.#shelf.all()).filter(isKeepsake);
      const asked = all.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind as K));
      return (asked as Keepsake<K>[]).sort((a, b) => (a.savedAt < b.savedAt ? -1 : 1));
    } catch {
      return [];
    }
  }

  /** An envelope for something that is to be kept now. */
  wrap<K extends Kind>(kind: K, of: string, contents: Contents[K]): Keepsake<K> {
    const envelope = { version: KEEPSAKE_VERSION, kind, of, savedAt: this.#now(), contents };
    return envelope as unknown as Keepsake<K>;
  }

  /** Returns null, or why the browser refuses. */
  keep<K extends Kind>(kind: K, of: string, contents: Contents[K]): Promise<string | null> {
    return this.change([this.wrap(kind, of, contents) as Keepsake], []);
  }

  forget(kind: Kind, of: string): Promise<string | null> {
    return this.change([], [{ kind, of }]);
  }

  /** Several changes at once: all of them, or none and the reason. */
  async change(keep: readonly Keepsake[], forget: readonly Place[]): Promise<string | null> {
    await this.#ready();
    const puts = new Map(keep.map((kept) => [keyOf(kept), kept]));
    try {
      for (const key of puts.keys()) if (await this.#hides(key)) return UNREAD;
      await this.#shelf.change(puts, forget.map(keyOf));
      return null;
    } catch (error) {
      return refusalOf(error);
    }
  }

  /** Whether something stands in a place that could not be read when it was wanted. */
  async #hides(key: string): Promise<boolean> {
    return this.#unread.has(key) && (await this.#shelf.get(key)) !== undefined;
  }

  #ready(): Promise<void> {
    this.#settled ??= this.#settle(this.#shelf).catch(() => {});
    return this.#settled;
  }
}

/** Why nothing is written where something may stand unread, as the end of a sentence. */
const UNREAD =
  'this browser did not let this page read what it keeps here, and nothing is written over it: load the page again';

/** Only this course writes to its shelf, and an import is checked before it gets there: the version says enough. */
function isKeepsake(value: unknown): value is Keepsake {
  return (value as Partial<Keepsake> | undefined)?.version === KEEPSAKE_VERSION;
}

/** Why the browser does not store, as the end of a sentence. */
function refusalOf(error: unknown): string {
  const full = error instanceof DOMException && error.name === 'QuotaExceededError';
  return full
    ? 'this browser’s storage for the site is full'
    : 'this browser forbids the site to store anything';
}
