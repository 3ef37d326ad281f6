import {
  type Client,
  type ClientWorld,
  drawLength,
  type Turn,
} from '../../cluster/workload/client.ts';
import { type Duration, type Instant, ms } from '../../sim/instant.ts';
import type { Prng } from '../../sim/prng.ts';
import type { GuestApp } from './guest-app.ts';

const EVERY: readonly [Duration, Duration] = [ms(40), ms(60)];

/** The part of the app that asks one standby again and again how far it has replayed. */
export class PositionAsker implements Client {
  readonly name: string;
  readonly population = null;
  readonly #standby: string;
  readonly #app: GuestApp;
  readonly #random: Prng;

  constructor(standby: string, app: GuestApp, random: Prng) {
    this.name = `app asks ${standby}`;
    this.#standby = standby;
    this.#app = app;
    this.#random = random;
  }

  first(): Duration {
    return 0 as Duration;
  }

  goOn(): Duration {
    return drawLength(this.#random, EVERY);
  }

  turn(at: Instant, world: ClientWorld): Turn {
    this.#app.ask(this.#standby, at, world);
    return { kind: 'pause', length: this.goOn() };
  }

  /** It sends nothing that is answered: its questions are modelled, and answered at once. */
  hear(): Duration {
    return this.goOn();
  }
}
