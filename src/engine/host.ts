import type { BackendWait, WaitDecision } from '../cluster/sql-engine.ts';
import { EPOCH_MS } from '../postgres/epoch.ts';
import { type Duration, type Instant, ms } from '../sim/instant.ts';

/** Answers of WaitLatch (waiteventset.h). */
const WL_LATCH_SET = 1;
const WL_TIMEOUT = 8;

/** Classes of wait events, their uppermost byte (wait_classes.h). */
const WaitClass = { lock: 0x03, timeout: 0x09 } as const;

/** Other waits are for what has happened already, so PostgreSQL need only look again; but not for ever. */
const MOST_GLANCES = 100;

/** A sleep that would take longer than this year is given up, so that pg_sleep('infinity') ends. */
const LONGEST_SLEEP_MS = 365 * 24 * 3600 * 1000;

/** What a server tells about its wait, and how its statement is cancelled. */
export interface Backend {
  describeLockWait(lockType: number): BackendWait;
  cancelQuery(): void;
  /** A wait for something other than a lock or time; what is waited for may be made to have happened. */
  glance(): void;
}

/** All that one PostgreSQL gets from outside: its time, its random bytes, and somebody who lets it wait. */
export class Host {
  /** Microseconds since the run began. Never goes back. */
  #now = 0;
  #sleptMs = 0;
  #glances = 0;
  #random: number;
  #firstWait: BackendWait | null = null;
  #onWait: (wait: BackendWait) => WaitDecision = giveUpLocks;

  constructor(seed: number, at: Instant) {
    this.#random = seed >>> 0;
    this.setClock(at);
  }

  setClock(at: Instant): void {
    this.#now = at;
  }

  /** Milliseconds since 1970, as exact as a double is; half a microsecond more, since PostgreSQL cuts fractions off. */
  readonly dateNow = (): number => EPOCH_MS + (this.#now + 0.5) / 1000;

  /** Milliseconds on a clock that starts at some time. */
  readonly monotonicNow = (): number => this.#now / 1000;

  /** A byte of a seeded stream (mulberry32). */
  readonly randomByte = (): number => {
    this.#random = (this.#random + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#random ^ (this.#random >>> 15), 1 | this.#random);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) & 0xff;
  };

  /** Starts a statement; what waits it met is told by `endStatement`. */
  beginStatement(onWait: (wait: BackendWait) => WaitDecision = giveUpLocks): void {
    this.#firstWait = null;
    this.#sleptMs = 0;
    this.#glances = 0;
    this.#onWait = onWait;
  }

  endStatement(): { readonly wait: BackendWait | null; readonly slept: Duration } {
    this.#onWait = giveUpLocks;
    return { wait: this.#firstWait, slept: ms(this.#sleptMs) };
  }

  /** PostgreSQL's WaitLatch (latch.c), which the patched binary calls here. */
  waitLatch(backend: Backend, timeoutMs: number, event: number): number {
    const waitClass = event >>> 24;
    if (waitClass === WaitClass.lock) {
      // Nobody can release the lock while this statement runs, so no decision lets it go on.
      this.#decide(backend.describeLockWait(event & 0xff));
    } else if (waitClass === WaitClass.timeout) {
      const decision = this.#decide({ kind: 'sleep', length: ms(timeoutMs) });
      if (decision === 'elapse' && this.#sleptMs < LONGEST_SLEEP_MS) {
        this.#now += timeoutMs * 1000;
        this.#sleptMs += timeoutMs;
        return WL_TIMEOUT;
      }
    } else if (this.#glances++ < MOST_GLANCES) {
      backend.glance();
      return WL_LATCH_SET;
    }
    backend.cancelQuery();
    return WL_LATCH_SET;
  }

  #decide(wait: BackendWait): WaitDecision {
    this.#firstWait ??= wait;
    return this.#onWait(wait);
  }
}

const giveUpLocks = (wait: BackendWait): WaitDecision =>
  wait.kind === 'sleep' ? 'elapse' : 'cancel';
