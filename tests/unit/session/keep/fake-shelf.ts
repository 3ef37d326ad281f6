import { Keepsakes } from '../../../../src/session/keep/keepsakes.ts';
import type { Shelf } from '../../../../src/session/keep/shelf.ts';

/** A browser's IndexedDB, in memory; what goes in and out is cloned, as there. */
export class FakeShelf implements Shelf {
  readonly items = new Map<string, unknown>();
  /** Set, every change is refused with it. */
  refusal: DOMException | null = null;

  /** So many reads are refused before one is not. */
  blindFor = 0;

  get = async (key: string) => {
    if (this.blindFor-- > 0) throw new DOMException('closing', 'UnknownError');
    return structuredClone(this.items.get(key));
  };

  all = async () => [...this.items.values()].map((value) => structuredClone(value));

  change = async (puts: ReadonlyMap<string, unknown>, removes: readonly string[]) => {
    if (this.refusal) throw this.refusal;
    for (const [key, value] of puts) this.items.set(key, structuredClone(value));
    for (const key of removes) this.items.delete(key);
  };

  add = async (key: string, value: unknown) => {
    if (this.items.has(key)) return false;
    await this.change(new Map([[key, value]]), []);
    return true;
  };
}

export const FULL = new DOMException('full', 'QuotaExceededError');

/** A clock that tells another second each time. */
export function seconds(): () => string {
  let now = Date.UTC(2026, 0, 1);
  return () => {
    now += 1_000;
    return new Date(now).toISOString();
  };
}

export const keepsakesOn = (shelf: Shelf): Keepsakes => new Keepsakes(shelf, seconds());
