import type { Lsn } from '../postgres/lsn.ts';
import type { BaseBackup } from './sql-engine.ts';

/** How many bases a cluster keeps beside the template: each holds a copy of the data directory. */
const KEPT = 3;

/** The bases from which servers are booted: the template, and copies taken of the primary as its WAL grew. */
export class Bases {
  readonly #template: BaseBackup;
  #taken: readonly { readonly base: BaseBackup; readonly number: number }[] = [];
  #count = 0;

  constructor(template: BaseBackup) {
    this.#template = template;
  }

  /** Where the newest base ends. */
  get end(): Lsn {
    return (this.#taken.at(-1)?.base ?? this.#template).endLsn;
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
    return newest?.base ?? this.#template;
  }

  add(base: BaseBackup): void {
    this.#taken = [...this.#taken, { base, number: this.#count++ }].slice(-KEPT);
  }

  /** A crash: bases of WAL that is gone go with it. */
  cut(keptUpTo: Lsn): void {
    this.#taken = this.#taken.filter(({ base }) => base.endLsn <= keptUpTo);
  }
}
