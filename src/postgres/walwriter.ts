/**
 * The walwriter: flushes what asynchronous commits left behind. Follows WalWriterMain (walwriter.c), XLogBackgroundFlush
 * and XLogSetAsyncXactLSN (xlog.c): whole pages first, the last asynchronous commit's record in a cycle that finds
 * nothing more, hence up to three cycles until such a commit is durable. Simplified: cycles count from their starts, and
 * what is written ends at a whole record, so that a crash never leaves a torn one that a standby has.
 */
import type { Instant } from '../sim/instant.ts';
import { after, type Duration } from '../sim/instant.ts';
import { INVALID_LSN, type Lsn } from './lsn.ts';
import type { ReplicationSettings } from './replication-settings.ts';

const PAGE = 8_192;
/** Cycles without work after which it sleeps HIBERNATE_FACTOR times as long. */
const LOOPS_UNTIL_HIBERNATE = 50;
const HIBERNATE_FACTOR = 25;

export interface Walwriter {
  /** End of the latest asynchronous commit's record. */
  readonly asyncLsn: Lsn;
  readonly lastFlushAt: Instant | null;
  readonly loopsLeft: number;
  /** The next cycle; an event of another instant is stale. */
  readonly wakeAt: Instant;
}

/** How far the node's WAL has got. */
export interface WalPositions {
  /** End of the last record in the WAL buffers. */
  readonly insertLsn: Lsn;
  /** Handed to the operating system. */
  readonly writeLsn: Lsn;
  /** Durable. */
  readonly flushLsn: Lsn;
}

/** What a cycle asks for: to write up to here, and to flush as well or not. */
export interface BackgroundWrite {
  readonly upTo: Lsn;
  readonly flush: boolean;
}

export function startWalwriter(at: Instant): Walwriter {
  return {
    asyncLsn: INVALID_LSN,
    lastFlushAt: null,
    loopsLeft: LOOPS_UNTIL_HIBERNATE,
    wakeAt: at,
  };
}

/** The last page boundary before the end of the WAL buffers. */
export function wholePages(wal: WalPositions): Lsn {
  return (wal.insertLsn - (wal.insertLsn % PAGE)) as Lsn;
}

/** One cycle: what to write, and when to wake up next (`wakeAt`). `wholeLsn`: the last record's end within whole pages. */
export function runWalwriter(
  walwriter: Walwriter,
  wal: WalPositions,
  wholeLsn: Lsn,
  settings: ReplicationSettings,
  at: Instant,
): readonly [Walwriter, BackgroundWrite | null] {
  const upTo = wholeLsn > wal.flushLsn ? wholeLsn : walwriter.asyncLsn;
  if (upTo <= wal.flushLsn) {
    const loopsLeft = Math.max(0, walwriter.loopsLeft - 1);
    const cycle = loopsLeft > 0 ? 1 : HIBERNATE_FACTOR;
    const wakeAt = after(at, (settings.walWriterDelay * cycle) as Duration);
    return [{ ...walwriter, loopsLeft, wakeAt }, null];
  }
  const { lastFlushAt } = walwriter;
  const flush =
    settings.walWriterFlushAfter === 0 ||
    lastFlushAt === null ||
    at >= after(lastFlushAt, settings.walWriterDelay) ||
    pagesBetween(wal.flushLsn, upTo) >= Math.floor(settings.walWriterFlushAfter / PAGE);
  const next: Walwriter = {
    ...walwriter,
    lastFlushAt: flush ? at : lastFlushAt,
    loopsLeft: LOOPS_UNTIL_HIBERNATE,
    wakeAt: after(at, settings.walWriterDelay),
  };
  return [next, { upTo, flush }];
}

/** A commit did not wait for its flush. Wakes the walwriter (`wakeAt` is now) where it hibernates or much has gathered. */
export function asyncCommit(
  walwriter: Walwriter,
  lsn: Lsn,
  flushLsn: Lsn,
  settings: ReplicationSettings,
  at: Instant,
): Walwriter {
  if (lsn <= walwriter.asyncLsn) return walwriter;
  const { walWriterFlushAfter } = settings;
  const much =
    walWriterFlushAfter === 0 ||
    pagesBetween(flushLsn, lsn) >= Math.floor(walWriterFlushAfter / PAGE);
  const wakes = much || walwriter.loopsLeft <= 1;
  return { ...walwriter, asyncLsn: lsn, wakeAt: wakes ? at : walwriter.wakeAt };
}

function pagesBetween(from: Lsn, to: Lsn): number {
  return Math.floor(to / PAGE) - Math.floor(from / PAGE);
}
