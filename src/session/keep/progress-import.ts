import { earlierPlace, earlierRun } from './earlier-run.ts';
import { type Keepsake, keyOf, type Place, type Replaced } from './keepsake.ts';
import type { Keepsakes } from './keepsakes.ts';
import { type Change, changeOf, merged } from './progress-preview.ts';
import { type Tabs, takeOverAll } from './tabs.ts';

/** Takes the work of another device over, and gives it back. Nothing is replaced without its old state being kept. */
export class ProgressImport {
  readonly #keepsakes: Keepsakes;
  readonly #tabs: Tabs;

  constructor(keepsakes: Keepsakes, tabs: Tabs) {
    this.#keepsakes = keepsakes;
    this.#tabs = tabs;
  }

  /** What a file's things would change here, and what is there already. */
  async preview(items: readonly Keepsake[]): Promise<readonly Change[]> {
    const present = await this.#present();
    return items.map((incoming) => changeOf(incoming, present.get(keyOf(incoming)) ?? null));
  }

  /** Takes these things over. Returns why the browser refuses; then nothing has changed. */
  async take(items: readonly Keepsake[], file: string): Promise<string | null> {
    const release = await takeOverAll(this.#tabs, runsOf(items));
    const present = await this.#present();
    const before = items.flatMap((item) => present.get(keyOf(item)) ?? []);
    const asides = this.#asides(before, items);
    const took = [...items, ...asides].map(({ kind, of, savedAt }) => ({ kind, of, savedAt }));
    const replaced: Replaced = { file, before, took };
    const record = this.#keepsakes.wrap('replaced', '', replaced) as Keepsake;
    const puts = items.map((item) => merged(item, present.get(keyOf(item)) ?? null));
    const refusal = await this.#keepsakes.change(
      [...asides, ...puts, { ...record, of: record.savedAt }],
      [],
    );
    release();
    return refusal;
  }

  /** Imports that can be undone, the last one first. */
  async imports(): Promise<readonly Keepsake<'replaced'>[]> {
    return (await this.#keepsakes.list('replaced')).toReversed();
  }

  /** Undoes an import. A run that has gone on since is put aside first. */
  async undo(done: Keepsake<'replaced'>): Promise<string | null> {
    const { before, took } = done.contents;
    const release = await takeOverAll(this.#tabs, runsOf(took));
    const present = await this.#present();
    const goneOn = took.flatMap((taken) => {
      const now = present.get(keyOf(taken));
      return now && now.savedAt !== taken.savedAt ? [now] : [];
    });
    const asides = this.#asides(goneOn, before);
    const kept = new Set([...asides, ...before].map(keyOf));
    const gone = took.filter((taken) => !kept.has(keyOf(taken))).map(placeOf);
    const refusal = await this.#keepsakes.change([...asides, ...before], [...gone, placeOf(done)]);
    release();
    return refusal;
  }

  forget(done: Keepsake<'replaced'>): Promise<string | null> {
    return this.#keepsakes.forget('replaced', done.of);
  }

  /** Deletes all that is kept on this device. */
  async deleteEverything(): Promise<string | null> {
    const all = await this.#keepsakes.list();
    const release = await takeOverAll(this.#tabs, runsOf(all));
    const refusal = await this.#keepsakes.change([], all.map(placeOf));
    release();
    return refusal;
  }

  /** Of the current runs that something else takes the place of, copies among the earlier ones. */
  #asides(runs: readonly Keepsake[], others: readonly Keepsake[]): readonly Keepsake[] {
    return runs.flatMap((run) => {
      if (run.kind !== 'run') return [];
      const other = others.find((one) => keyOf(one) === keyOf(run));
      const contents = earlierRun(run.contents, 'import');
      if (contents.actions === 0 || other?.contents === run.contents) return [];
      return [
        this.#keepsakes.wrap('earlier', earlierPlace(run.of, run.contents), contents) as Keepsake,
      ];
    });
  }

  async #present(): Promise<ReadonlyMap<string, Keepsake>> {
    return new Map((await this.#keepsakes.list()).map((kept) => [keyOf(kept), kept]));
  }
}

const runsOf = (places: readonly Place[]): readonly string[] =>
  places.filter(({ kind }) => kind === 'run').map(({ of }) => of);

const placeOf = ({ kind, of }: Place): Place => ({ kind, of });
