import { type Instant, START } from '../sim/instant.ts';
import type { LiveRun } from './live-run.ts';
import type { LookingBack } from './looking-back.ts';
import type { Snapshot } from './snapshot.ts';
import type { Store } from './store.ts';

/** Time of a run on the page: the present of its cluster, or a moment that is looked back at. */
export class Playing {
  readonly #snapshot: Store<Snapshot>;
  readonly #live: LiveRun;
  readonly #lookingBack: LookingBack;
  /** How fast time ran before someone looked back. */
  #speedBefore = 0;

  constructor(snapshot: Store<Snapshot>, live: LiveRun, lookingBack: LookingBack) {
    this.#snapshot = snapshot;
    this.#live = live;
    this.#lookingBack = lookingBack;
  }

  /** Lets time run. While looking back, the run is shown again from there; where it has come to the present, it goes on. */
  play(speed: number): void {
    const { lookingAt, phase } = this.#snapshot.get();
    const recorded = phase === 'recorded';
    if (lookingAt === null && !recorded) {
      this.#live.play(speed);
      return;
    }
    if (speed === 0) {
      this.#lookingBack.pause();
      return;
    }
    if (lookingAt === null) this.look(START);
    void this.#lookingBack.play(speed).then((arrived) => {
      if (!arrived) return;
      if (recorded) this.#snapshot.change({ speed: 0 });
      else this.#live.play(speed);
    });
  }

  /** To the next event, or to an instant; while looking back, in what is shown. */
  advance(until: Instant | 'next event'): void {
    if (this.#snapshot.get().lookingAt === null) this.#live.advance(until);
    else if (until === 'next event') this.#lookingBack.step();
    else this.look(until);
  }

  /** Shows an instant from what the page has recorded; null is the present. Time stands still meanwhile. */
  look(at: Instant | null): void {
    const { lookingAt, speed } = this.#snapshot.get();
    if (lookingAt !== null) this.#lookingBack.pause();
    this.#lookingBack.show(at);
    const { lookingAt: shown, phase } = this.#snapshot.get();
    if (phase === 'recorded') return;
    if (shown !== null && lookingAt === null) {
      this.#speedBefore = speed;
      this.#live.hold();
      this.#snapshot.change({ speed: 0 });
    } else if (shown === null && lookingAt !== null && this.#speedBefore > 0)
      this.#live.play(this.#speedBefore);
  }
}
