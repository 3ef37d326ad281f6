import { Grading, type GradingHost } from './grading.ts';
import type { Keepsakes } from './keep/keepsakes.ts';
import { type LabProgress, NO_PROGRESS } from './lab-progress.ts';
import type { RunRecord } from './protocol.ts';
import { Store } from './store.ts';

export interface LabDeskHost extends GradingHost {
  readonly keepsakes: Keepsakes;
}

/** The desk at which a lab is worked on: has the work checked, counts attempts and hints, keeps what was said. */
export class LabDesk {
  readonly progress = new Store<LabProgress>(NO_PROGRESS);
  readonly hints = new Store(0);
  /** Why the device does not keep this, in words; null where it does. */
  readonly refusal = new Store<string | null>(null);
  readonly grading: Grading;
  readonly #lab: string;
  readonly #keepsakes: Keepsakes;

  /** `checks`: their ids, in the order of the lab. */
  constructor(lab: string, checks: readonly string[], host: LabDeskHost) {
    this.#lab = lab;
    this.#keepsakes = host.keepsakes;
    this.grading = new Grading(checks, host);
    this.grading.state.watch(({ phase, checked }) => {
      if (phase !== 'done' || !checked || checked === this.progress.get().checked) return;
      const { attempts } = this.progress.get();
      this.#change({ attempts: attempts + 1, checked });
    });
  }

  /** Finds what this device has kept of the lab. */
  async find(): Promise<void> {
    const [progress, hints] = await Promise.all([
      this.#keepsakes.read('lab', this.#lab),
      this.#keepsakes.read('hints', this.#lab),
    ]);
    if (progress) this.progress.set(progress.contents);
    if (hints) this.hints.set(hints.contents);
  }

  check(record: RunRecord, seeds: readonly number[]): void {
    this.grading.start(record, seeds);
  }

  openHint(): void {
    const opened = this.hints.get() + 1;
    this.hints.set(opened);
    void this.#tell(this.#keepsakes.keep('hints', this.#lab, opened));
  }

  showSolution(): void {
    this.#change({ solutionShown: true });
  }

  #change(fields: Partial<LabProgress>): void {
    this.progress.change(fields);
    void this.#tell(this.#keepsakes.keep('lab', this.#lab, this.progress.get()));
  }

  async #tell(kept: Promise<string | null>): Promise<void> {
    this.refusal.set(await kept);
  }
}
