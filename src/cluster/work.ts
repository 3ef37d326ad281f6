import { type Duration, us } from '../sim/instant.ts';

/** What a statement did on its server, by PostgreSQL's own counters (pgBufferUsage and pgWalUsage of instrument.c). */
export interface Work {
  /** Accesses to pages that were in shared buffers, each visit of a row by an index among them. */
  readonly blocksHit: number;
  /** Pages that had to be read from the data directory. */
  readonly blocksRead: number;
  readonly walBytes: number;
}

/** What work costs in virtual time: a model of the machine, the same for every statement of a run. */
export interface WorkCost {
  readonly blockHit: Duration;
  readonly blockRead: Duration;
  /** For 1024 bytes of WAL. */
  readonly walKilobyte: Duration;
}

export const NO_WORK: Work = { blocksHit: 0, blocksRead: 0, walBytes: 0 };

/** How long a statement took that did this. Without a model no work takes time. */
export const durationOf = (work: Work, cost: WorkCost | null): Duration =>
  cost === null
    ? us(0)
    : us(
        work.blocksHit * cost.blockHit +
          work.blocksRead * cost.blockRead +
          (work.walBytes / 1024) * cost.walKilobyte,
      );

export const workBetween = (before: Work, after: Work): Work => ({
  blocksHit: after.blocksHit - before.blocksHit,
  blocksRead: after.blocksRead - before.blocksRead,
  walBytes: after.walBytes - before.walBytes,
});
