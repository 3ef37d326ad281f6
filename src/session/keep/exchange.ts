import type { Instant } from '../../sim/instant.ts';
import type { RunRecord } from '../protocol.ts';
import type { RunAtMoment, Snapshot } from '../snapshot.ts';
import type { Store } from '../store.ts';
import { whyUnfit } from './earlier-run.ts';
import type { PutAside } from './keepsake.ts';
import type { RunKeeper } from './run-keeper.ts';

/** The open run, as far as it can be exchanged for another one. */
export interface Stage {
  readonly snapshot: Store<Snapshot>;
  start(): Promise<void>;
  /** Saves the run and ends it; the page shows the figure as it was found. */
  sleep(): Promise<void>;
  open(record: RunRecord, until: Instant): Promise<void>;
  /** Puts the open run aside, and opens another one in its place. */
  replaceBy(run: RunAtMoment, speed: number, why: PutAside): Promise<void>;
  /** Reads the text of a run. @throws with words for a person. */
  parseRunFile(text: string): Promise<RunAtMoment>;
}

/** How a reader exchanges the open run: for an earlier one, one from a file, a shared one, or another tab's. */
export class Exchange {
  readonly #stage: Stage;
  readonly #keeper: RunKeeper;

  constructor(stage: Stage, keeper: RunKeeper) {
    this.#stage = stage;
    this.#keeper = keeper;
  }

  /** For the run that was put aside last. */
  async bringBack(): Promise<void> {
    const { putAside } = this.#stage.snapshot.get();
    if (!putAside) return;
    this.#keeper.exchange(putAside);
    await this.#stage.replaceBy(atItsEnd(putAside), 0, 'exchange');
  }

  /** For an earlier one of this device. */
  async openEarlier(of: string): Promise<void> {
    const record = await this.#keeper.bringBack(of);
    if (record) await this.#stage.replaceBy(atItsEnd(record), 0, 'exchange');
  }

  /** The text of an earlier run, whether or not it can be replayed. */
  earlierText(of: string): Promise<string | null> {
    return this.#keeper.earlierText(of);
  }

  deleteEarlier(of: string): Promise<void> {
    return this.#keeper.deleteEarlier(of);
  }

  /** Reads a run from the text of a file; the reader says whether it is to be opened (`snapshot.incoming`). */
  async read(text: string, file: string): Promise<void> {
    const { snapshot, parseRunFile } = this.#stage;
    const { spec } = snapshot.get();
    try {
      const { record, at } = await parseRunFile(text);
      const unfit = spec && whyUnfit(text, spec);
      if (unfit === null) snapshot.change({ incoming: { record, at }, notice: null });
      else this.refuse(`The run in ${file} cannot be opened here: ${unfit}.`);
    } catch (error) {
      this.refuse(`${file}: ${(error as Error).message}`);
    }
  }

  /** Tells why something that was brought here is not opened. */
  refuse(why: string): void {
    this.#stage.snapshot.change({ notice: why });
  }

  /** The answer to the question of `snapshot.incoming`. */
  async answer(open: boolean): Promise<void> {
    const { incoming } = this.#stage.snapshot.get();
    this.#stage.snapshot.change({ incoming: null });
    if (open && incoming) await this.#stage.replaceBy(incoming, 0, 'import');
  }

  /** A run that came with the page's address: it is what starts, and the reader's own is left as it is. */
  async offerShared(shared: RunAtMoment): Promise<void> {
    if (this.#stage.snapshot.get().phase !== 'asleep') await this.#stage.sleep();
    this.#stage.snapshot.change({ shared });
  }

  /** From the shared run back to the reader's own. */
  async leaveShared(): Promise<void> {
    await this.#stage.sleep();
    this.#stage.snapshot.change({ shared: null });
    await this.#stage.start();
  }

  /** The shared run becomes the reader's own; the one that she had is put aside. */
  keepShared(): Promise<void> {
    return this.#keeper.adopt();
  }

  /** Takes the run over from the tab that saves it now. */
  async takeOver(): Promise<void> {
    const theirs = await this.#keeper.takeOver();
    if (theirs) await this.#stage.open(theirs, theirs.until);
  }
}

const atItsEnd = (record: RunRecord): RunAtMoment => ({ record, at: record.until });
