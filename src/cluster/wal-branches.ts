import type { Lsn, TimelineId } from '../postgres/lsn.ts';
import { WalStore } from '../postgres/wal/wal-store.ts';
import { Bases } from './bases.ts';
import { PrimaryWal } from './primary-wal.ts';
import type { BaseBackup } from './sql-engine.ts';
import type { BranchMark } from './standing.ts';

/** The bytes of one branch of WAL (`postgres/branches.ts`), and what servers that read or write it are booted from. */
export interface WalBranch {
  readonly wal: PrimaryWal;
  readonly bases: Bases;
}

/** All WAL of a run. A branch has the same index here as in the replication machine. */
export class WalBranches {
  readonly #all: WalBranch[];

  constructor(template: BaseBackup) {
    const wal = new PrimaryWal(new WalStore(template.timeline, template.endLsn));
    this.#all = [{ wal, bases: new Bases([template]) }];
  }

  /** Throws RangeError where there is no such branch. */
  at(index: number): WalBranch {
    const branch = this.#all[index];
    if (!branch) throw new RangeError(`no branch ${index} of WAL`);
    return branch;
  }

  /** A promotion: a new branch begins where a standby had replayed to. */
  fork(parent: number, forkedAt: Lsn, timeline: TimelineId): WalBranch {
    const { wal, bases } = this.at(parent);
    const branch = { wal: wal.fork(forkedAt, timeline), bases: bases.fork(forkedAt) };
    this.#all.push(branch);
    return branch;
  }

  /** Where each of them stands. */
  marks(): readonly BranchMark[] {
    return this.#all.map(({ wal, bases }) => ({ wal: wal.mark(), bases: bases.count }));
  }

  hash(): string {
    return this.#all.map(({ wal }) => wal.hash()).join('-');
  }
}
