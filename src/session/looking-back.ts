import { after, type Instant, us } from '../sim/instant.ts';
import { momentAt } from './frames.ts';
import { nextAfter } from './history.ts';
import type { Snapshot } from './snapshot.ts';
import type { Store } from './store.ts';

/** The page's clock and timers, which pace what is shown again. */
export interface Pace {
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

const FRAME_MS = 33;

/** Shows earlier moments of a run from what the page has recorded of it. No server is touched. */
export class LookingBack {
  readonly #snapshot: Store<Snapshot>;
  readonly #pace: Pace;
  /** Names the play that is under way: another one, or a pause, ends it. */
  #play = 0;

  constructor(snapshot: Store<Snapshot>, pace: Pace) {
    this.#snapshot = snapshot;
    this.#pace = pace;
  }

  /** Shows an instant; one at or behind the present, or null, is the present. */
  show(at: Instant | null): void {
    const { frames, view, ...seen } = this.#snapshot.get();
    const past = at !== null && view !== null && at < view.now;
    const looked = past ? momentAt(frames, { ...seen, view }, at) : null;
    this.#snapshot.change({ lookingAt: looked?.view.now ?? null, looked });
  }

  /** To the next moment in which something changes. */
  step(): void {
    const { frames, lookingAt } = this.#snapshot.get();
    if (lookingAt !== null) this.show(nextAfter(frames, lookingAt));
  }

  /** Stands still where it is. */
  pause(): void {
    this.#play++;
    this.#snapshot.change({ speed: 0 });
  }

  /** Shows the run again from the moment that is looked at. Resolves to whether it came to the present undisturbed. */
  async play(speed: number): Promise<boolean> {
    const play = ++this.#play;
    this.#snapshot.change({ speed });
    let shownMs = this.#pace.nowMs();
    for (;;) {
      await this.#pace.sleep(FRAME_MS);
      const { lookingAt } = this.#snapshot.get();
      if (play !== this.#play || lookingAt === null) return false;
      const nowMs = this.#pace.nowMs();
      const step = us(Math.floor((nowMs - shownMs) * 1_000 * speed));
      if (step === 0) continue;
      shownMs = nowMs;
      this.show(after(lookingAt, step));
      if (this.#snapshot.get().lookingAt === null) return true;
    }
  }
}
