import type { Lsn } from '../postgres/lsn.ts';
import type { BaseBackup } from './sql-engine.ts';

/** How many bases a branch of WAL keeps beside those that it needs: each holds a copy of the data directory. */
const KEPT = 3;

/** The bases from which servers of one branch of WAL are booted: the one it begins with, and copies taken as its WAL grew. */
export class Bases {
  /** Never given up, in order of their positions: there is one for every position of the branch. */
  #origins: readonly BaseBackup[];
  #taken: readonly { readonly base: BaseBackup; readonly number: number }[] = [];
  #count = 0;

  constructor(origins: readonly BaseBackup[]) {
    this.#origins = origins;
  }

  /** How many have been taken so far, those that are gone among them. */
  get count(): number {
    return this.#count;
  }

  /**
   * The newest base from which a server can be had as of this position: the least to replay. For an earlier moment, only of
   * the first `count` that were taken: a later one may stand on WAL that was written after a crash.
   */
  before(position: Lsn, count: number = this.#count): BaseBackup {
    const newest = this.#taken.findLast(
      ({ base, number }) => number < count && base.endLsn <= position,
    );
    return (
      newest?.base ??
      this.#origins.findLast(({ endLsn }) => endLsn <= position) ??
      (this.#origins[0] as BaseBackup)
    );
  }

  add(base: BaseBackup): void {
    this.#taken = [...this.#taken, { base, number: this.#count++ }].slice(-KEPT);
  }

  /** The first base on a new timeline. */
  addOrigin(base: BaseBackup): void {
    this.#origins = [...this.#origins, base];
  }

  /** Those of a branch that is forked off here. */
  fork(forkedAt: Lsn): Bases {
    const before = this.#origins.filter(({ endLsn }) => endLsn <= forkedAt);
    const newest = this.before(forkedAt);
    return new Bases(before.includes(newest) ? before : [...before, newest]);
  }

  /** A crash: bases of WAL that is gone go with it. */
  cut(keptUpTo: Lsn): void {
    this.#taken = this.#taken.filter(({ base }) => base.endLsn <= keptUpTo);
  }
}
