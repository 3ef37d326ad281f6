import type { Lsn } from '../postgres/lsn.ts';
import type { BaseBackup } from './sql-engine.ts';

/** How many bases a cluster keeps beside the template: each holds a copy of the data directory. */
const KEPT = 3;

/** The bases from which servers are booted: the template, and copies taken of the primary as its WAL grew. */
export class Bases {
  readonly #template: BaseBackup;
  #taken: readonly BaseBackup[] = [];

  constructor(template: BaseBackup) {
    this.#template = template;
  }

  /** Where the newest base ends. */
  get end(): Lsn {
    return (this.#taken.at(-1) ?? this.#template).endLsn;
  }

  /** The newest base from which a server can be had as of this position: the least to replay. */
  before(position: Lsn): BaseBackup {
    return this.#taken.findLast(({ endLsn }) => endLsn <= position) ?? this.#template;
  }

  add(base: BaseBackup): void {
    this.#taken = [...this.#taken, base].slice(-KEPT);
  }

  /** A crash: bases of WAL that is gone go with it. */
  cut(keptUpTo: Lsn): void {
    this.#taken = this.#taken.filter(({ endLsn }) => endLsn <= keptUpTo);
  }
}
