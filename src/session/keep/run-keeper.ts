import type { RunRecord } from '../protocol.ts';
import { glanceAt, runFileText } from '../run-file.ts';
import { goesOnFrom } from '../run-record.ts';
import type { RunSpec } from '../run-spec.ts';
import type { RunAtMoment, Snapshot } from '../snapshot.ts';
import type { Store } from '../store.ts';
import { whyUnfit } from './earlier-run.ts';
import type { PutAside } from './keepsake.ts';
import type { Keepsakes } from './keepsakes.ts';
import { SavedRuns } from './saved-runs.ts';
import type { Claim, Tabs } from './tabs.ts';

/** What keeping a run needs of the page; tests bring their own. */
export interface KeeperHost {
  readonly keepsakes: Keepsakes;
  readonly tabs: Tabs;
  /** Asks the browser not to clear the site's storage by itself. */
  askToKeep(): void;
  /** Reads the text of a saved or imported run. @throws with words for a person. */
  parseRunFile(text: string): Promise<RunAtMoment>;
}

/** With so many actions a run is worth a question of the browser's. */
const WORTH_ASKING = 5;

/**
 * Keeps one session's run on the device: which tab may save it, what was there before, what is put aside. Tells what it
 * finds in the session's snapshot.
 */
export class RunKeeper {
  readonly #figure: string;
  readonly #host: KeeperHost;
  readonly #snapshot: Store<Snapshot>;
  readonly #runs: SavedRuns;
  #claim: Claim | null = null;

  constructor(figure: string, host: KeeperHost, snapshot: Store<Snapshot>) {
    this.#figure = figure;
    this.#host = host;
    this.#snapshot = snapshot;
    this.#runs = new SavedRuns(host.keepsakes, figure);
  }

  /** Looks for the run of last time. One that cannot be replayed here goes to the earlier ones. */
  async find(spec: RunSpec): Promise<void> {
    const text = await this.#runs.read();
    const unfit = text === null ? null : whyUnfit(text, spec);
    if (text !== null && unfit !== null) await this.#retire(text, unfit);
    else if (text !== null) {
      const saved = glanceAt(text, spec);
      if (saved.actions > 0) this.#snapshot.change({ saved });
    }
    await this.#list();
  }

  /** Makes this tab the one that saves the figure's run, unless another one is. Asked again, it changes nothing. */
  async claim(): Promise<void> {
    if (this.#claim || this.#snapshot.get().elsewhere) return;
    this.#claim = await this.#host.tabs.claim(this.#figure, (late) => this.#yield(late));
    if (!this.#claim) this.#snapshot.change({ elsewhere: true });
  }

  /** The run of last time; null, and told, where there is none that can be used. */
  async saved(): Promise<RunRecord | null> {
    const text = await this.#runs.read();
    if (text === null) return null;
    try {
      return (await this.#host.parseRunFile(text)).record;
    } catch (error) {
      await this.#retire(text, (error as Error).message);
      await this.#list();
      return null;
    }
  }

  async save(): Promise<void> {
    const { record, shared } = this.#snapshot.get();
    if (!record || shared || !this.#claim) return;
    const before = this.#runs.inMotion;
    this.#tell(await this.#runs.write(record));
    if (before) await this.#list();
    if (record.actions.length >= WORTH_ASKING) this.#host.askToKeep();
  }

  async putAside(record: RunRecord, why: PutAside): Promise<void> {
    if (record.actions.length === 0) return;
    this.#snapshot.change({ putAside: record });
    this.#tell(await this.#runs.putAside(runFileText(record, null), why));
    await this.#list();
  }

  /** The run that is open becomes the reader's own; the one that she had goes to the earlier ones. */
  async adopt(): Promise<void> {
    await this.claim();
    const own = this.#claim ? await this.saved() : null;
    if (own) await this.putAside(own, 'shared run');
    this.#snapshot.change({ shared: null, saved: null });
    await this.save();
  }

  /**
   * Takes the run over from another tab, which saves it first. Resolves to the run to go on with here; null where that is
   * the one that is open, and then the other tab's is put aside.
   */
  async takeOver(): Promise<RunRecord | null> {
    this.#claim = await this.#host.tabs.takeOver(this.#figure, (late) => this.#yield(late));
    this.#snapshot.change({ elsewhere: false, notice: null });
    const theirs = await this.saved();
    const { record: mine } = this.#snapshot.get();
    const untouched = !mine || mine.actions.length === 0;
    if (theirs && (untouched || goesOnFrom(theirs, mine))) return theirs;
    if (theirs && !untouched && !goesOnFrom(mine, theirs)) await this.putAside(theirs, 'other tab');
    await this.save();
    return null;
  }

  /** An earlier run, to become the current one with the next save; null, and told, where it cannot be replayed. */
  async bringBack(of: string): Promise<RunRecord | null> {
    const found = (await this.#runs.earlier()).find((one) => one.of === of);
    if (!found) return null;
    try {
      const { record } = await this.#host.parseRunFile(found.contents.text);
      this.#runs.bringBack(found.contents.text);
      return record;
    } catch (error) {
      this.#snapshot.change({ notice: (error as Error).message });
      return null;
    }
  }

  /** The same for the run that was put aside last. */
  exchange(record: RunRecord): void {
    this.#runs.bringBack(runFileText(record, null));
  }

  /** The text of an earlier run, whether or not it can be replayed. */
  async earlierText(of: string): Promise<string | null> {
    return (await this.#runs.earlier()).find((one) => one.of === of)?.contents.text ?? null;
  }

  async deleteEarlier(of: string): Promise<void> {
    this.#tell(await this.#runs.deleteEarlier(of));
    await this.#list();
  }

  async #retire(text: string, unfit: string): Promise<void> {
    this.#tell(await this.#runs.retire(text, 'unfit'));
    const notice = `Your run of last time cannot be replayed here: ${withoutFullStop(unfit)}. It is kept under “Earlier work”, and can be exported from there.`;
    this.#snapshot.change({ saved: null, notice });
  }

  async #yield(late: boolean): Promise<void> {
    if (!late) await this.save();
    this.#claim = null;
    this.#snapshot.change({ elsewhere: true });
  }

  async #list(): Promise<void> {
    const { spec } = this.#snapshot.get();
    const earlier = (await this.#runs.earlier()).map(({ of, savedAt, contents }) => {
      const { why, actions, until, text } = contents;
      return { of, savedAt, why, actions, until, unfit: spec && whyUnfit(text, spec) };
    });
    this.#snapshot.change({ earlier });
  }

  #tell(refusal: string | null): void {
    this.#snapshot.change({ unsaved: refusal });
  }
}

const withoutFullStop = (words: string): string => words.replace(/\.$/, '');
