import type { RunRecord } from '../protocol.ts';
import { runFileText } from '../run-file.ts';
import { earlierPlace, earlierRun } from './earlier-run.ts';
import { type Keepsake, keyOf, type Place, type PutAside } from './keepsake.ts';
import type { Keepsakes } from './keepsakes.ts';

/** The runs of one figure or lab on this device: the current one, and those that were put aside. */
export class SavedRuns {
  readonly #keepsakes: Keepsakes;
  readonly #figure: string;
  /** Put aside, and not yet taken by the browser: nothing is written over them before. */
  readonly #owed = new Map<string, Keepsake<'earlier'>>();
  /** Brought back: they leave the earlier ones in the moment in which they stand as the current one. */
  readonly #back = new Map<string, Place>();

  constructor(keepsakes: Keepsakes, figure: string) {
    this.#keepsakes = keepsakes;
    this.#figure = figure;
  }

  /** Whether the next write moves runs between the current place and the earlier ones. */
  get inMotion(): boolean {
    return this.#owed.size + this.#back.size > 0;
  }

  /** The text of the current run. */
  async read(): Promise<string | null> {
    return (await this.#keepsakes.read('run', this.#figure))?.contents ?? null;
  }

  /** Makes a run the current one. Returns null, or why the browser refuses. */
  write(record: RunRecord): Promise<string | null> {
    const text = runFileText(record, null);
    return this.#change(
      [this.#keepsakes.wrap('run', this.#figure, text)],
      [...this.#back.values()],
    );
  }

  /** Puts a run among the earlier ones. It stays current, too, until another one is written. */
  putAside(text: string, why: PutAside): Promise<string | null> {
    this.#owe(text, why);
    return this.#change([], []);
  }

  /** Puts the current run aside, so that the figure opens with none. */
  async retire(text: string, why: PutAside): Promise<string | null> {
    this.#owe(text, why);
    return this.#change([], [{ kind: 'run', of: this.#figure }]);
  }

  /** The earlier runs, the oldest first. */
  async earlier(): Promise<readonly Keepsake<'earlier'>[]> {
    const all = await this.#keepsakes.list('earlier');
    return all.filter(({ of }) => of.startsWith(`${this.#figure}/`));
  }

  /** Notes that an earlier run is about to become the current one. */
  bringBack(text: string): void {
    const place: Place = { kind: 'earlier', of: earlierPlace(this.#figure, text) };
    this.#back.set(keyOf(place), place);
  }

  deleteEarlier(of: string): Promise<string | null> {
    return this.#change([], [{ kind: 'earlier', of }]);
  }

  #owe(text: string, why: PutAside): void {
    const of = earlierPlace(this.#figure, text);
    const kept = this.#keepsakes.wrap('earlier', of, earlierRun(text, why));
    this.#owed.set(keyOf(kept), kept);
    this.#back.delete(keyOf(kept));
  }

  async #change(keep: readonly Keepsake[], forget: readonly Place[]): Promise<string | null> {
    const owed = [...this.#owed.values()];
    const refusal = await this.#keepsakes.change([...owed, ...keep], forget);
    if (refusal !== null) return refusal;
    for (const kept of owed) this.#owed.delete(keyOf(kept));
    for (const place of forget) this.#back.delete(keyOf(place));
    return null;
  }
}
